"""Each rule on a trace that keeps them all but one."""

import pytest

from covet.warmup import rules
from covet.warmup.rules import RULES, About, broken_rule
from tests.warmup.conftest import REMOVED, SOURCE

OPENING = "Let me work this out step by step."
GOOD = (
    f"{OPENING} The function hands back whatever number it is given as long as that is no larger "
    "than 18, and from there on always 18, so that no trip counts for more than that. The limit "
    "itself can go wrong: somebody who plans a trip of twenty must not be charged for twenty. That "
    "takes me into the branch where `n > 18` holds, and its early return. I expect 18 for an input "
    "of 20 because the cap takes the place of what lies beyond it."
)
ABOUT = About(OPENING, 200, function=SOURCE, tests=REMOVED, names=("test_capped_high",))


def test_a_good_trace_keeps_every_rule() -> None:
    assert broken_rule(GOOD, ABOUT) == ""


def test_a_good_trace_may_be_wrapped_list_its_points_and_quote_a_call() -> None:
    text = GOOD.replace(". ", ".\n", 3) + "\n- So `capped(20)` is to give 18.\n1. Nothing else is."
    assert broken_rule(text, ABOUT) == ""


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        (GOOD.removeprefix("Let me "), rules.opens_otherwise),
        (f'"{GOOD}"', rules.opens_otherwise),
        (GOOD + " And so on." * 50, rules.is_too_long),
        (f"{OPENING} Twenty gives eighteen.", rules.is_too_short),
        (OPENING, rules.is_too_short),
        (GOOD + " </think> So.", rules.has_tags),
        (GOOD + "\n```\nx\n```", rules.has_code),
        (GOOD + "\n~~~ python", rules.has_code),
        (GOOD + "\ndef helper(n):\n    nothing", rules.has_code),
        (GOOD + "\nimport math", rules.has_code),
        (GOOD + "\nfrom trips import capped", rules.has_code),
        (GOOD + "\n@given(n)", rules.has_code),
        (GOOD + "\n    assert capped(19) == 18", rules.has_code),
        (GOOD + "\nresult = capped(20)", rules.has_code),
        (GOOD + "\n>>> capped(20)", rules.has_code),
        (GOOD + " So assert capped(20) == 18, clearly.", rules.repeats_the_test),
        (GOOD + " So `capped(20)  ==  18` it is.", rules.repeats_the_test),
        (GOOD + " That is test_capped_high then.", rules.repeats_the_test),
        (GOOD + " I use pytest for it.", rules.talks_of_the_framework),
        (GOOD + " A MagicMock will do.", rules.talks_of_the_framework),
        (GOOD + " I am mocking the clock.", rules.talks_of_the_framework),
        (GOOD + " Then self.assertEqual tells.", rules.talks_of_the_framework),
        (GOOD + " Any testing framework will do.", rules.talks_of_the_framework),
        (
            GOOD + " 所以我期望返回的结果正好是十八，因为上限在那里生效。" * 4,
            rules.is_in_another_script,
        ),
        (f"{GOOD}\n## Edge cases\nNone.", rules.is_no_prose),
        (GOOD + "\n| n | out |", rules.is_no_prose),
        (GOOD + " n:20->18" * 90, rules.is_no_prose),
        (GOOD + ' The token is "AKIAIOSFODNN7ZQXWJHV".', rules.holds_a_secret),
    ],
)
def test_each_rule_is_broken_by_what_it_is_about(text: str, breaks: object) -> None:
    reason = next(reason for reason, rule in RULES.items() if rule is breaks)
    assert broken_rule(text, ABOUT) == reason


def test_every_rule_has_a_reason_of_its_own_and_an_example_here() -> None:
    (mark,) = test_each_rule_is_broken_by_what_it_is_about.pytestmark
    assert set(RULES.values()) == {breaks for _, breaks in mark.args[1]}


def test_the_words_of_the_function_itself_are_no_talk_of_the_framework() -> None:
    source = "def fixtures_of(club):\n    return club.fixtures\n"
    about = About(OPENING, 200, function=source, tests="", names=())
    text = GOOD + " All fixtures of the club come back, and each fixture once."
    assert broken_rule(text, about) == ""
    assert broken_rule(text, ABOUT) == "it talks of the test framework"


def test_short_lines_that_code_and_prose_share_are_no_repetition() -> None:
    tests = "def test_a():\n    x = 20\n    pass\n    return\n"
    about = About(OPENING, 200, function=SOURCE, tests=tests, names=("test_a",))
    assert broken_rule(GOOD + " Say x = 20 here, and let the others pass.", about) == ""
