"""Prints what honest tests earn, and the catalogue of docs/reward-hacking.md.

python -m tests.cheats
"""

from collections import defaultdict

from covet.execute.grader import open_grader
from tests.cheats import cheats, kiosk
from tests.cheats.catalogue import page
from tests.cheats.honest import HONEST

TITLES = (
    "It asks nothing",
    "It asks about itself",
    "It hides the failure",
    "It replaces what it tests",
    "It copies, or reads, what it tests",
    "It asks what nearly everything would do for",
    "It asks the same again and again",
)

with open_grader(kiosk.ROOT, kiosk.SETTINGS) as grader:
    paid = defaultdict(list)
    for entry, execution in kiosk.graded(grader, HONEST).values():
        if execution.status == "ok":
            paid[entry.focal].append(kiosk.earned(entry, execution).value)
    print("| function | honest tests | they earn |\n|---|---|---|")
    for focal, values in paid.items():
        print(f"| `{focal}` | {len(values)} | {min(values):.2f} to {max(values):.2f} |")
    for title, group in zip(TITLES, cheats.GROUPS, strict=True):
        graded = kiosk.graded(grader, group)
        rows = {name: (*found, kiosk.earned(*found)) for name, found in graded.items()}
        print(f"\n### {title}\n\n" + "\n".join(page(rows)), end="")
