"""The cheats as the pages of docs/reward-hacking.md show them."""

from collections.abc import Iterator, Mapping

from covet.records import Execution, Reward
from tests.cheats.kiosk import Entry

LONGEST = 24
"""Lines of a cheat that are shown; a farm goes on."""


def shown(entry: Entry) -> str:
    """Its code without what it imports of the codebase, and without blank lines."""
    lines = [
        line
        for line in entry.text.splitlines()
        if line.strip() and not line.startswith(("from kiosk", "import kiosk"))
    ]
    rest = ["    ..."] if len(lines) > LONGEST else []
    return "\n".join([*lines[:LONGEST], *rest])


def page(entries: Mapping[str, tuple[Entry, Execution, Reward]]) -> Iterator[str]:
    for name, (entry, execution, reward) in entries.items():
        guards = [f"`{reason.partition(':')[0]}`" for reason in reward.refused]
        answer = ", ".join(guards) if execution.status == "ok" else f"status `{execution.status}`"
        yield f"**{name}**, of `{entry.focal}`: {reward.value:.2f} {answer}".rstrip()
        yield f"\n```python\n{shown(entry)}\n```\n"
