"""Generated: small functions to try Covet on."""
