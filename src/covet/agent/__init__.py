"""What changed in a codebase becomes tests for it: a Proposal.

::

    targets    a change, functions, files or all gaps → Examples
    asking     Examples and policies → Candidates, kept as they come, within a budget
    judging    Candidates → Executions and Rewards; failing tests taken out; each test alone
    choosing   tests → as few, and as short, as show the same
    doubts     tests that fail, and look right → PossibleBugs
    placing    tests → their files, in the manner of the codebase (house: its formatter and linter)
    checking   all tests of a copy of the codebase, with the new ones among them
    propose    all of it, in order
    applying   a Proposal → the working tree, or a diff
    telling    a Proposal → text, Markdown, JUnit
    forge      a Proposal → a pull request on GitHub
    verdicts   what people did with a Proposal → tasks to learn from
"""

from covet.agent.propose import propose

__all__ = ["propose"]
