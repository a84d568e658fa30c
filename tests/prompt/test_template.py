import re
from pathlib import Path

import pytest

from covet.errors import ConfigError
from covet.prompt import VARIABLES, load_template, template_names
from covet.prompt.template import CUTS, compile_template


def test_the_bundled_templates_load_and_ask_for_tests_to_append():
    assert template_names() == ("default", "nano")
    assert {load_template(name).answer for name in template_names()} == {"append"}


def test_a_template_of_the_users_own_is_loaded_by_its_path(tmp_path: Path):
    path = tmp_path / "mine.md"
    path.write_text("{# answer: file; cut: tests, functions #}\nTest {{ function.qualname }}.\n")
    template = load_template(str(path))
    assert (template.answer, template.cut) == ("file", ("tests", "functions"))
    assert template.name == str(path)


def test_the_order_of_what_is_cut_need_not_be_given():
    assert compile_template("{# answer: append #}\n{{ focal }}", name="t").cut == CUTS


def test_the_first_line_is_no_part_of_the_prompt():
    assert compile_template("{# answer: append #}\nHello\n", name="t").fill({}) == "Hello\n"


@pytest.mark.parametrize("name", ["", "nothing", "no/such/file.md", "."])
def test_a_missing_template_is_an_error_that_names_those_that_exist(name: str):
    with pytest.raises(ConfigError, match="default, nano"):
        load_template(name)


def test_an_unknown_variable_is_an_error_that_names_the_known_ones():
    with pytest.raises(ConfigError, match="no variable 'sorce'.*" + ", ".join(VARIABLES)):
        compile_template("{# answer: append #}\n{{ sorce }}", name="t")


def test_an_unknown_attribute_is_an_error_that_names_the_known_variables():
    template = compile_template("{# answer: append #}\n{{ focal.colour }}", name="t")
    with pytest.raises(ConfigError, match=r"template t: .*colour.*known: function, focal"):
        template.fill({"focal": "x"})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Write tests.\n", "first line must be {# answer: append #}"),
        ("{# answer: prepend #}\n", "'prepend' in its first line; known: append, file"),
        ("{# answer: file; code: bear #}\n", "'bear' in its first line; known: fenced, bare"),
        ("{# answer: file; cut: imports #}\n", "'imports' in its first line; known: similar"),
        ("{# answer: file #}\nok\n{% for x in tests %}\n", "template t, line 3: "),
    ],
)
def test_a_malformed_template_is_an_error_that_says_where(text: str, complaint: str):
    with pytest.raises(ConfigError, match=re.escape(complaint)):
        compile_template(text, name="t")


def test_a_template_reaches_nothing_of_the_machine():
    escape = "{{ focal.__class__.__mro__[1].__subclasses__() }}"
    template = compile_template("{# answer: append #}\n" + escape, name="t")
    with pytest.raises(ConfigError, match="unsafe"):
        template.fill({"focal": "x"})
