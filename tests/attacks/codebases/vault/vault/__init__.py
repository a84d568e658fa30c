"""A vault and what it costs to keep money in it."""
