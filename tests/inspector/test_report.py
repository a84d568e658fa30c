import re
from html.parser import HTMLParser
from typing import get_args

import pytest

from covet.config import Config, as_toml
from covet.errors import DataError
from covet.evaluate.rows import Sample
from covet.inspector import write_report
from covet.inspector.page import visible
from covet.inspector.tasks import LONGEST, VERDICTS
from covet.records import Status
from covet.runlog import RunLog

HOSTILE = [
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    "</style><style>*{display:none}",
    "&lt;b&gt; &#60;i&#62; &amp;",
    "{{ 7 * 7 }}{% raw %}",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "<!-- --><base href=//evil>",
]


class Page(HTMLParser):
    """Every tag, attribute and stretch of text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in ("meta", "br", "img", "base", "link", "input"):  # the void ones
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)


def page_of(run):
    text = write_report(run).read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    return page


def test_the_page_asks_nothing_of_any_network_and_runs_no_script(make_run):
    page = page_of(make_run(tasks=4, reserved=2, steps=6))
    assert not {"script", "img", "link", "iframe", "object", "base", "form"} & set(page.tags)
    assert not [a for a in page.attributes if a[1] in ("src", "action", "srcset", "style")]
    assert not [a for a in page.attributes if a[1].startswith("on")]
    policies = [value for tag, name, value in page.attributes if name == "content"]
    assert any("default-src 'none'" in value and "unsafe" not in value for value in policies)
    assert "url(" not in page.text
    assert "@import" not in page.text


def test_every_link_leads_to_a_place_in_the_page(make_run):
    page = page_of(make_run(tasks=4, reserved=2, steps=6, groups=3))
    places = {value for _, name, value in page.attributes if name == "id"}
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert len(links) > 40
    assert {link[:1] for link in links} == {"#"}
    assert {link[1:] for link in links} <= places
    assert len(places) == sum(name == "id" for _, name, _ in page.attributes)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_policy_writes_is_shown_and_never_acts(make_run, task_row, hostile):
    sample = Sample(hostile, "error", 0.0, detail=hostile)
    honest = page_of(make_run(tasks=0, reserved=0, steps=0, rows=[task_row("a", sample)]))
    assert honest.text.count(hostile) >= 4  # the test and why it failed, before and after
    assert not {"script", "img", "base"} & set(honest.tags)
    assert not [a for a in honest.attributes if a[1].startswith("on")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_code_names_settings_and_mutants_are_escaped_too(make_run, task_row, hostile):
    from dataclasses import replace

    row = replace(
        task_row("a", Sample("def test_a(): ...\n", "ok", 1.0, "", (13,), (hostile,))),
        source=f"def f():\n    return {hostile!s}\n",
        qualname=hostile,
        path=hostile,
        mutants={hostile: f"-{hostile}\n+{hostile}\n"},
        policy=hostile,
    )
    page = page_of(make_run(tasks=0, reserved=0, steps=0, rows=[row], model=hostile))
    assert page.text.count(hostile) >= 6
    assert not {"script", "img", "base"} & set(page.tags)
    assert not [a for a in page.attributes if a[1].startswith("on")]


def test_characters_that_hide_or_turn_the_text_are_shown_as_escapes(make_run, task_row):
    written = "a\u202eb\u2066c\u200bd\x00e\x1bf\u00adg\r\n\tend\n"
    row = task_row("a", Sample(written, "syntax", 0.0))
    page = page_of(make_run(tasks=0, reserved=0, steps=0, rows=[row]))
    assert r"a\u202eb\u2066c\u200bd\x00e\x1bf\xadg\r" in page.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\x00\x1b]", page.text)


def test_what_can_be_seen_stays_as_it_is():
    text = "naïve “quotes” 変数 🙂 a\tb\nα\u0301"
    assert visible(text) == text


@pytest.mark.parametrize("char", ["\ud800", "\ue000", "\u2028", "\ufeff", "\U000e0041", "\x85"])
def test_what_cannot_be_seen_becomes_its_python_escape(char):
    shown = visible(f"x{char}y")
    assert shown.isascii()
    assert shown[1:-1].encode().decode("unicode_escape") == char


def test_an_endless_completion_is_cut_and_says_so(make_run, task_row):
    row = task_row("a", Sample("x" * (LONGEST + 99), "timeout", 0.0))
    page = page_of(make_run(tasks=0, reserved=0, steps=0, rows=[row]))
    assert "… 99 more characters" in page.text
    assert "x" * (LONGEST + 1) not in page.text


def test_only_the_demonstration_policy_is_called_one(make_run, tmp_path):
    warning = "A demonstration policy for the bundled kind of code"
    assert warning in page_of(make_run(tasks=1, reserved=0, steps=0)).text
    (tmp_path / "demo-001").rename(tmp_path / "other")
    real = make_run(tasks=1, reserved=0, steps=0, model="Qwen/Qwen2.5-Coder-7B")
    assert warning not in page_of(real).text


def test_reserved_files_are_reported_apart(make_run):
    text = page_of(make_run(tasks=3, reserved=2, steps=2)).text
    assert "3 functions, 4 tests written for each" in text
    assert "2 functions, 4 tests written for each" in text


def test_a_run_that_has_only_begun_has_a_page(tmp_path):
    log = RunLog.create(tmp_path / "run", as_toml(Config()), extra={})
    page = page_of(log.root)
    log.close()
    assert "Nothing is evaluated yet." in page.text
    assert "No training step is done yet." in page.text
    assert "No groups yet." in page.text


def test_a_run_of_tests_for_a_change_names_who_wrote_them_and_tells_of_no_training(tmp_path):
    extra = {"verb": "write", "policies": ["https://api.example.com/v1#large"]}
    log = RunLog.create(tmp_path / "run", as_toml(Config()), extra=extra)
    page = page_of(log.root)
    log.close()
    assert "model https://api.example.com/v1#large" in page.text
    assert "demonstration policy" not in page.text
    assert "training step" not in page.text


def test_a_run_that_is_only_evaluated_before_has_a_page(make_run):
    page = page_of(make_run(tasks=3, reserved=0, steps=0, after=False))
    assert "No samples." in page.text


def test_a_step_without_an_update_leaves_a_gap(make_run):
    run = make_run(tasks=1, reserved=0, steps=5)
    page = page_of(run)
    lines = [value for tag, name, value in page.attributes if (tag, name) == ("polyline", "points")]
    lengths = [len(line.split()) for line in lines]
    without = 8  # measures of an update, which step 3 lacks: each has its values and their mean
    assert lengths.count(4) == 2 * without
    assert lengths.count(5) == len(lengths) - 2 * without


def test_shares_are_drawn_on_axes_from_nothing_to_all(make_run):
    page = page_of(make_run(tasks=3, reserved=0, steps=5))
    text = " ".join(page.text.split())
    assert text.count("0 0.25 0.5 0.75 1") >= 5


def test_a_folder_that_is_no_run_is_an_error_that_names_it(tmp_path):
    with pytest.raises(DataError, match="manifest"):
        write_report(tmp_path)


def test_settings_of_another_version_are_shown_as_they_are(make_run):
    run = make_run(tasks=1, reserved=0, steps=0)
    (run / "covet.toml").write_text('[future]\nknob = "x"\n')
    assert "knob" in page_of(run).text


def test_equal_runs_give_equal_pages(make_run):
    run = make_run(tasks=3, reserved=1, steps=4)
    assert write_report(run).read_bytes() == write_report(run).read_bytes()


def test_every_status_has_a_word() -> None:
    assert set(VERDICTS) == set(get_args(Status))
