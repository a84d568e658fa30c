"""A kiosk: orders and a till."""
