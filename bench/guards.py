"""How many recorded candidates that were found good a reward refuses, and why.

    python -m bench.guards [--out DIR] [--preset balanced] [--accepted 100] [--seed 0] [--json]

The material and the environment are those of ``bench.recorded``: whole test files that a large
model wrote for segments of four published packages, of which those that are ``good`` by the record
passed and covered something new there. All are graded with mutants. Printed is every good one that
a guard, or the least that assertions must tell, refuses, with the reason and its text, to be read;
and, with ``--accepted N``, N of those that are not, drawn by the seed.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.recorded import PACKAGES, environment, material, measure


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate that is good by the record and passes here too."""

    package: str
    number: int
    segment: str
    reward: float
    refused: tuple[str, ...]
    asked: tuple[str, ...]
    text: str

    @property
    def guard(self) -> str:
        return self.refused[0].partition(":")[0] if self.refused else ""


def judged(package: str, *, python: Path, out: Path, preset: str) -> Iterator[Judged]:
    measure(package, python=python, out=out, mutants=True, settings=(f"reward.preset={preset}",))
    with gzip.open(material() / f"gpt4o_{package}.jsonl.gz", "rt", encoding="utf-8") as lines:
        recorded = [json.loads(line) for line in lines]
    executions = _rows(out / package / "executions.jsonl")
    rewards = _rows(out / package / "rewards.jsonl")
    for was, ran, earned in zip(recorded, executions, rewards, strict=True):
        if was["verdict"] == "good" and ran["status"] == "ok":
            yield Judged(
                package,
                earned["candidate"],
                f"{was['file']}:{was['first_line']}-{was['last_line']}",
                earned["reward"],
                tuple(earned["refused"]),
                tuple(f"{one['line']} {one['kind']}" for one in earned["asked"]),
                was["completion"],
            )


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def show(one: Judged) -> None:
    print(f"---- {one.package} {one.number} ({one.segment}): {one.reward:.2f}")
    print("    " + ("; ".join(one.refused) or ", ".join(one.asked)))
    print(one.text.rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("runs/recorded"))
    parser.add_argument("--preset", default="balanced")
    parser.add_argument("--accepted", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    python = environment(arguments.out / "venv")
    found = [
        one
        for package in PACKAGES
        for one in judged(package, python=python, out=arguments.out, preset=arguments.preset)
    ]
    refused = [one for one in found if one.refused]
    accepted = [one for one in found if not one.refused]
    drawn = random.Random(arguments.seed).sample(accepted, min(arguments.accepted, len(accepted)))
    counts = {
        "good": len(found),
        "refused": len(refused),
        "guards": dict(Counter(one.guard for one in refused)),
        "packages": dict(Counter(one.package for one in refused)),
    }
    if arguments.json:
        print(json.dumps(counts | {"rows": [asdict(one) for one in refused]}))
        return
    for one in [*refused, *drawn]:
        show(one)
    print(json.dumps(counts))
    print(f"refused: {len(refused)} of {len(found)} ({len(refused) / max(1, len(found)):.2%})")


if __name__ == "__main__":
    main()
