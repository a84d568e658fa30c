"""What ``covet demo`` teaches, over several seeds.

    python -m bench.seeds [--seeds 3] [--out runs/seeds]

Runs the demo once for each seed, one after the other, keeps every run (``--resume`` picks up what
was interrupted) and prints each seed's table and the pooled one: the paired change of each
measure over all seeds' held-out tasks, with the 95 % range of a bootstrap over tasks within seeds.
Writes ``seeds.json`` into the folder as it goes.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from covet.evaluate.scorecard import pooled_difference


def demo(seed: int, out: Path) -> dict[str, Any]:
    """The demo's JSON for one seed; continues or reads what is there."""
    command = [sys.executable, "-m", "covet", "demo", "--json", "--out", str(out)]
    if (out / "manifest.json").exists():
        command.append("--resume")
    else:
        command += ["--seed", str(seed)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("runs/seeds"))
    arguments = parser.parse_args()
    results: dict[str, Any] = {}
    for seed in range(arguments.seeds):
        results[f"seed {seed}"] = demo(seed, arguments.out / f"seed-{seed}")
        (arguments.out / "seeds.json").write_text(json.dumps(results, indent=2))
    runs = [arguments.out / f"seed-{seed}" for seed in range(arguments.seeds)]
    for split in ("heldout", "reserved"):
        results[f"pooled {split}"] = pooled_difference(runs, split=split)
    (arguments.out / "seeds.json").write_text(json.dumps(results, indent=2))
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
