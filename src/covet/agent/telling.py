"""A Proposal → text for a terminal, Markdown for a pull request, JUnit for whatever reads that.

What a model wrote goes into Markdown only in fences that it cannot close, and nobody is mentioned
or linked by it.
"""

import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from covet.records import Kill, PossibleBug, Proposal, ProvenTest, WrittenFunction

MARKER = "<!-- covet: tests for this change -->"
"""By which the comment is found again."""
LONGEST = 60_000
"""Characters of a comment; GitHub takes 65,536."""
_NO_NAME = re.compile(r"[`|\\\s]")
_LINKS = re.compile(r"@|#(?=\d)|\bwww(?=\.)|\bgh(?=-\d)", re.IGNORECASE)
_KILLS = 3
"""Mutants that are shown of one test."""


def as_text(proposal: Proposal) -> Iterator[str]:
    """Lines for people."""
    for function in proposal.functions:
        yield _function_line(function)
    for test in proposal.tests:
        yield f"\n{test.path}::{test.name}  ({test.policy})"
        yield f"  {_shows(test)}"
        yield from (f"    {line}" for kill in test.kills[:_KILLS] for line in _kill_lines(kill))
    if proposal.bugs:
        yield "\nPossible bugs, by tests that look right and fail (none was written):"
    for bug in proposal.bugs:
        yield f"\n  {bug.example_id}: {_agreement(bug)}"
        yield from (f"    {line}" for line in (*bug.shown.split("\n"), "", *_lines(bug.test)))
    for change in proposal.files:
        yield from (f"{change.path}: the linter says {said}" for said in change.complaints)
    if proposal.suite:
        yield f"\n{proposal.suite}"


def _function_line(function: WrittenFunction) -> str:
    gained = len(function.missed_before) - len(function.missed_after)
    kept = function.funnel.get("tests kept", 0)
    told = f"{function.example_id}: {kept} test{'s' * (kept != 1)}"
    if not kept:
        return f"{told} ({function.why_none})"
    before = function.killed_before or 0
    return (
        f"{told}, {gained} of {len(function.missed_before)} missing lines,"
        f" mutants rejected {before} → {function.killed_after} of {function.mutants}"
    )


def _shows(test: ProvenTest) -> str:
    parts: list[str] = []
    if test.lines:
        parts.append(f"first to reach line{'s' * (len(test.lines) > 1)} {_ranges(test.lines)}")
    if test.kills:
        many = "s" * (len(test.kills) > 1)
        parts.append(f"rejects {len(test.kills)} mutant{many} that the existing tests let live")
    return "; ".join(parts)


def _kill_lines(kill: Kill) -> list[str]:
    return [line for line in _lines(kill.diff) if line[:1] in "+-"]


def _agreement(bug: PossibleBug) -> str:
    return f"{bug.agreeing} of {bug.asked} test files expect the same"


def _ranges(lines: Sequence[int]) -> str:
    """``3-5, 9``."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][-1] + 1:
            parts[-1].append(line)
        else:
            parts.append([line])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts)


def _lines(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


# ---------------------------------------------------------------------------------- Markdown


def as_markdown(proposal: Proposal, *, link: str = "") -> str:
    """A comment; ``link`` leads to a branch with the tests in it. What is too long is cut at the
    end of a section, and said to be.
    """
    sections = [*_head(proposal, link), *_test_sections(proposal), *_bug_sections(proposal)]
    text = f"{MARKER}\n"
    for number, section in enumerate(sections):
        if len(text) + len(section) > LONGEST:
            return f"{text}\n{len(sections) - number} more sections are in the run's artifact.\n"
        text += f"\n{section}\n"
    return text


def _head(proposal: Proposal, link: str) -> Iterator[str]:
    kept = len(proposal.tests)
    where = f" [Take them from the branch.]({link})" if link else ""
    what = f"{kept} new test{'s' * (kept != 1)}" if kept else "No new test"
    yield f"### Covet: {what} for {_plain(proposal.asked)}\n\n{_verdict(proposal)}{where}"
    if proposal.functions:
        yield _table(proposal.functions)
    for note in proposal.notes:
        yield f"> {_plain(note)}"


def _verdict(proposal: Proposal) -> str:
    if not proposal.functions:
        return "The change touches no function that tests could be written for."
    if not proposal.tests:
        return "Nothing that was written passed, and showed something new."
    return (
        "Each passes again and again in a sandbox, and shows what no test showed before."
        f" {_plain(proposal.suite)}."
    )


def _table(functions: Sequence[WrittenFunction]) -> str:
    rows = [
        "| function | lines reached, of those wanted | mutants rejected | tests |",
        "|---|---|---|---|",
    ]
    for one in functions:
        wanted = len(one.wanted)
        before, after = (wanted - len(m) for m in (one.missed_before, one.missed_after))
        known = "?" if one.killed_before is None else str(one.killed_before)
        kept = one.funnel.get("tests kept", 0)
        why = f" ({_plain(one.why_none)})" if one.why_none else ""
        rows.append(
            f"| {_code(one.example_id)} | {before} → {after} of {wanted}"
            f" | {known} → {one.killed_after} of {one.mutants} | {kept}{why} |"
        )
    return "\n".join(rows)


def _test_sections(proposal: Proposal) -> Iterator[str]:
    for change in proposal.files:
        own = [test for test in proposal.tests if test.path == change.path]
        for test in own:
            kills = "\n".join(line for kill in test.kills[:_KILLS] for line in _kill_lines(kill))
            shown = f"\n\n{fenced(kills, 'diff')}" if kills else ""
            yield (
                f"<details><summary>{_html(f'{test.path}::{test.name}')}: {_html(_shows(test))}"
                f"</summary>\n\n{fenced(test.source, 'python')}{shown}\n\n</details>"
            )
        for said in change.complaints:
            yield f"> the linter says of {_code(change.path)}: {_plain(said)}"


def _bug_sections(proposal: Proposal) -> Iterator[str]:
    if proposal.bugs:
        yield (
            "#### Possible bugs\n\nThese tests look right and fail. As a rule it is the test that"
            " is wrong; none was added."
        )
    for bug in proposal.bugs:
        yield (
            f"<details><summary>{_html(bug.example_id)}: {_agreement(bug)}</summary>\n\n"
            f"{fenced(bug.shown)}\n\n{fenced(bug.test, 'python')}\n\n</details>"
        )


def fenced(text: str, language: str = "") -> str:
    """In a fence longer than any row of backticks in it."""
    longest = max((len(found) for found in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _code(text: str) -> str:
    """As code within a line of a table. A bar ends a cell even there, and one with two backslashes
    before it too: neither is in an honest name.
    """
    return f"`{_NO_NAME.sub('', text) or '?'}`"


def _plain(text: str) -> str:
    """Words that are no Markdown, no HTML, no link and mention nobody."""
    text = re.sub(r"\s+", " ", text).strip()
    return _unlinked(re.sub(r"([\\`*_\[\]<>|#~!&])", r"\\\1", text))


def _html(text: str) -> str:
    text = re.sub(r"\s+", " ", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _unlinked(text)


def _unlinked(text: str) -> str:
    """What GitHub makes links of without being told to: people, issues, addresses."""
    return _LINKS.sub("\\g<0>\u200b", text).replace("://", ":\u200b//")


# ------------------------------------------------------------------------------------- JUnit


def as_junit(proposal: Proposal) -> bytes:
    """A case for each function: passed where a test was kept, skipped where none was; one that
    failed for each possible bug.
    """
    suite = ET.Element("testsuite", name="covet write", time=str(proposal.seconds))
    for one in proposal.functions:
        name = _xml(one.example_id)
        case = ET.SubElement(suite, "testcase", classname=one.function.path, name=name)
        if one.why_none:
            ET.SubElement(case, "skipped", message=_xml(one.why_none))
        tests = [test for test in proposal.tests if test.example_id == one.example_id]
        if tests:
            said = "\n".join(f"{test.path}::{test.name}: {_shows(test)}" for test in tests)
            ET.SubElement(case, "system-out").text = _xml(said)
    for bug in proposal.bugs:
        name = _xml(f"possible bug: {bug.shown.partition(chr(10))[0]}")
        case = ET.SubElement(suite, "testcase", classname=_xml(bug.example_id), name=name)
        failure = ET.SubElement(case, "failure", message=_xml(_agreement(bug)))
        failure.text = _xml(f"{bug.shown}\n\n{bug.test}")
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _xml(text: str) -> str:
    """Without what XML 1.0 cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
