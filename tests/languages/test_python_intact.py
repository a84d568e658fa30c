"""What is known of a runner, and of namespaces that were written to."""

import sys
import types
from collections.abc import Iterator

import pytest

from covet.languages.python.worker import intact, written


@pytest.fixture
def module() -> Iterator[types.ModuleType]:
    made = types.ModuleType("_pytest.outcomes")
    exec(
        "def fail(): raise AssertionError\n\n\nclass Outcome:\n    def told(self): return self\n",
        made.__dict__,
    )
    made.Outcome.__module__ = made.__name__
    kept = sys.modules["_pytest.outcomes"]
    sys.modules["_pytest.outcomes"] = made
    try:
        yield made
    finally:
        sys.modules["_pytest.outcomes"] = kept


@pytest.mark.parametrize("is_told", [True, False])
def test_what_was_replaced_is_found_whether_or_not_versions_are_kept(
    module: types.ModuleType, monkeypatch: pytest.MonkeyPatch, is_told: bool
) -> None:
    if not is_told:
        monkeypatch.setattr(written, "_KEPT", False)
    runner = intact.Runner()
    assert runner.changed() == ""
    module.anything = 1
    assert runner.changed() == "", "nothing of the runner's"
    fail, module.fail = module.fail, print
    assert runner.changed() == "fail"
    module.fail = fail
    assert runner.changed() == "", "put back"
    module.Outcome.told = print
    assert runner.changed() == "told"
    runner.look()
    assert runner.changed() == "", "a plugin may"
    del module.Outcome.told
    assert runner.changed() == "told"


def test_a_namespace_is_written_to_by_writing_and_not_by_reading() -> None:
    class Thing:
        name = 1

    names = {"name": 1}
    of_class, of_names = written.watch(vars(Thing)), written.watch(names)
    if sys.version_info < (3, 12):
        assert Thing().name == names["name"]
        assert (of_class(), of_names()) == (False, False)
    Thing.name = 2
    assert of_class()
    names["other"] = 2
    assert of_names()
    del names["other"]
    assert of_names(), "as it was, but not unwritten"
