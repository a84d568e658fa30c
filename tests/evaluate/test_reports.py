from pathlib import Path

import pytest

from covet.errors import DataError
from covet.evaluate.reports import read_report, with_report

COBERTURA = """\
<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.5" version="7.6">
  <sources><source>{source}</source></sources>
  <packages><package name="shop"><classes>
    <class name="price.py" filename="{name}" line-rate="0.5">
      <methods/>
      <lines><line number="5" hits="1"/><line number="6" hits="0"/><line number="7" hits="3"
        branch="true" condition-coverage="50% (1/2)"/></lines>
    </class>
  </classes></package></packages>
</coverage>
"""
LCOV = "TN:\nSF:{name}\nFN:4,clamp\nDA:5,1\nDA:6,0\nDA:7,3,abc\nBRDA:7,0,0,1\nend_of_record\n"


@pytest.fixture
def report(tmp_path):
    def write(text):
        path = tmp_path / "report"
        path.write_text(text)
        return read_report(path)

    return write


@pytest.mark.parametrize(
    "text",
    [
        COBERTURA.format(source="/home/me/code", name="shop/price.py"),
        COBERTURA.format(source="/elsewhere/shop", name="price.py"),
        COBERTURA.format(source="src", name="shop\\price.py"),
        LCOV.format(name="shop/price.py"),
        LCOV.format(name="/home/me/code/shop/price.py"),
        LCOV.format(name="/elsewhere/code/shop/price.py"),
    ],
)
def test_a_report_tells_which_lines_of_a_file_ran(report, text):
    assert report(text).lines("shop/price.py", Path("/home/me/code")) == {5, 7}


def test_a_file_that_two_names_may_mean_is_not_guessed(report):
    text = LCOV.format(name="/a/price.py") + LCOV.format(name="/b/price.py")
    assert report(text).lines("shop/price.py", Path("/home/me/code")) is None


def test_baselines_are_those_of_the_report_where_it_has_the_file(report, examples):
    clamp = examples[0]
    found, absent = with_report([clamp], report(LCOV.format(name="shop/price.py")), Path("/code"))
    assert found[0].baseline.lines == {line for line in (5, 7) if line in clamp.function.span}
    assert absent == ()
    found, absent = with_report([clamp], report(LCOV.format(name="other.py")), Path("/code"))
    assert found == [clamp]
    assert absent == ("shop/price.py",)


BOMB = """\
<!DOCTYPE coverage [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<coverage><sources><source>&b;</source></sources></coverage>
"""
OUTSIDE = """\
<!DOCTYPE coverage [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<coverage><sources><source>&a;</source></sources></coverage>
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "declares an entity"),
        (OUTSIDE, "declares an entity"),
        ("<coverage>", "broken Cobertura"),
        ("<html></html>", "not <coverage>"),
        ("<coverage/>", "no file with lines"),
        ("<coverage><class/></coverage>", "lacks its attribute"),
        ("hello", "no file with lines"),
        ("SF:a.py\nDA:x,1\n", "broken lcov"),
        ("", "no file with lines"),
    ],
)
def test_what_is_no_report_is_refused_in_words(report, text, words):
    with pytest.raises(DataError, match=words):
        report(text)
