"""Every page and every filter in a real browser, on what a real demo left."""

import re

import pytest

from covet.inspector.export import REPORT, export
from tests.inspector.runs import build_run

pytestmark = pytest.mark.timeout(900)  # the run that is looked at is made first

PAGES = ["Run", "Groups", "Rollouts", "Matrix", "Compare", "Dataset", "Scorecard"]


@pytest.fixture
def real(real_run, served):
    return served(real_run)


def go(page, server, name):
    page.goto(server.address)
    page.click(f"nav.pages a:text-is('{name}')")
    page.wait_for_load_state()


def rows(page):
    """How many the list says that it has."""
    return int(page.locator(".pager").first.inner_text().split()[0].replace(",", ""))


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_every_page_fits_and_goes_without_a_complaint(real, browse, width, dark):
    page, wrong = browse(real.address, width=width, dark=dark)
    for name in PAGES:
        go(page, real, name)
        assert page.locator("nav.pages a[aria-current]").inner_text() == name
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        first = page.locator("[data-item] a").first
        if first.count():
            first.click()
            page.wait_for_load_state()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert "Not found" not in page.inner_text("main")
    assert wrong == []


def test_every_page_can_be_read_without_scripts(real, browse):
    page, wrong = browse(real.address, script=False)
    for name in PAGES:
        go(page, real, name)
        assert page.locator("h1").count() == 1
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("Groups", {"task": "a", "q": "assert", "from": "1", "to": "2", "why": "killed"}),
        ("Rollouts", {"q": "assert", "task": "a", "from": "1", "to": "1", "why": "killed"}),
        ("Matrix", {"task": "a"}),
        ("Compare", {"task": "a"}),
        ("Dataset", {"task": "a"}),
    ],
)
def test_what_is_typed_into_a_filter_narrows_and_stands_in_the_address(real, browse, name, filters):
    page, wrong = browse(real.address)
    go(page, real, name)
    everything = rows(page)
    for field, value in filters.items():
        go(page, real, name)
        page.fill(f"form.filters [name='{field}']", value)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"[?&]{field}={value}(&|$)"))
        assert rows(page) <= everything
        assert page.input_value(f"form.filters [name='{field}']") == value
        again, _ = browse(real.address)
        again.goto(page.url)
        assert rows(again) == rows(page)
    page.click("form.filters >> text=Clear")
    page.wait_for_load_state()
    assert rows(page) == everything
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Groups", "signal"),
        ("Groups", "flagged"),
        ("Rollouts", "status"),
        ("Rollouts", "flagged"),
        ("Compare", "outcome"),
        ("Compare", "split"),
        ("Compare", "by"),
        ("Dataset", "split"),
        ("Dataset", "tested"),
        ("Dataset", "evidence"),
    ],
)
def test_each_choice_of_a_filter_takes_effect_when_it_is_made(real, browse, name, field):
    page, wrong = browse(real.address)
    go(page, real, name)
    everything = rows(page)
    box = f"form.filters select[name='{field}']"
    values = [one.get_attribute("value") for one in page.locator(f"{box} option").all()]
    found = {}
    for value in filter(None, values):
        go(page, real, name)
        if page.input_value(box) == value:
            continue  # it is what is shown when nothing is chosen
        with page.expect_navigation():
            page.select_option(box, value)
        assert f"{field}={value}" in page.url
        found[value] = rows(page)
    assert found
    assert all(count <= everything for count in found.values())
    if field in ("status", "split", "outcome", "signal"):
        assert sum(found.values()) == everything
    assert wrong == []


@pytest.mark.parametrize("name", ["Groups", "Rollouts", "Compare", "Dataset"])
def test_each_order_can_be_chosen(real, browse, name):
    page, wrong = browse(real.address)
    go(page, real, name)
    everything = rows(page)
    for place in range(page.locator("nav[aria-label='Order'] a").count()):
        go(page, real, name)
        page.locator("nav[aria-label='Order'] a").nth(place).click()
        page.wait_for_url(re.compile("sort="))
        assert rows(page) == everything
    assert wrong == []


def test_pages_can_be_walked_through_by_keys(real, browse):
    page, wrong = browse(real.address)
    page.goto(real.address)
    page.keyboard.press("3")
    page.wait_for_url(re.compile("/rollouts"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('[data-item]').rowIndex") == 1
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/rollout\\?"))
    first = page.inner_text("h1")
    page.keyboard.press("n")
    page.wait_for_function("was => document.querySelector('h1').innerText !== was", arg=first)
    page.keyboard.press("p")
    page.wait_for_function("was => document.querySelector('h1').innerText === was", arg=first)
    page.keyboard.press("u")
    page.wait_for_url(re.compile("/group\\?"))
    page.keyboard.press("?")
    assert page.locator("#keys").get_attribute("open") is not None
    assert wrong == []


def test_the_first_stop_of_the_tab_key_leads_past_the_navigation(real, browse):
    page, _ = browse(real.address)
    page.goto(real.address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


CONTRAST = """() => {
  const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => {
    v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (c !== "rgba(0, 0, 0, 0)") return c; } return "rgb(255, 255, 255)"; };
  const bad = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(e.closest("svg") ? style.fill : style.color), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.add(`${ratio.toFixed(2)} ${e.tagName}.${e.className} ${e.textContent.slice(0, 30)}`);
  }
  return [...bad];
}"""  # noqa: E501 (a script)


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_and_fields_have_names(real, browse, dark):
    page, _ = browse(real.address, dark=dark)
    for name in PAGES:
        go(page, real, name)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate(CONTRAST) == []
        unnamed = "[...document.querySelectorAll('input:not([type=hidden]),select')]"
        assert page.evaluate(f"{unnamed}.filter((one) => !one.labels.length).length") == 0
        assert page.locator("svg[role='img']:not([aria-label])").count() == 0
        first = page.locator("[data-item] a").first
        if first.count():
            first.click()
            page.wait_for_load_state()
            page.evaluate("document.querySelectorAll('details').forEach((x) => (x.open = true))")
            assert page.evaluate(CONTRAST) == []


def test_a_chart_leads_to_the_groups_of_a_step(real, browse):
    page, _ = browse(real.address)
    page.goto(real.address)
    page.locator("figure svg rect.hit").nth(1).click()
    page.wait_for_url(re.compile(r"/groups\?.*from=1"))
    assert rows(page) == 4


def test_a_page_that_is_open_hears_of_new_rows(tmp_path, served, browse):
    from covet.runlog import append_jsonl

    run = build_run(tmp_path / "run", tasks=1, reserved=0, steps=2, groups=1)
    server = served(run)
    page, wrong = browse(server.address)
    page.goto(f"{server.address}groups")
    append_jsonl(run / "rollouts.jsonl", {"example_id": "new", "step": 5, "status": "ok"})
    page.locator("#fresh").wait_for(state="visible")
    page.click("#fresh")
    page.locator("tbody >> text=new").wait_for()
    assert wrong == []


def test_a_newcomer_is_three_clicks_away_from_a_kill(real_run, opened, browse, tmp_path):
    path = export(opened(real_run), tmp_path / "report.html", limits=REPORT)
    page, wrong = browse("file:")
    page.goto(path.as_uri())
    page.click("nav.pages a:text-is('Compare')")
    page.locator("main:target a").first.wait_for()
    page.locator("main:target [data-item] a").first.click()
    shown = page.locator("main:target")
    shown.locator("h2:text-is('After')").wait_for()
    assert shown.locator("li.after, li.both").count()  # lines that it newly covers
    assert "def test_" in shown.inner_text()
    assert re.search(r"after:\s+killed", shown.inner_text())
    assert wrong == []


def test_an_export_holds_every_page_and_opens_from_a_file(real_run, opened, browse, tmp_path):
    path = export(opened(real_run), tmp_path / "run.html")
    for script in (True, False):
        page, wrong = browse("file:", script=script, width=390, dark=True)
        page.goto(path.as_uri())
        for name in PAGES:
            page.click(f"nav.pages a:text-is('{name}')")
            assert page.locator("main:visible").count() == 1
            assert page.locator("main:visible h1").count() == 1
            first = page.locator("main:visible [data-item] a").first
            if first.count():
                before = page.inner_text("main:visible h1")
                first.click()
                assert page.locator("main:visible").count() == 1
                assert page.inner_text("main:visible h1") != before
        assert wrong == []
