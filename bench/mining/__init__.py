"""How good the links between tests and functions are, on published packages."""
