"""A tiny shop."""

from shop.prices import total
