"""A codebase becomes a Dataset: the whole stage, to read top to bottom.

Read the files, run what is there, keep the tests that can be trusted, link them to functions, and
make an example of every function that leaves something to test. What is left out is counted by
reason.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from textwrap import dedent

from covet import config
from covet.execute.grader import Grader
from covet.languages.base import Language
from covet.mine.baseline import Baseline, TestKey, measure
from covet.mine.dataset import SPLITS, Dataset, Report, assign_splits, versions
from covet.mine.functions import Files, SourceFile, TestFile, read_files, suite_paths
from covet.mine.links import Links, link
from covet.mine.placing import place
from covet.records import Coverage, Function, FunctionExample


def mine(
    grader: Grader,
    settings: config.Config,
    *,
    within: str = "",
    on_progress: Callable[[str], None] = lambda _: None,
) -> Dataset:
    """The examples of the grader's codebase, or of the folder ``within`` it.

    ``on_progress`` hears a line for people before each step that takes time. Raises
    ``CodebaseError`` where there is no function at all; where each has its reason to be left out,
    the dataset is empty and its report says why.
    """
    language = grader.language
    on_progress(f"reading {grader.layout.root / within}")
    files = read_files(grader.layout, settings.codebase, language=language, within=within)
    test_paths = suite_paths(settings.codebase, within=within)
    baseline = measure(grader, files, test_paths=test_paths, on_progress=on_progress)
    if baseline.suite.problem:
        on_progress(
            f"warning: the existing suite cannot be run ({baseline.suite.problem}); what counts as"
            " covered is what importing alone reaches, and no existing test is shown in a prompt"
        )
    files = replace(files, tests=trusted(files.tests, baseline.verified, language=language))
    on_progress(f"linking {sum(len(file.tests) for file in files.tests)} tests to functions")
    links = link(files.sources, files.tests)
    made = _Made(files, links, baseline, settings, language)
    examples = assign_splits(made.examples(), settings.mine)
    return Dataset(tuple(examples), _report(made, examples, grader, within))


def trusted(
    tests: Sequence[TestFile], verified: frozenset[TestKey], *, language: Language
) -> tuple[TestFile, ...]:
    """The test files without the tests that are not verified."""
    return tuple(_trusted(file, verified, language=language) for file in tests)


def _trusted(file: TestFile, verified: frozenset[TestKey], *, language: Language) -> TestFile:
    doubtful = [test for test in file.tests if (file.path, test.qualname) not in verified]
    if not doubtful:
        return file
    text = language.remove_tests(file.text, doubtful)
    return replace(file, text=text, tests=language.tests(text, path=file.path))


class _Made:
    """Examples out of functions, and a count of those that became none."""

    def __init__(
        self,
        files: Files,
        links: Links,
        baseline: Baseline,
        settings: config.Config,
        language: Language,
    ) -> None:
        self.files = files
        self.baseline = baseline
        self.settings = settings
        self.dropped: Counter[str] = Counter()
        self._links = links
        self._language = language
        self._homes = place(files, links, test_folders=settings.codebase.tests)
        self._texts = {test.path: test.text for test in files.tests}
        self._seen: set[str] = set()

    def examples(self) -> list[FunctionExample]:
        return [
            example
            for source in self.files.sources
            for function in source.functions
            if (example := self._example(source, function)) is not None
        ]

    def _example(self, source: SourceFile, function: Function) -> FunctionExample | None:
        executable = self._language.executable_lines(source.text, function.span)
        covered = self.baseline.of(source.path).within(function.span)
        reason = self._why_not(function, executable, covered)
        if reason:
            self.dropped[reason] += 1
            return None
        self._seen.add(dedent(function.source))
        home = self._homes[source.path]
        return FunctionExample(
            id=f"{function.path}::{function.qualname}",
            function=function,
            source_file=source.text,
            test_path=home,
            test_file=self._texts.get(home, ""),
            tests=self._links.of(function),
            executable=Coverage(executable),
            baseline=covered,
            split="train",
        )

    def _why_not(self, function: Function, executable: frozenset[int], covered: Coverage) -> str:
        if function.module in self.baseline.not_imported:
            return "its module cannot be imported"
        if not executable:
            return "nothing in it runs"
        if self.settings.mine.gaps_only and executable <= covered.lines:
            return "the existing suite covers it"
        if dedent(function.source) in self._seen:
            return "a copy of another"
        return ""


def _report(
    made: _Made, examples: Sequence[FunctionExample], grader: Grader, within: str
) -> Report:
    settings = made.settings.mine
    split_of = {example.function.path: example.split for example in examples}
    files = Counter(split_of.values())
    counts = Counter(example.split for example in examples)
    return Report(
        codebase=str(grader.layout.root),
        within=within,
        functions=sum(len(source.functions) for source in made.files.sources),
        files={split: files[split] for split in SPLITS},
        examples={split: counts[split] for split in SPLITS},
        dropped=dict(sorted(made.dropped.items())),
        links=dict(
            sorted(Counter(kind for e in examples for t in e.tests for kind in t.evidence).items())
        ),
        untested=sum(not example.tests for example in examples),
        unreadable=made.files.unreadable,
        passed_over=made.files.passed_over,
        not_imported=dict(made.baseline.not_imported),
        suite=made.baseline.suite,
        seed=settings.seed,
        heldout=settings.heldout,
        reserved=settings.reserved,
        gaps_only=settings.gaps_only,
        versions=versions(),
    )
