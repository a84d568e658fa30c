"""A codebase becomes a Dataset: the whole stage, to read top to bottom.

Read the files, run what is there, keep the tests that can be trusted, link them to functions, take
some away where a function has tests, and make an example of every function that then leaves
something to test. Divide the files into sides, so that nothing near to a held-out function is
trained on, and give each example similar tests of its own side. What is left out is counted by
reason.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from textwrap import dedent
from typing import TypeVar

from covet import config
from covet.execute.grader import Grader
from covet.languages.base import Language
from covet.mine import leaks, near, verify
from covet.mine.baseline import Baseline, measure
from covet.mine.cache import Answers, Cache
from covet.mine.change import Change, touched
from covet.mine.collected import TestKey, key_of
from covet.mine.dataset import SPLITS, Dataset, Report, versions
from covet.mine.functions import Files, SourceFile, TestFile, read_files, suite_paths
from covet.mine.links import Links, combine, inherited, named
from covet.mine.placing import Homes
from covet.mine.referred import referred
from covet.mine.removal import Removal, by_the_way, removals
from covet.mine.similar import Corpus
from covet.mine.splits import split_files
from covet.records import Coverage, Function, FunctionExample, Reference, Split, TestCase
from covet.runlog import user_cache
from covet.secrets import Secret, detector, rules

Say = Callable[[str], None]
T = TypeVar("T")
_NONE = TestFile("", "", "", ())


@dataclass(frozen=True, slots=True)
class Mined:
    """Examples, and apart from them what people wrote in their place."""

    dataset: Dataset
    references: Mapping[str, Reference]
    """By example; none where nothing was removed."""


def mine(
    grader: Grader,
    settings: config.Config,
    *,
    within: str = "",
    change: Change | None = None,
    on_progress: Say = lambda _: None,
) -> Mined:
    """The examples of the grader's codebase, or of the folder ``within`` it; of a change, those
    of the functions that it touches.

    ``on_progress`` hears a line for people before each step that takes time. Raises
    ``CodebaseError`` where there is no function at all; where each has its reason to be left out,
    the dataset is empty and its report says why.
    """
    language = grader.language
    on_progress(f"reading {grader.layout.root / within}")
    files = read_files(grader.layout, settings.codebase, language=language, within=within)
    cache = _cache(grader, settings, within)
    baseline = measure(
        grader,
        files,
        test_paths=suite_paths(settings.codebase, within=within),
        cache=cache,
        on_progress=on_progress,
    )
    answers = cache.answers(files, baseline.imported) if cache else Answers()
    if baseline.suite.problem:
        on_progress(
            f"warning: the existing suite cannot be run ({baseline.suite.problem}); what counts as"
            " covered is what importing alone reaches, and no existing test is shown in a prompt"
        )
    found = [referred(grader, files, baseline, settings.mine, answers, on_progress)]
    trusted = replace(files, tests=_trusted(files.tests, baseline, language))
    found.append(named(trusted.sources, trusted.tests))
    ran = [seen.collected for seen in baseline.seen.values()]
    others = inherited(files.tests, ran, language)
    links = combine(trusted.sources, trusted.tests, found, baseline, others)
    work = _Work(grader, settings, trusted, baseline, links, change, answers)
    try:
        mined = work.mined(within, on_progress)
    except BaseException:
        answers.keep(ended=False)
        raise
    answers.keep()
    return mined


def _cache(grader: Grader, settings: config.Config, within: str) -> Cache | None:
    if not settings.mine.cache:
        return None
    root = grader.layout.root
    name = hashlib.sha256(str(root / within).encode()).hexdigest()[:16]
    also = f"{grader.spec} {settings.codebase.model_dump()}"
    place = user_cache("mine") / f"{name}.json"
    return Cache(place, root, grader.language, within=within, also=also)


def _trusted(
    tests: Sequence[TestFile], baseline: Baseline, language: Language
) -> tuple[TestFile, ...]:
    """The test files without the tests that are not verified."""
    return tuple(
        without(file, [t for t in file.tests if not baseline.knows(key_of(t))], language)
        for file in tests
    )


def without(file: TestFile, tests: Sequence[TestCase], language: Language) -> TestFile:
    if not tests:
        return file
    text = language.remove_tests(file.text, tests)
    return replace(file, text=text, tests=language.tests(text, path=file.path))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A task before the sides are known."""

    function: Function
    id: str
    executable: frozenset[int]
    covered: Coverage
    home: str
    removal: Removal | None
    diff: str


class _Work:
    """Examples out of functions, and a count of those that became none."""

    def __init__(
        self,
        grader: Grader,
        settings: config.Config,
        files: Files,
        baseline: Baseline,
        links: Links,
        change: Change | None,
        answers: Answers,
    ) -> None:
        self._grader = grader
        self.language = grader.language
        self._settings = settings.mine
        self._files = files
        self._baseline = baseline
        self.links = links
        self._change = change
        self._answers = answers
        self._homes = Homes(
            files, links, test_folders=settings.codebase.tests, broken=baseline.suite.not_run
        )
        self.tests = {test.path: test for test in files.tests}
        self.similar = settings.mine.similar
        self.unfit: list[str] = []
        self._dropped: Counter[str] = Counter()
        self._seen: set[str] = set()

    def mined(self, within: str, say: Say) -> Mined:
        functions = [function for source in self._files.sources for function in source.functions]
        chosen = [function for function in functions if self._is_wanted(function)]
        clusters = near.clusters(
            functions, threshold=self._settings.near, tokens=self.language.tokens
        )
        self._leave_out_unfit(chosen, say)
        splits = split_files({f.path for f in chosen}, clusters, self._settings)
        sides = _Sides(self, splits)
        made = [sides.example(draft) for f in chosen for draft in self._drafts(f, sides)]
        examples = sorted((e for e, _ in made), key=lambda e: SPLITS.index(e.split))
        references = {r.example: r for _, r in made if r is not None}
        if number := min(self._settings.check, len(references)):
            say(f"checking {number} of {len(made)} tasks by running")
        checked = verify.check(
            self._grader,
            examples,
            references,
            baseline=self._baseline,
            texts={path: test.text for path, test in self.tests.items()},
            hidden={
                e.id: by_the_way(e.function, self.links)
                for e in examples
                if self._settings.hide_indirect
            },
            most=self._settings.check,
            seed=self._settings.seed,
            ran=self._ran,
        )
        if checked.useless:
            self._dropped["its reference does not hold when it is run"] += len(checked.useless)
        examples = [
            replace(e, baseline=checked.corrected.get(e.id, e.baseline))
            for e in examples
            if e.id not in checked.useless
        ]
        references = {e.id: references[e.id] for e in examples if e.id in references}
        leaks.check(
            examples, references, clusters=clusters, about=self.about, language=self.language
        )
        report = self._report(examples, references, clusters, checked, within)
        return Mined(Dataset(tuple(examples), report), references)

    # --------------------------------------------------------------------------- drafts

    def _leave_out_unfit(self, functions: Sequence[Function], say: Say) -> None:
        """Of the files that new tests go to, tests that would fail every candidate."""
        homes = {self._homes.of(function): function for function in reversed(functions)}
        known = {home: f for home, f in homes.items() if self.tests.get(home, _NONE).tests}
        say(f"checking that the tests of {len(known)} files pass as part of a candidate")
        candidates: list[FunctionExample] = []
        for home, function in sorted(known.items()):
            draft = _Draft(function, home, frozenset(), Coverage(), home, None, "")
            example, _ = self.example(draft, split="train", shown=self.tests, tests=(), similar=())
            candidates.append(example)
        found = self._grader.side_by_side(self._unfit, candidates)
        for home, bad in zip(sorted(known), found, strict=True):
            self.unfit += [f"{test.path}::{test.qualname.replace('.', '::')}" for test in bad]
            self.tests[home] = without(self.tests[home], bad, self.language)

    def _unfit(self, example: FunctionExample) -> tuple[TestCase, ...]:
        find = partial(verify.unfit, self._grader, example)
        return self._ran(tuple[TestCase, ...], find, example.test_path, example)

    def _ran(self, kind: type[T], make: Callable[[], T], path: str, *content: object) -> T:
        """What comes of running tests of that file; known where all that they run is."""
        seen = [seen for test, seen in self._baseline.seen.items() if test[0] == path]
        entered = {source for each in seen for source, _ in (*each.direct, *each.indirect)}
        texts = [(source, self._by_path[source].text) for source in sorted(entered)]
        return self._answers.get(kind, make, path, texts, *content)

    def _is_wanted(self, function: Function) -> bool:
        if self._change is not None and not touched(self._change, function):
            return False
        reason = self._why_not(function)
        if reason:
            self._dropped[reason] += 1
            return False
        self._seen.add(dedent(function.source))
        return True

    def _executable(self, function: Function) -> frozenset[int]:
        executable = self.language.executable_lines(self._source(function), function.span)
        if self._change is None:
            return executable
        return _changed(executable, touched(self._change, function))

    def _drafts(self, function: Function, sides: "_Sides") -> list[_Draft]:
        executable = self._executable(function)
        diff = self._change.files[function.path].diff if self._change is not None else ""
        home = self._homes.of(function)
        name = f"{function.path}::{function.qualname}"
        ways = self._removals(function, home, executable, sides)
        if ways:
            ids = [name] if len(ways) == 1 else [f"{name}#{n}" for n in range(1, len(ways) + 1)]
            return [
                _Draft(function, id_, executable, way.baseline, home, way, diff)
                for id_, way in zip(ids, ways, strict=True)
            ]
        covered = self._baseline.of(function)
        if self._settings.gaps_only and executable <= covered.lines:
            self._dropped["the existing suite covers it"] += 1
            return []
        return [_Draft(function, name, executable, covered, home, None, diff)]

    def _removals(
        self, function: Function, home: str, executable: frozenset[int], sides: "_Sides"
    ) -> list[Removal]:
        if self._change is not None or not self._settings.variants:
            return []
        return removals(
            function,
            [t for t in sides.visible(function, self.links.of(function)) if t.path == home],
            executable=executable,
            links=self.links,
            baseline=self._baseline,
            settings=self._settings,
        )

    def _why_not(self, function: Function) -> str:
        if function.module in self._baseline.not_imported:
            return "its module cannot be imported"
        if not self._executable(function):
            return "nothing in it runs"
        if dedent(function.source) in self._seen:
            return "a copy of another"
        return ""

    @cached_property
    def _by_path(self) -> dict[str, SourceFile]:
        return {source.path: source for source in self._files.sources}

    def _source(self, function: Function) -> str:
        return self._by_path[function.path].text

    # ------------------------------------------------------------------------- examples

    @cached_property
    def about(self) -> dict[str, frozenset[TestKey]]:
        """By source path: the tests about its functions, also under the name that the code of an
        inherited one has in its own file.
        """
        named = {
            (test.path, test.source): key_of(test) for f in self.tests.values() for test in f.tests
        }
        found: dict[str, frozenset[TestKey]] = {}
        for source in self._files.sources:
            tests = [test for function in source.functions for test in self.links.of(function)]
            keys = {key_of(test) for test in tests}
            keys.update(named.get((test.path, test.source), key_of(test)) for test in tests)
            found[source.path] = frozenset(keys)
        return found

    def example(
        self,
        draft: _Draft,
        *,
        split: Split,
        shown: Mapping[str, TestFile],
        tests: Sequence[TestCase],
        similar: tuple[TestCase, ...],
    ) -> tuple[FunctionExample, Reference | None]:
        """``shown``: the test files as this side may see them; ``tests``: those of the function,
        likewise.
        """
        removed = draft.removal.tests if draft.removal else ()
        gone = set(map(key_of, removed))
        file = shown.get(draft.home)
        whole = file.text if file else ""
        mine = [t for t in file.tests if key_of(t) in gone] if file else []
        example = FunctionExample(
            id=draft.id,
            function=draft.function,
            source_file=self._source(draft.function),
            test_path=draft.home,
            test_file=self.language.remove_tests(whole, mine) if mine else whole,
            tests=tuple(test for test in tests if key_of(test) not in gone),
            executable=Coverage(draft.executable),
            baseline=draft.covered,
            split=split,
            similar=similar,
            diff=draft.diff,
        )
        if not removed:
            return example, None
        answer = self.language.written_anew(whole, mine)
        if self._secrets("", answer):
            answer = detector().redact(answer)
        return example, Reference(draft.id, tuple(mine), answer, whole)

    def _secrets(self, path: str, text: str) -> tuple[Secret, ...]:
        find = partial(detector().find, path, text)
        return self._answers.get(tuple[Secret, ...], find, rules(), path, text)

    def _report(
        self,
        examples: Sequence[FunctionExample],
        references: Mapping[str, Reference],
        clusters: Sequence[Sequence[Function]],
        checked: verify.Checked,
        within: str,
    ) -> Report:
        settings = self._settings
        split_of = {example.function.path: example.split for example in examples}
        files = Counter(split_of.values())
        counts = Counter(example.split for example in examples)
        return Report(
            codebase=str(self._grader.layout.root),
            within=within,
            functions=sum(len(source.functions) for source in self._files.sources),
            files={split: files[split] for split in SPLITS},
            examples={split: counts[split] for split in SPLITS},
            removed=len(references),
            dropped=dict(sorted(self._dropped.items())),
            links=dict(
                sorted(Counter(k for e in examples for t in e.tests for k in t.evidence).items())
            ),
            untested=sum(not e.tests and e.id not in references for e in examples),
            near=tuple(
                tuple(f"{function.path}::{function.qualname}" for function in cluster)
                for cluster in clusters
            ),
            checked=checked.run,
            differing=checked.differing,
            unfit=tuple(self.unfit),
            secrets=tuple(
                secret
                for file in (*self._files.sources, *self._files.tests)
                for secret in self._secrets(file.path, file.text)
            ),
            unreadable=self._files.unreadable,
            passed_over=self._files.passed_over,
            not_imported=dict(self._baseline.not_imported),
            suite=self._baseline.suite,
            seed=settings.seed,
            heldout=settings.heldout,
            reserved=settings.reserved,
            gaps_only=settings.gaps_only,
            versions=versions(),
        )


class _Sides:
    """What each side of the split may see of the other."""

    def __init__(self, work: _Work, splits: Mapping[str, Split]) -> None:
        self._work = work
        self._splits = splits
        self._secret = frozenset[TestKey]().union(
            *(keys for path, keys in work.about.items() if splits.get(path, "train") != "train")
        )
        files, language = work.tests, work.language
        shown = {
            path: without(file, [t for t in file.tests if key_of(t) in self._secret], language)
            for path, file in files.items()
        }
        self._training, self._whole = shown, files
        self._fit = {key_of(test) for file in files.values() for test in file.tests}
        self._corpus = Corpus([test for file in shown.values() for test in file.tests])

    def visible(self, function: Function, tests: Sequence[TestCase]) -> list[TestCase]:
        """Training sees no test about a held-out function; unfit tests nobody sees."""
        fit = [test for test in tests if key_of(test) in self._fit]
        if self._splits[function.path] != "train":
            return fit
        return [test for test in fit if key_of(test) not in self._secret]

    def example(self, draft: _Draft) -> tuple[FunctionExample, Reference | None]:
        """Similar tests are training's own on both sides."""
        split = self._splits[draft.function.path]
        shown = self._training if split == "train" else self._whole
        tests = self.visible(draft.function, self._work.links.of(draft.function))
        removed = draft.removal.tests if draft.removal else ()
        there = shown[draft.home].tests if draft.home in shown else ()
        similar = self._corpus.like(
            draft.function, without=(*tests, *removed, *there), most=self._work.similar
        )
        return self._work.example(
            draft,
            split=split,
            shown=shown,
            tests=tests,
            similar=similar,
        )


def _changed(executable: frozenset[int], touched: frozenset[int]) -> frozenset[int]:
    """The first lines of the statements that touched lines belong to; all, where the header is
    touched.
    """
    found: set[int] = set()
    for line in touched:
        before = [first for first in executable if first <= line]
        found.update([max(before)] if before else executable)
    return frozenset(found)
