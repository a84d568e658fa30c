"""What a candidate can be rewarded for: one function per term, each from 0 to 1.

A term reads the evidence and nothing else. Whether a candidate deserves any of it (the gates) and
how much each term weighs is the rubric's affair.
"""

import re
from collections.abc import Callable, Mapping
from statistics import fmean

from covet.records import CheckKind
from covet.reward.evidence import Evidence, mutants_of

MOST_LINES = 10
"""New lines beyond which more of them count no more."""
LONG = 60
"""Lines from which on a candidate is long."""

# ---------------------------------------------------------------------------------- coverage


def passes(evidence: Evidence) -> float:
    """1 where every test passed against the original program, each time it was run."""
    return float(evidence.execution.status == "ok")


def gains(evidence: Evidence) -> float:
    """1 where at least one line of the focal function ran that the baseline does not reach.

    How many lines does not matter: a function with few uncovered lines is as good a task as one
    with many.
    """
    return float(bool(evidence.execution.gained.lines))


def lines(evidence: Evidence) -> float:
    """New lines, as a share of ten: min(c, 10) / 10."""
    return min(len(evidence.execution.gained.lines), MOST_LINES) / MOST_LINES


def branches(evidence: Evidence) -> float:
    """New branches, as a share of ten."""
    return min(len(evidence.execution.gained.branches), MOST_LINES) / MOST_LINES


def share(evidence: Evidence) -> float:
    """New lines as a share of those that the baseline leaves uncovered: the same for a small
    function as for a large one.
    """
    example = evidence.example
    open_lines = example.executable.lines - example.baseline.lines
    return (
        len(evidence.execution.gained.lines & open_lines) / len(open_lines) if open_lines else 0.0
    )


def first_form(evidence: Evidence) -> float:
    """0 without a new line, else (1 + min(c, 10)) / 11 for c of them.

    The form in which coverage was first rewarded in reinforcement learning on a codebase; its
    description prints the greater of c and 10, which would give every candidate the same.
    """
    count = len(evidence.execution.gained.lines)
    return (1 + min(count, MOST_LINES)) / (1 + MOST_LINES) if count else 0.0


# --------------------------------------------------------------------------------- mutation


def kills(evidence: Evidence) -> float:
    """The share of the function's mutants that were killed, of those whose fate is known.

    A mutant whose run failed through our own fault is neither killed nor alive. 0 where none is
    known, also because none was run.
    """
    return _killed(evidence, "kills")


def new_kills(evidence: Evidence) -> float:
    """The same of the mutants on lines that are newly covered; 0 where there are none."""
    return _killed(evidence, "new_kills")


def marginal(evidence: Evidence) -> float:
    """The same of the mutants that the existing tests leave alive; of all, where it is not known
    what those kill.
    """
    return _killed(evidence, "marginal")


def _killed(evidence: Evidence, term: str) -> float:
    among = mutants_of(evidence.execution)[term]
    return len(among & evidence.killed) / len(among) if among else 0.0


def rare(evidence: Evidence) -> float:
    """Killed mutants, each shared with the siblings that kill it too, over all that are known."""
    earned = sum(1 / max(1, evidence.killers[mutant]) for mutant in evidence.killed)
    return earned / len(evidence.known) if evidence.known else 0.0


# ------------------------------------------------------------------------------- assertions

CREDIT: Mapping[CheckKind, float] = {
    "value": 1.0,
    "state": 1.0,
    "raises": 1.0,
    "raises_type": 0.7,
    "helper": 0.7,
    "relation": 0.6,
    "member": 0.6,
    "order": 0.5,
    "size": 0.5,
    "truth": 0.5,
    "called": 0.4,
    "differs": 0.2,
    "any": 0.2,
    "exists": 0.1,
    "type": 0.1,
    "broad": 0.1,
    "constant": 0.0,
    "same": 0.0,
    "own": 0.0,
    "source": 0.0,
}
WEAK = frozenset(kind for kind, credit in CREDIT.items() if credit <= 0.2)
"""What tells a function from hardly any other."""
BEST, REST = 0.8, 0.2
"""How much a test's best assertion counts, and the mean over all of its assertions."""


def asserts(evidence: Evidence) -> float:
    """How telling the assertions are that were asked: the mean over the tests, copies left out,
    of 0.8 times its best assertion's credit and 0.2 times their mean.

    An assertion in a helper counts for the candidate as for one more test. 0 where none was asked.
    """
    by_test: dict[str, list[float]] = {}
    for check in evidence.asked:
        body = evidence.reading.distinct_tests.get(check.test, check.test)
        by_test.setdefault(body, []).append(CREDIT[check.kind])
    scores = [BEST * max(earned) + REST * fmean(earned) for earned in by_test.values()]
    return fmean(scores) if scores else 0.0


def weak(evidence: Evidence) -> bool:
    """Whether it passes and nothing that it asks is telling; a figure for reports."""
    asked = evidence.asked
    return evidence.execution.status == "ok" and all(check.kind in WEAK for check in asked)


def real(evidence: Evidence) -> float:
    """1 without stand-ins; else the share of them that are true to what they stand for, others
    counting half.
    """
    found = evidence.reading.stand_ins
    return fmean(1.0 if one.faithful else 0.5 for one in found) if found else 1.0


# ---------------------------------------------------------------------------------- manners


def brief(evidence: Evidence) -> float:
    """1 up to 60 lines, then falling as 60 over their number."""
    count = len(evidence.candidate.written.splitlines())
    return LONG / max(LONG, count)


def distinct(evidence: Evidence) -> float:
    """The share of its tests that do what no other of them does, names aside."""
    bodies = evidence.reading.distinct_tests.values()
    return len(set(bodies)) / len(bodies) if bodies else 0.0


def novel(evidence: Evidence) -> float:
    """1 less the likeness to the sibling that is most alike: the Jaccard index of triples of
    syntax-tree tokens.
    """
    return 1.0 - evidence.likeness


def form(evidence: Evidence) -> float:
    """1 where the answer came to its end, its thought did, and a test was found in it."""
    return float(evidence.attempt.is_whole and not evidence.candidate.problem)


_NAME = re.compile(r"`([^`\n]{1,80})`|\b([A-Za-z]\w*_\w+)\b|\b([A-Za-z_]\w*)\(\)")
_LINE = re.compile(r"\blines? (\d{1,6})\b", re.IGNORECASE)
_VALUE = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])|\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'")


def trace(evidence: Evidence) -> float:
    """The share of the names, lines and values that the thought mentions which are there: names
    and values in the function, its file or the test, lines in the file. 0 without a thought; 1 for
    one that mentions none.
    """
    thought, example = evidence.attempt.thought, evidence.example
    if not thought.strip():
        return 0.0
    text = f"{example.source_file}\n{evidence.candidate.source}"
    length = example.source_file.count("\n") + 1
    line_numbers = [int(number) for number in _LINE.findall(thought)]
    bare = _LINE.sub("", thought)
    names = ["".join(parts) for parts in _NAME.findall(bare)]
    values = [value.strip("\"'") for value in _VALUE.findall(_NAME.sub("", bare))]
    found = [name.strip().removesuffix("()") in text for name in names]
    found += [value in text for value in values]
    found += [1 <= number <= length for number in line_numbers]
    return fmean(found) if found else 1.0


TERMS: Mapping[str, Callable[[Evidence], float]] = {
    "passes": passes,
    "gains": gains,
    "lines": lines,
    "branches": branches,
    "share": share,
    "first_form": first_form,
    "kills": kills,
    "new_kills": new_kills,
    "marginal": marginal,
    "rare": rare,
    "asserts": asserts,
    "real": real,
    "brief": brief,
    "distinct": distinct,
    "novel": novel,
    "form": form,
    "trace": trace,
}
"""In the order in which people read them; the names are those of the weights in the settings."""
