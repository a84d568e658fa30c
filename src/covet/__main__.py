"""``python -m covet`` is the command ``covet``."""

from covet.cli import main

if __name__ == "__main__":
    main()
