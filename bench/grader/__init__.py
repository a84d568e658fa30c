"""What grading costs, against the ways in which it is done without Covet; see ``__main__``."""
