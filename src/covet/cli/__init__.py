"""The command line: one function per verb, each a composition of stages.

This module declares verbs, options and exit codes and imports nothing heavy, so that
``covet --help`` answers at once; the bodies live beside it, one file per verb.
"""

from covet.cli.verbs import main

__all__ = ["main"]
