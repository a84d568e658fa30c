"""One pass matrix → what a suite earns, and what a program earns, by several people's rules.

The matrix is cases × programs; the reference's verdicts say which cases are valid. Only programs
that are not known to be right can be killed, and a valid case that fails one that is known to be
right is a false kill: the task has other right answers than the case's. What failed through our
own fault is neither killed nor alive: it is left out of the count.

::

    D  discrimination   share of the programs that fail at least one valid case
    V  validity         valid cases / max(cases, tau), each case once
    F  format           1 where the answer has the form that was asked for

    utrl        lambda D + (1 - lambda) V                  Lee et al. 2025 (arXiv:2508.21107)
    utrl_code   0.85 D + 0.05 V + 0.10 F                   what their published code does
    cure        per case, by programs alone                Wang et al. 2025 (arXiv:2506.03136)
    marginal    per case, for what no earlier case kills   after MIST-RL (arXiv:2603.01409)

In the paper's printed formula of D a program counts that *passes* at least one valid case; its
figure, its prose and its code count one that fails, as is done here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from covet import config
from covet.records import Reward, Verdict

Label = Literal["right", "wrong", "unknown"]
"""What is known of a program apart from the suite. ``unknown``: it is held to be wrong where a
valid case fails it, as the reference answers otherwise."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A suite as it fared: its different cases, in the order in which they were written."""

    reference: tuple[Verdict, ...]
    """Of each case, against the reference program."""
    cells: tuple[tuple[Verdict, ...], ...]
    """``cells[c][p]``: of case c against program p."""
    labels: tuple[Label, ...]
    """Of each program."""
    admissible: tuple[bool, ...]
    """Of each case: its input keeps to the task's constraints, and the task does not show it."""
    well_formed: bool = True

    @property
    def valid(self) -> tuple[bool, ...]:
        """Of each case: the reference passes it, and it is admissible."""
        pairs = zip(self.reference, self.admissible, strict=True)
        return tuple(verdict == "pass" and fine for verdict, fine in pairs)

    @property
    def killed(self) -> tuple[int, ...]:
        """Places of the programs that a valid case fails, but of those known to be right."""
        pairs = zip(self.labels, _fates(self), strict=True)
        return tuple(
            p for p, (label, fate) in enumerate(pairs) if label != "right" and fate == "killed"
        )

    @property
    def known(self) -> bool:
        """Whether the reference's verdict on each case is known."""
        return "infrastructure" not in self.reference


def suite_reward(judgement: Judgement, settings: config.Suites) -> Reward:
    """What the suite earns by ``settings.reward``, less ``settings.false_kills`` for each known
    right program, as a share of those, that it fails.
    """
    terms = _terms(judgement, settings)
    value = _value(judgement, terms, settings)
    return Reward(value - settings.false_kills * terms["false_kills"], terms)


def _value(judgement: Judgement, terms: Mapping[str, float], settings: config.Suites) -> float:
    seen, valid, weight = terms["discrimination"], terms["validity"], settings.discrimination
    match settings.reward:
        case "utrl":
            return weight * seen + (1 - weight) * valid
        case "utrl_code":
            return 0.85 * seen + 0.05 * valid + 0.10 * terms["format"]
        case "cure":
            told = [one for one in cure(judgement, strict=settings.strict) if one is not None]
            return sum(told) / len(told) if told else 0.0
        case "marginal":
            return sum(marginal_kills(judgement, redundancy=settings.redundancy))


def _terms(judgement: Judgement, settings: config.Suites) -> dict[str, float]:
    count, valid = len(judgement.reference), sum(judgement.valid)
    return {
        "discrimination": discrimination(judgement),
        "validity": valid / max(count, settings.tau) if count else 0.0,
        "format": float(judgement.well_formed),
        "false_kills": false_kills(judgement),
        "valid_share": valid / count if count else 0.0,
        "cases": float(count),
    }


def discrimination(judgement: Judgement) -> float:
    """The share of the programs whose fate is known that are killed; 0 where there are none."""
    fates = _fates(judgement)
    known = len(fates) - fates.count("unknown")
    return len(judgement.killed) / known if known else 0.0


def false_kills(judgement: Judgement) -> float:
    """The share of the programs known to be right that a valid case fails; 0 without any."""
    fates = _fates(judgement)
    right = [fates[p] for p, label in enumerate(judgement.labels) if label == "right"]
    return right.count("killed") / len(right) if right else 0.0


def _fates(judgement: Judgement) -> list[Literal["killed", "alive", "unknown"]]:
    rows = [row for row, fine in zip(judgement.cells, judgement.valid, strict=True) if fine]
    return [_fate([row[p] for row in rows]) for p in range(len(judgement.labels))]


def _fate(verdicts: Sequence[Verdict]) -> Literal["killed", "alive", "unknown"]:
    if any(_kills(verdict) for verdict in verdicts):
        return "killed"
    return "unknown" if "infrastructure" in verdicts else "alive"


def _kills(verdict: Verdict) -> bool:
    return verdict not in ("pass", "infrastructure")


# ------------------------------------------------------------------------- case by case


def cure(judgement: Judgement, *, strict: bool = False) -> list[float | None]:
    """What each case earns by the programs alone, the reference being one that is right.

    A case that all right programs pass earns the share of the wrong ones that fail it; another one
    loses the share of them that pass it. ``strict``: 1 where all of them fail, and the loss is of 1
    where any passes. None where no program is known to be right, or a verdict is not known. A
    program of which nothing is known is left out. The paper's sum over wrong programs is this
    times their number.
    """
    labels = judgement.labels
    wrong = [p for p, label in enumerate(labels) if label == "wrong"]
    right = [p for p, label in enumerate(labels) if label == "right"]
    found: list[float | None] = []
    for verdict, row in zip(judgement.reference, judgement.cells, strict=True):
        told = [verdict, *(row[p] for p in right)]
        if "infrastructure" in (*told, *(row[p] for p in wrong)):
            found.append(None)
            continue
        accepted = all(one == "pass" for one in told)
        passing = sum(row[p] == "pass" for p in wrong)
        share = passing / len(wrong) if wrong else float(not accepted)
        if strict:
            share = float(share > 0)
        found.append(1 - share if accepted else -share)
    return found


def marginal_kills(judgement: Judgement, *, redundancy: float) -> list[float]:
    """What each case earns in the order in which they stand: the share of the programs that it
    kills and none before it does.

    A valid one that kills nothing new loses ``redundancy`` times the number of such so far, so that
    padding costs ever more; one that is not valid loses 1 / number of cases. The idea is MIST-RL's,
    whose constants are not published; these are ours.
    """
    valid, count = judgement.valid, len(judgement.reference)
    alive = {p for p, label in enumerate(judgement.labels) if label != "right"}
    programs, idle = len(judgement.labels), 0
    earned: list[float] = []
    for fine, row in zip(valid, judgement.cells, strict=True):
        new = {p for p in alive if _kills(row[p])} if fine else set[int]()
        alive -= new
        if new:
            earned.append(len(new) / programs)
        elif fine:
            idle += 1
            earned.append(-redundancy * idle)
        else:
            earned.append(-1 / count)
    return earned


# ------------------------------------------------------------------------- programs


def code_reward(
    verdicts: Sequence[Verdict], *, rule: Literal["share", "utrl_code"], well_formed: bool = True
) -> Reward:
    """What a program earns on valid cases alone: the share that it passes, 0 where there are none.

    ``utrl_code``: 0.9 passed / (cases + 1e-6) + 0.1 F, as the published code has it. ``solved`` is
    1 where it passes all, and there is one.
    """
    known = [verdict for verdict in verdicts if verdict != "infrastructure"]
    passed = known.count("pass")
    share = passed / len(known) if known else 0.0
    terms = {
        "passed": share,
        "solved": float(bool(known) and passed == len(known)),
        "format": float(well_formed),
    }
    if rule == "share":
        return Reward(share, terms)
    return Reward(0.9 * passed / (len(known) + 1e-6) + 0.1 * terms["format"], terms)
