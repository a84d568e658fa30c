"""Tests that look right and fail → PossibleBugs.

A failing test is as a rule a wrong test. One is shown as a possible bug where all of this holds:

- the check that failed compares a call of the function with a value, or says that it raises, in
  words that mean the same in any file;
- it fails in the candidate it was written in, and again alone in a file of its own;
- nothing else failed: no error in setting up, no limit reached, no guard of cheating;
- at least ``write.agree`` different candidates for the function expect the same of the same call,
  and more than expect anything else of it; one that repeats another, word by word, is no witness;
- no test that passes expects something else of it.

Candidates of one policy are no independent witnesses, so that the number is shown and no
probability is made of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from covet.agent.asking import Asked
from covet.agent.judging import Judge, Judged, name_of, only
from covet.languages.base import Expectation, Language
from covet.records import Execution, FunctionExample, PossibleBug

_PLACES = (
    re.compile(r":(\d+): (?:AssertionError|Failed)\b"),
    re.compile(r'^  File ".*", line (\d+), in test', re.MULTILINE),
)
"""Where a check failed, as pytest says it and as Python does."""
_SAID = (
    re.compile(r"^E\s{1,7}(.*)$", re.MULTILINE),
    re.compile(r"^((?:AssertionError|Failed).*(?:\n(?!  File).*)*)", re.MULTILINE),
)
_LINES = 12

Check = tuple[str, str]
"""What is asked, and what is expected of it."""


def doubts(
    example: FunctionExample, judged: Sequence[Judged], *, judge: Judge, agree: int
) -> list[PossibleBug]:
    """Those with most agreement first."""
    language = judge.grader.language
    says = [_checks(one, example, language) for one in judged]
    different = {one.asked.candidate.source: found for one, found in zip(judged, says, strict=True)}
    votes = Counter(check for checks in different.values() for check in checks)
    passing = {
        check for one, found in zip(judged, says, strict=True) if one.holds for check in found
    }
    others: dict[str, Counter[str]] = defaultdict(Counter)
    for (asked, expected), count in votes.items():
        others[asked][expected] = count
    found: dict[Check, PossibleBug] = {}
    for one in judged:
        for alone, test in _failing(one, judge):
            check, shown = _refuted(alone.candidate.source, test, example, judge, alone)
            if check is None or check in found or votes[check] < agree:
                continue
            asked, expected = check
            rivals = [n for value, n in others[asked].items() if value != expected]
            if max(rivals, default=0) >= votes[check]:
                continue
            if any(what == asked and value != expected for what, value in passing):
                continue
            found[check] = PossibleBug(
                example.id,
                _source_of(alone, test, language),
                shown,
                votes[check],
                len(different),
                tuple(
                    sorted(
                        {
                            each.asked.policy
                            for each, checks in zip(judged, says, strict=True)
                            if check in checks
                        }
                    )
                ),
            )
    return sorted(found.values(), key=lambda bug: -bug.agreeing)


def _checks(one: Judged, example: FunctionExample, language: Language) -> set[Check]:
    candidate = one.asked.candidate
    if candidate.problem:
        return set()
    return {
        (each.asked, each.expected)
        for test in language.tests(candidate.source, path=example.test_path)
        for each in _expectations(candidate.source, test.qualname, language)
    }


def _expectations(source: str, test: str, language: Language) -> Sequence[Expectation]:
    try:
        return language.expectations(source, test)
    except KeyError:  # deeper than in a class
        return ()


def _failing(one: Judged, judge: Judge) -> list[tuple[Asked, str]]:
    """The tests of a candidate whose own assertion failed, each alone."""
    if one.execution.status != "failed" or one.reward.refused:
        return []
    candidate = one.asked.candidate
    names = sorted({name_of(t) for t, v in one.execution.outcomes.items() if v == "fail"})
    alone = [(only(candidate, {name}, judge.grader.language), name) for name in names]
    return [
        (replace(one.asked, candidate=found), name) for found, name in alone if found is not None
    ]


def _refuted(
    source: str, test: str, example: FunctionExample, judge: Judge, alone: Asked
) -> tuple[Check | None, str]:
    """The check that fails also here, and what the runner says of it."""
    [again] = judge.judge(example, [alone], wants_mutants=False)
    if again.execution.status != "failed":
        return None, ""
    line = _line(again.execution)
    for each in _expectations(source, test, judge.grader.language):
        if each.line == line and _is_about(each, example) and _is_plain(each, again.execution):
            said = _first(_SAID, again.execution.detail)[:_LINES]
            shown = "\n".join([f"{each.asked}: expected {each.expected}", *said])
            return (each.asked, each.expected), shown
    return None, ""


def _is_about(each: Expectation, example: FunctionExample) -> bool:
    """Whether it calls the function; for a constructor, its class."""
    names = [n for n in example.function.qualname.split(".") if not n.startswith("__")]
    return re.search(rf"\b{re.escape(names[-1])}\b", each.asked) is not None if names else False


def _is_plain(each: Expectation, execution: Execution) -> bool:
    """Nothing raised where something was to be, and not with other words, as a rule a regular
    expression that is none.
    """
    return not each.expected.startswith("raises ") or "DID NOT RAISE" in execution.detail


def _line(execution: Execution) -> int:
    places = _first(_PLACES, execution.detail)
    return int(places[-1]) if places else 0


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> list[str]:
    """What the first of them that finds something finds."""
    found = (pattern.findall(text) for pattern in patterns)
    return next((each for each in found if each), [])


def _source_of(asked: Asked, test: str, language: Language) -> str:
    candidate = asked.candidate
    tests = language.tests(candidate.source, path=candidate.path)
    return next(case.source for case in tests if case.qualname == test)
