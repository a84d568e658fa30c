"""A codebase becomes a Dataset of Examples.

::

    functions  folders → source files with their functions, test files with their tests
    baseline   what importing and the existing suite cover, which tests can be trusted
    links      which tests test which function (mentions: what a test names)
    placing    in which test file a new test belongs
    change     what a range of revisions did to which lines, for tasks made from it
    examples   all of it, in order
    dataset    examples by split, the report, the folder on disk
"""

from covet.mine.dataset import Dataset, Report, read, write
from covet.mine.examples import mine
from covet.mine.functions import locate

__all__ = ["Dataset", "Report", "locate", "mine", "read", "write"]
