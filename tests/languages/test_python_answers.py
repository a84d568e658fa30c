"""Tests written anew at the end of their file, and really run there by pytest."""

import os
import re
import subprocess
import sys
from textwrap import dedent

import pytest

from covet.languages.python import PYTHON


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """By case: the ids of the tests that pass in the file with its answer; of all in one run."""
    folder = tmp_path_factory.mktemp("answers")
    for number, (body, names, _) in enumerate(CASES.values()):
        _, file = answered(HEAD + dedent(body).lstrip("\n"), *names)
        (folder / f"test_{number}.py").write_text(file)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-c", "/dev/null", "--rootdir", str(folder)],
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if "::" in line]
    assert lines, done.stdout
    return {
        name: [
            line.replace(f"PASSED test_{number}.py::", "")
            for line in lines
            if re.match(rf"[A-Z]+ test_{number}\.py::", line)
        ]
        for number, name in enumerate(CASES)
    }


def answered(source: str, *names: str) -> tuple[str, str]:
    """The answer of those tests, and the file without them with the answer at its end."""
    tests = PYTHON.tests(source, path="test_it.py")
    chosen = [test for test in tests if test.qualname in names]
    assert len(chosen) == len(names)
    answer = PYTHON.written_anew(source, chosen)
    return answer, PYTHON.insert_tests(PYTHON.remove_tests(source, chosen), answer)


HEAD = "import unittest\n\nimport pytest\n\nLOG = []\n\n\n"


CASES = {
    "a function": (
        """
        def test_one():
            assert True


        def test_two():
            assert True
        """,
        ["test_one"],
        ["test_two", "test_one"],
    ),
    "all functions": (
        """
        def test_one():
            assert True


        def test_two():
            assert True
        """,
        ["test_one", "test_two"],
        ["test_one", "test_two"],
    ),
    "decorators": (
        """
        @pytest.fixture
        def three():
            return 3


        @pytest.mark.parametrize(
            "n", [1, 2]
        )
        @pytest.mark.usefixtures("three")
        def test_one(n, three):
            assert n < three
        """,
        ["test_one"],
        ["test_one[1]", "test_one[2]"],
    ),
    "a method": (
        """
        class TestA:
            def test_one(self):
                assert True

            def test_two(self):
                assert True
        """,
        ["TestA.test_one"],
        ["TestA::test_two", "TestAMore::test_one"],
    ),
    "all methods": (
        """
        class TestA:
            def test_one(self):
                assert True

            def test_two(self):
                assert True


        class TestAMore:
            pass
        """,
        ["TestA.test_one", "TestA.test_two"],
        ["TestAMore2::test_one", "TestAMore2::test_two"],
    ),
    "bases and decorators of the class": (
        """
        class Base:
            base = 1


        @pytest.mark.parametrize("n", [1, 2])
        class TestA(Base):
            def test_one(self, n):
                assert n >= self.base
        """,
        ["TestA.test_one"],
        ["TestAMore::test_one[1]", "TestAMore::test_one[2]"],
    ),
    "setUp": (
        """
        class TestA(unittest.TestCase):
            def setUp(self):
                self.n = 1

            def test_one(self):
                self.assertEqual(self.n, 1)

            def test_two(self):
                self.assertEqual(self.n, 1)
        """,
        ["TestA.test_one"],
        ["TestA::test_two", "TestAMore::test_one", "TestAMore::test_two"],
    ),
    "setUp and nothing else": (
        """
        class TestA(unittest.TestCase):
            def setUp(self):
                self.n = 1

            def test_one(self):
                self.assertEqual(self.n, 1)
        """,
        ["TestA.test_one"],
        ["TestAMore::test_one"],
    ),
    "a fixture of the class": (
        """
        class TestA:
            @pytest.fixture
            def n(self):
                return 1

            def test_one(self, n):
                assert n == 1
        """,
        ["TestA.test_one"],
        ["TestAMore::test_one"],
    ),
    "a value that is called like a test": (
        """
        class TestA:
            test_inputs = [1, 2]

            def test_one(self):
                assert sum(self.test_inputs) == 3
        """,
        ["TestA.test_one"],
        ["TestAMore::test_one"],
    ),
    "a class and a loop in the class": (
        """
        class TestA:
            class Thing:
                n = 1

            for m in [1, 2]:
                last = m

            def test_one(self):
                assert self.Thing.n < self.last
        """,
        ["TestA.test_one"],
        ["TestAMore::test_one"],
    ),
    "nested classes": (
        """
        class TestA:
            class TestB:
                def test_one(self):
                    assert True

                class TestC:
                    n = 1

                    def test_two(self):
                        assert self.n == 1

            def test_three(self):
                assert True
        """,
        ["TestA.TestB.test_one", "TestA.TestB.TestC.test_two"],
        ["TestA::test_three", "TestBMore::test_one", "TestCMore::test_two"],
    ),
    "text over several lines": (
        '''
        class TestA:
            def test_one(self):
                assert """
        a
          b
        """ == "\\na\\n  b\\n"

            @pytest.mark.parametrize("n", [1])
            def test_two(self, n):
                assert n

            def test_three(self):
                assert True
        ''',
        ["TestA.test_one", "TestA.test_two"],
        ["TestA::test_three", "TestAMore::test_one", "TestAMore::test_two[1]"],
    ),
    "helpers stay": (
        """
        async def work():
            return 1


        def test_two():
            assert work


        def test_one():
            import asyncio

            assert asyncio.run(work()) == 1
        """,
        ["test_two", "test_one"],
        ["test_two", "test_one"],
    ),
}
"""By what is to be seen: a file, the tests that are written anew, and what pytest then runs."""


@pytest.mark.parametrize("name", CASES)
def test_an_answer_at_the_end_of_the_file_passes(name: str, verdicts: dict[str, list[str]]) -> None:
    assert sorted(verdicts[name]) == sorted(CASES[name][2])


def test_an_answer_holds_the_tests_and_nothing_else() -> None:
    source = HEAD + "def helper():\n    return 1\n\n\ndef test_one():\n    assert helper()\n"
    answer, _ = answered(source, "test_one")
    assert answer == "def test_one():\n    assert helper()\n"


def test_an_answer_leaves_the_remaining_tests_as_they_were() -> None:
    source = HEAD + (
        "class TestA:\n    def test_one(self):\n        assert 1\n\n"
        "    def test_two(self):\n        assert 2\n"
    )
    _, file = answered(source, "TestA.test_one")
    found = {test.qualname: test.source for test in PYTHON.tests(file, path="test_it.py")}
    assert found["TestA.test_two"] == "    def test_two(self):\n        assert 2\n"
    assert set(found) == {"TestA.test_two", "TestAMore.test_one"}


def test_a_file_that_cannot_be_parsed_is_a_syntax_error() -> None:
    (test,) = PYTHON.tests("def test_one():\n    assert 1\n", path="test_it.py")
    with pytest.raises(SyntaxError):
        PYTHON.written_anew("def f(:\n", [test])
