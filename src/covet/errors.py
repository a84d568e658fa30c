"""The tree of errors: one type per boundary, raised there, from its cause.

A test that fails, hangs or cheats is data (see :data:`covet.records.Status`), never one of
these. A message names the thing, says what was found there and what to do about it.

::

    CovetError                    exit code of the command line
    ├── UsageError        2       what was asked for makes no sense
    │   └── ConfigError   2       covet.toml or an override
    ├── FoundWanting      1       the work was done and the answer is no
    ├── EnvironmentNotReady 3     the machine lacks what the work needs
    │   └── IsolationUnavailable 3   the kernel refuses the sandbox
    ├── CodebaseError     2       a codebase cannot be read, imported or tested
    ├── DataError         2       a dataset, candidate file or run directory is malformed
    ├── SandboxError      3       a worker died, or spoke nonsense, through no fault of a candidate
    └── ModelError        2       a model folder cannot be loaded or its answer not be used
"""

from typing import ClassVar


class CovetError(Exception):
    """Anything that Covet itself reports; ``exit_code`` is what the command line ends with."""

    exit_code: ClassVar[int] = 3


class UsageError(CovetError):
    """The command was given arguments that do not fit together."""

    exit_code: ClassVar[int] = 2


class ConfigError(UsageError):
    """A setting is unknown, of the wrong type or out of range."""


class FoundWanting(CovetError):
    """The work was done; what was looked at is not good enough."""

    exit_code: ClassVar[int] = 1


class EnvironmentNotReady(CovetError):
    """The machine lacks something: an interpreter, an extra, memory, a right."""


class IsolationUnavailable(EnvironmentNotReady):
    """The kernel refuses a layer of the sandbox that the settings ask for."""


class CodebaseError(CovetError):
    """A codebase cannot be read, imported or tested."""

    exit_code: ClassVar[int] = 2


class DataError(CovetError):
    """A file of examples, candidates or a run does not hold what it should."""

    exit_code: ClassVar[int] = 2


class SandboxError(CovetError):
    """A worker failed by itself; what it was grading is neither good nor bad."""


class ModelError(CovetError):
    """A model folder, tokenizer or endpoint cannot be used."""

    exit_code: ClassVar[int] = 2
