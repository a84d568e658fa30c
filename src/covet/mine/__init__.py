"""A codebase becomes a Dataset of Examples.

::

    functions  folders → source files with their functions, test files with their tests
    baseline   what importing and each existing test run, which tests can be trusted (collected:
               where their code stands; cache: what need not be run again)
    links      which tests test which function (static: by a language server, over lsp, and
               referred: asked about what changed; mentions: what a test names)
    change     what a range of revisions did to which lines, for tasks made from it
    placing    in which test file a new test belongs
    removal    which tests are taken away to make a task
    splits     training and held-out files (near: functions that are nearly the same)
    similar    tests of other functions that a new one may be like
    examples   all of it, in order
    verify     some tasks are really run
    leaks      nothing held out can be seen from the training side
    dataset    examples by split, the report, the folder on disk (references: apart)
"""

from covet.mine.dataset import Dataset, Report, read, write
from covet.mine.examples import Mined, mine
from covet.mine.functions import locate

__all__ = ["Dataset", "Mined", "Report", "locate", "mine", "read", "write"]
