"""What every language promises, whatever it is: run over all implementations."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from covet.errors import UsageError
from covet.languages.base import Addition, Language
from covet.languages.python import PYTHON
from covet.records import Function, Span, TestCase


@dataclass(frozen=True)
class Sample:
    """A language with texts in it."""

    language: Language
    source_path: str
    source: str
    test_path: str
    tests: str
    broken: str


PYTHON_SAMPLE = Sample(
    PYTHON,
    "shop/prices.py",
    '''"""Preise: größer als 0 €."""

RATE = 3


def total(prices, *, discount=0):
    """Sum."""
    if discount > 10:
        raise ValueError("zu groß")
    return sum(prices) - discount


class Basket:
    def __init__(self):
        self.prices = []

    def add(self, price):
        self.prices.append(price)
        return self  # é
''',
    "tests/test_prices.py",
    """import pytest

from shop.prices import Basket, total


def test_total():
    assert total([1, 2]) == 3


class TestBasket:
    @pytest.mark.parametrize("price", [1, 2])
    def test_add(self, price):
        assert Basket().add(price).prices == [price]


def helper():
    return 1
""",
    "def f(:\n",
)

SAMPLES = (PYTHON_SAMPLE,)


@pytest.fixture(params=SAMPLES, ids=lambda sample: sample.language.name)
def sample(request: pytest.FixtureRequest) -> Sample:
    return request.param


def functions(sample: Sample) -> tuple[Function, ...]:
    return sample.language.functions(sample.source, path=sample.source_path, module="shop.prices")


def found_tests(sample: Sample, text: str | None = None) -> tuple[TestCase, ...]:
    text = sample.tests if text is None else text
    return sample.language.tests(text, path=sample.test_path)


def lines_of(text: str, span: Span) -> str:
    return "".join(text.splitlines(keepends=True)[span.first_line - 1 : span.last_line])


def test_a_file_is_source_or_tests_and_never_both(sample: Sample) -> None:
    language = sample.language
    assert language.is_source(sample.source_path)
    assert not language.is_test(sample.source_path)
    assert language.is_test(sample.test_path)
    assert not language.is_source(sample.test_path)
    assert not language.is_source("README.md")
    assert not language.is_test("README.md")


def test_functions_come_in_file_order_and_hold_their_own_lines(sample: Sample) -> None:
    found = functions(sample)
    assert [function.qualname for function in found] == ["total", "Basket.__init__", "Basket.add"]
    assert [f.span.first_line for f in found] == sorted(f.span.first_line for f in found)
    for function in found:
        assert function.source == lines_of(sample.source, function.span)
        assert (function.path, function.module) == (sample.source_path, "shop.prices")


def test_executable_lines_lie_inside_the_function_and_below_its_header(sample: Sample) -> None:
    for function in functions(sample):
        lines = sample.language.executable_lines(sample.source, function.span)
        assert lines
        assert all(line in function.span for line in lines)
        assert function.span.first_line not in lines


def test_tests_come_in_file_order_and_hold_their_own_lines(sample: Sample) -> None:
    found = found_tests(sample)
    assert [test.qualname for test in found] == ["test_total", "TestBasket.test_add"]
    for test in found:
        assert test.source == lines_of(sample.tests, test.span)
        assert (test.path, test.evidence) == (sample.test_path, ())


def test_removing_no_test_changes_no_byte(sample: Sample) -> None:
    assert sample.language.remove_tests(sample.tests, ()) == sample.tests


def test_removing_every_test_leaves_none_and_parses(sample: Sample) -> None:
    left = sample.language.remove_tests(sample.tests, found_tests(sample))
    assert found_tests(sample, left) == ()


def test_removing_one_test_keeps_the_others_as_they_were(sample: Sample) -> None:
    first, *others = found_tests(sample)
    left = sample.language.remove_tests(sample.tests, [first])
    assert [test.source for test in found_tests(sample, left)] == [test.source for test in others]


def test_inserted_tests_are_found_after_the_old_ones(sample: Sample) -> None:
    first, *_ = found_tests(sample)
    text = sample.language.insert_tests(sample.tests, first.source.replace("test_total", "test_z"))
    assert [test.qualname for test in found_tests(sample, text)][-1] == "test_z"
    assert text.startswith(sample.tests.rstrip())


def test_tests_inserted_into_nothing_stand_alone(sample: Sample) -> None:
    code = found_tests(sample)[0].source
    assert sample.language.insert_tests("", code) == code


def test_a_mutant_differs_inside_the_span_and_nowhere_else(sample: Sample) -> None:
    for function in functions(sample):
        first, last = function.span.first_line, function.span.last_line
        old = sample.source.splitlines()
        for mutant in sample.language.mutants(sample.source, function.span, limit=1000):
            new = mutant.source.splitlines()
            assert new != old
            assert new[: first - 1] == old[: first - 1]
            assert new[len(new) - (len(old) - last) :] == old[last:]
            assert mutant.span.first_line in function.span
            assert mutant.span.last_line in function.span


def test_mutants_are_the_same_every_time_and_have_their_own_ids(sample: Sample) -> None:
    for function in functions(sample):
        all_of_them = sample.language.mutants(sample.source, function.span, limit=1000)
        assert all_of_them == sample.language.mutants(sample.source, function.span, limit=1000)
        assert len({mutant.id for mutant in all_of_them}) == len(all_of_them) > 0
        assert len({mutant.source for mutant in all_of_them}) == len(all_of_them)


def test_a_limit_picks_from_all_mutants_in_their_order(sample: Sample) -> None:
    span = functions(sample)[0].span
    all_of_them = sample.language.mutants(sample.source, span, limit=1000)
    for limit in range(len(all_of_them) + 2):
        chosen = sample.language.mutants(sample.source, span, limit=limit)
        assert len(chosen) == min(limit, len(all_of_them))
        assert list(chosen) == [mutant for mutant in all_of_them if mutant in chosen]


def test_text_that_cannot_be_parsed_is_a_syntax_error(sample: Sample) -> None:
    language, broken, span = sample.language, sample.broken, Span(1, 1)
    for ask in (
        lambda: language.functions(broken, path="a", module="a"),
        lambda: language.tests(broken, path="a"),
        lambda: language.executable_lines(broken, span),
        lambda: language.mutants(broken, span, limit=1),
        lambda: language.definitions(broken),
        lambda: language.with_types(broken, {}),
        lambda: language.tokens(broken),
        lambda: language.written_anew(broken, ()),
    ):
        with pytest.raises(SyntaxError):
            ask()


def test_a_definition_stands_where_its_name_is(sample: Sample) -> None:
    for text in (sample.source, sample.tests):
        lines = text.splitlines()
        found = sample.language.definitions(text)
        assert found
        for definition in found:
            name = definition.qualname.rpartition(".")[2]
            units = lines[definition.line - 1].encode("utf-16-le")[2 * definition.column :]
            assert units.decode("utf-16-le").startswith(name)
            assert definition.line in definition.span


def test_every_function_has_a_definition_with_its_span(sample: Sample) -> None:
    spans = {d.qualname: d.span for d in sample.language.definitions(sample.source)}
    for function in functions(sample):
        assert spans[function.qualname] == function.span


def test_types_move_no_line_and_no_test(sample: Sample) -> None:
    tests = found_tests(sample)
    types = {(test.span.first_line, name): ["a.b:C"] for test in tests for name in ("", "price")}
    typed = sample.language.with_types(sample.tests, types)
    assert typed != sample.tests
    assert [test.span for test in found_tests(sample, typed)] == [test.span for test in tests]
    assert sample.language.with_types(sample.tests, {}) == sample.tests


def test_a_test_written_anew_is_found_again_at_the_end_of_the_file(sample: Sample) -> None:
    for test in found_tests(sample):
        left = sample.language.remove_tests(sample.tests, [test])
        others = found_tests(sample, left)
        answer = sample.language.written_anew(sample.tests, [test])
        assert answer.endswith("\n")
        found = found_tests(sample, sample.language.insert_tests(left, answer))
        assert [each.source for each in found[:-1]] == [each.source for each in others]
        assert found[-1].source == test.source
        leaf = test.qualname.rpartition(".")[2]
        assert found[-1].qualname.rpartition(".")[2] == leaf


def test_all_tests_written_anew_are_found_again_once_each(sample: Sample) -> None:
    tests = found_tests(sample)
    left = sample.language.remove_tests(sample.tests, tests)
    text = sample.language.insert_tests(left, sample.language.written_anew(sample.tests, tests))
    assert sorted(test.source for test in found_tests(sample, text)) == sorted(
        test.source for test in tests
    )


def test_what_is_written_anew_has_a_name_of_its_own(sample: Sample) -> None:
    first, second = found_tests(sample)
    answer = sample.language.written_anew(sample.tests, [second])
    text = sample.language.insert_tests(sample.tests, answer)
    names = [test.qualname for test in found_tests(sample, text)]
    assert names[:2] == [first.qualname, second.qualname]
    assert len(set(names)) == len(names) == 3


def test_merged_tests_are_found_beside_the_old_ones_which_keep_their_text(sample: Sample) -> None:
    old = found_tests(sample)
    added = [Addition(sample.tests, (test.qualname,)) for test in old]
    merged = sample.language.merge_tests(
        sample.tests, added, beside=[old[0].qualname], subject="total", in_classes=False
    )
    names = [test.qualname for test in found_tests(sample, merged.text)]
    new = [name for each in merged.names for name in each]
    sources = {test.source for test in found_tests(sample, merged.text)}

    assert sorted(names) == sorted([*(test.qualname for test in old), *new])
    assert all(test.source in sources for test in old)


def test_tests_merged_into_nothing_are_found_there(sample: Sample) -> None:
    name = found_tests(sample)[0].qualname
    merged = sample.language.merge_tests(
        "", [Addition(sample.tests, (name,))], beside=(), subject="total", in_classes=False
    )

    assert [t.qualname for t in found_tests(sample, merged.text)] == list(merged.names[0])


def test_a_step_that_is_taken_out_is_gone_and_the_rest_stays(sample: Sample) -> None:
    name = found_tests(sample)[0].qualname
    spans = sample.language.steps(sample.tests, name)

    assert spans
    for span in spans:
        text = sample.language.without_steps(sample.tests, [span])
        assert lines_of(sample.tests, span) in sample.tests
        assert len(text) < len(sample.tests)


def test_expectations_stand_on_lines_of_their_test(sample: Sample) -> None:
    for test in found_tests(sample):
        for each in sample.language.expectations(sample.tests, test.qualname):
            assert each.line in test.span


def test_tokens_are_of_the_code_and_not_of_its_layout(sample: Sample) -> None:
    for function in functions(sample):
        found = sample.language.tokens(function.source)
        assert found
        assert found == sample.language.tokens(function.source.replace("\n", "\n\n"))
    each = [sample.language.tokens(function.source) for function in functions(sample)]
    assert len(set(each)) == len(each)


def test_a_reading_tells_what_tests_ask_of_a_function(sample: Sample) -> None:
    total = functions(sample)[0]
    reading = sample.language.reading(sample.tests, total, first_line=1)
    assert {check.kind for check in reading.checks} <= {"value", "state"}
    assert all(check.tied for check in reading.checks)
    assert len(reading.checks) == len(reading.distinct_tests) == 2
    assert reading.tricks == reading.stand_ins == ()


def test_a_reading_of_what_cannot_be_parsed_is_empty(sample: Sample) -> None:
    function = functions(sample)[0]
    assert sample.language.reading(sample.broken, function, first_line=1).checks == ()


def test_cheats_hold_tests_and_each_is_another(sample: Sample) -> None:
    for function in functions(sample):
        found = sample.language.cheats(function)
        assert len(set(found.values())) == len(found) > 3
        assert all(found_tests(sample, text) for text in found.values())


def test_a_language_server_that_nobody_knows_is_a_usage_error(sample: Sample) -> None:
    with pytest.raises(UsageError, match="no-such-server"):
        sample.language.server("no-such-server", search_path=["."])


def test_a_worker_is_started_by_the_interpreter_that_was_named(sample: Sample) -> None:
    command = sample.language.worker(Path("/somewhere/python"))
    assert command[0] == "/somewhere/python"
    assert Path(command[-1]).is_absolute()
    assert Path(command[-1]).is_file()
