"""Thirty completions that would like to be more than text."""

import re

import pytest

from covet.inspector.address import Address
from covet.inspector.export import export
from tests.inspector.runs import add_group, add_tasks, function_example, rollout
from tests.inspector.test_report import Page

HOSTILE = {
    "a script": "<script>window.owned = 1; alert(1)</script>",
    "a script that ends ours": "</script><script>window.owned = 1</script>",
    "an image": "</pre><img src=x onerror='window.owned=1'>",
    "a drawing": "<svg/onload=window.owned=1><animate onbegin=window.owned=1>",
    "a frame": "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>",
    "an object": "<object data='javascript:window.owned=1'></object><embed src='//evil.example'>",
    "a link": "<a href='javascript:window.owned=1' autofocus onfocus=window.owned=1>x</a>",
    "a form": "<form action=//evil.example><input autofocus onfocus=window.owned=1></form>",
    "a handler in a double quote": '" onmouseover="window.owned=1" x="',
    "a handler in a single quote": "' autofocus onfocus='window.owned=1' x='",
    "a handler in a backtick": "`onload=window.owned=1`",
    "styles": "</style><style>*{display:none!important}</style>",
    "an import of styles": "<link rel=stylesheet href=//evil.example/x.css>",
    "a base": "<base href=//evil.example/>",
    "a refresh": "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "a comment": "<!-- --!><script>window.owned=1</script> <!--",
    "a data section": "<![CDATA[<script>window.owned=1</script>]]>",
    "entities": "&lt;script&gt; &#60;script&#62; &#x3c;b&#x3e; &amp;lt; &nbsp;&zwj;",
    "templates": "{{ 7 * 7 }} {% raw %} {{ self.__init__.__globals__ }} ${7*7} #{7*7} <%= 7 %>",
    "mathematics": "<math><mtext><table><mglyph><style><img src=x onerror=window.owned=1>",
    "a template element": "<template><script>window.owned=1</script></template><slot>",
    "a title": "</title></textarea></noscript><script>window.owned=1</script>",
    "UTF-7": "+ADw-script+AD4-window.owned=1+ADw-/script+AD4-",
    "terminal escapes": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x9b31m \x08\x08\x7f",
    "bidi": "access = \u202e\u2066\u202dtrue\u2069 \u2066# \u2067\u200f\u061c and on",
    "zero widths": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u180ei",
    "blank letters": "x\u3164y\u115fz\uffa0w\u2800v\u00a0u",
    "tags and selectors": "\U000e0041\U000e0042 \ufe0f\U000e0101 \ue000",
    "line ends": "one\rtwo\u2028three\u2029four\x0bfive\x0csix\x85seven\x00eight",
    "stacked marks": "Z" + "\u0301\u0321\u0489" * 60 + " end",
    "a gigantic line": "x = '" + "A" * 400_000 + "'",
    "gigantic lines in plenty": "\n".join("B" * 3000 for _ in range(200)),
    "depth": "(" * 5000 + ")" * 5000,
    "half a pair": "\ud800 and \udfff",
}
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060"
    "\u2066-\u2069\u2800\u3164\ufe0f\ufeff\uffa0\ue000\U000e0000-\U000e0fff]"
)
EXAMPLE = function_example("evil")


@pytest.fixture
def hostile_run(make_run):
    """A run in which every text that a model or a codebase writes is hostile."""
    run = make_run(tasks=1, reserved=0, steps=2)
    for step, text in enumerate(HOSTILE.values()):
        status = "ok" if step % 2 else "failed"
        answer = f"<think>{text}</think>{text}" if step % 3 else text
        bad = rollout(EXAMPLE, answer, status=status, reward=0.3)
        add_group(run, EXAMPLE, [bad, bad], step=step, prompt=text)
    add_tasks(run / "tasks", [EXAMPLE])
    return run


def test_there_are_thirty():
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_text_and_nothing_else_on_every_page(make_run, opened, name):
    from covet.inspector.site import whole

    run, text = make_run(tasks=1, reserved=0, steps=1), HOSTILE[name]
    add_group(run, EXAMPLE, [rollout(EXAMPLE, text, reward=0.5)] * 2, prompt=text)
    add_tasks(run / "tasks", [EXAMPLE])
    source = opened(run)
    for page in ("group", "rollout", "rollouts", "groups", "matrix"):
        found, html = whole(source, Address.of(page, example=EXAMPLE.id, step=0, sample=0))
        assert found == 200
        seen = Page(html)
        assert seen.tags.count("script") == 1  # ours
        assert not {"img", "iframe", "object", "embed", "base", "math"} & set(seen.tags)
        assert not [one for one in seen.attributes if one[1].startswith("on")]
        assert not [one for one in seen.attributes if one[1] == "style"]
        assert not [one for one in seen.attributes if "javascript:" in str(one[2])]
        assert not HIDDEN.search(html)
        html.encode()  # nothing in it that no UTF-8 can hold


def test_in_a_browser_nothing_executes_and_the_layout_holds(hostile_run, served, browse):
    server = served(hostile_run)
    for width, dark in ((1280, False), (390, True)):
        page, wrong = browse(server.address, width=width, dark=dark)
        for step, name in enumerate(HOSTILE):
            for kind in ("group", "rollout"):
                page.goto(f"{server.address}{kind}?step={step}&example={EXAMPLE.id}")
                assert page.evaluate("window.owned") is None, name
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
                assert page.locator("nav.pages a").count() == 7, name
                assert page.title().endswith("Covet"), name
        assert wrong == []


def test_in_a_browser_the_characters_are_shown(hostile_run, served, browse):
    server = served(hostile_run)
    page, _ = browse(server.address)
    wanted = {"bidi": r"\u202e", "zero widths": r"\u200b", "terminal escapes": r"\x1b"}
    for name, escape in wanted.items():
        step = list(HOSTILE).index(name)
        page.goto(f"{server.address}rollout?step={step}&example={EXAMPLE.id}")
        assert escape in page.locator("mark.esc").all_inner_texts()
    step = list(HOSTILE).index("a script")
    page.goto(f"{server.address}rollout?step={step}&example={EXAMPLE.id}")
    assert HOSTILE["a script"] in page.inner_text("main")


def test_an_export_of_it_opens_from_a_file_and_does_nothing(hostile_run, opened, browse, tmp_path):
    path = export(opened(hostile_run), tmp_path / "run.html")
    page, wrong = browse("file:", width=390)
    page.goto(path.as_uri())
    assert page.evaluate("window.owned") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("script, img, iframe, object, embed, base, form").count() == 0
    assert wrong == []
