"""Plain tests without collecting: the module is run, and its tests are called.

Only where neither a ``conftest.py`` nor a plugin has a say in what is collected or how it is
run, and the names of the tests are known beforehand (``covet.languages.python.plain``).
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from . import single
from .task import Task

_COLLECTING = (
    "pytest_collection_modifyitems",
    "pytest_pycollect_makeitem",
    "pytest_pycollect_makemodule",
    "pytest_generate_tests",
    "pytest_itemcollected",
    "pytest_make_collect_report",
    "pytest_collection",
    "pytest_collection_finish",
)
_SETTINGS: dict[str, list[str]] = {
    "python_functions": ["test"],
    "python_classes": ["Test"],
    "usefixtures": [],
}


def suits(config: Any, session: Any) -> bool:
    """Whether plain tests fare with this configuration as they do without any."""
    if single.others(config.hook, *_COLLECTING, *single.RUNNING, *single.FIXING):
        return False
    if any(list(config.getini(name)) != value for name, value in _SETTINGS.items()):
        return False
    automatic = getattr(session._fixturemanager, "_nodeid_autousenames", None)  # noqa: SLF001
    return automatic is not None and not any(automatic.values())


def applies(task: Task) -> bool:
    return bool(task.plain) and not any(
        (folder / "conftest.py").is_file() for folder in task.folders
    )


class Runner:
    """What ``single.Runner`` is to collected tests."""

    def __init__(self, module: ModuleType, names: list[str]) -> None:
        self._module = module
        self.items: dict[str, Any] = dict.fromkeys(names)

    def verdict(self, test: str) -> str:
        owner, _, name = test.rpartition("::")
        try:
            place = getattr(self._module, owner)() if owner else self._module
            getattr(place, name)()
        except BaseException as error:  # noqa: BLE001  (tests raise anything)
            return single.verdict_of(error, "call")
        return "pass"
