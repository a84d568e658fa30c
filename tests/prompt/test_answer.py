import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.prompt import load_template
from covet.prompt.answer import answer, continued
from covet.prompt.parse import code_in
from covet.prompt.template import compile_template

NEW = "def test_new():\n    assert second(3) == 3\n"
THOUGHT = "Let me think.\n\nThree is below the limit, so it comes back as it is."
FENCED_STRING = 'def test_new():\n    text = """\n```python\nx = 1\n```\n"""\n    assert text\n'


@pytest.mark.parametrize("code", ["fenced", "bare"])
@pytest.mark.parametrize("thought", ["", THOUGHT])
@pytest.mark.parametrize("written", [NEW, "\n\n" + NEW, "import os\n\n\n" + NEW])
def test_an_answer_is_read_back_as_its_code(code: str, thought: str, written: str):
    assert code_in(answer(written, code=code, thought=thought)) == written.strip("\n") + "\n"


def test_a_fence_is_longer_than_those_in_the_code():
    text = answer(FENCED_STRING, code="fenced", thought=THOUGHT)
    assert "\n````python\n" in text
    assert code_in(text) == FENCED_STRING


def test_the_thought_stands_first_in_its_tags_and_the_code_last():
    assert answer(NEW, code="fenced", thought="So.") == (
        f"<think>\nSo.\n</think>\n\n```python\n{NEW}```"
    )
    assert answer(NEW, code="bare", thought="So.") == f"<think>\nSo.\n</think>\n{NEW}"


@pytest.mark.parametrize("prompt_end", ["<|assistant|>\n<think>", "<|assistant|>\n<think>\n"])
@pytest.mark.parametrize("thought", ["", THOUGHT])
def test_a_thought_that_the_chat_template_opens_is_not_opened_again(prompt_end: str, thought: str):
    text = answer(NEW, code="fenced", thought=thought)
    rest = continued(text, prompt_end=prompt_end)
    assert not rest.startswith("<think>")
    assert code_in(rest) == code_in(prompt_end.partition("\n")[2] + rest) == NEW
    if thought:
        assert (prompt_end + rest).endswith(text)


def test_elsewhere_an_answer_goes_on_as_it_is():
    assert continued(NEW, prompt_end="<think>hm</think># new\n") == NEW


@given(
    written=st.lists(st.sampled_from(["```", "~~~", "``` py", "x = 1", "'''", "", "    y()"])).map(
        lambda lines: "\n".join(["def test_a():", *lines, "    pass", ""])
    ),
    thought=st.text(st.characters(exclude_characters="<>", codec="utf-8")),
)
def test_whatever_the_code_holds_it_comes_back_out_of_a_fence(written: str, thought: str):
    assert code_in(answer(written, code="fenced", thought=thought)) == written


def test_a_template_says_whether_it_asks_for_a_fence():
    assert load_template("default").code == "fenced"
    assert load_template("nano").code == "bare"
    own = compile_template("{# answer: append; code: bare; cut: tests #}\n{{ focal }}", name="t")
    assert (own.code, own.cut) == ("bare", ("tests",))


def test_a_template_may_be_given_more_names():
    own = compile_template("{# answer: file #}\n{{ wish }}", name="t", bound={"wish": "Tests!"})
    assert own.fill({}) == "Tests!"
