from pantry.amounts import scale
from pantry.recipes import Recipe
from pantry.stock import Stock

__all__ = ["Recipe", "Stock", "scale"]
