"""The command itself: quick, light, and honest about its endings."""

import resource
import subprocess
import sys

import msgspec
import pytest

HELP_CPU_S = 0.3


def covet(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "covet", *arguments], capture_output=True, text=True, check=False
    )


def test_help_answers_at_once() -> None:
    def cpu_s() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    costs: list[float] = []
    for _ in range(3):
        before = cpu_s()
        covet("--help")
        costs.append(cpu_s() - before)

    assert min(costs) < HELP_CPU_S


@pytest.mark.parametrize("module", ["torch", "transformers", "numpy", "pydantic", "rich"])
def test_help_loads_nothing_heavy(module: str) -> None:
    program = (
        "import sys, click.testing, covet.cli as c\n"
        "assert click.testing.CliRunner().invoke(c.main, ['--help']).exit_code == 0\n"
        f"raise SystemExit({module!r} in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_each_verb_has_a_page_of_help_with_its_exit_codes() -> None:
    for verb in ("demo", "doctor", "init", "mine", "score", "warmup"):
        page = covet(verb, "--help")

        assert page.returncode == 0
        assert "Exit codes" in page.stdout
        assert len(page.stdout.splitlines()) < 50


def test_an_unknown_setting_is_a_usage_error_in_words_and_in_json(tmp_path) -> None:
    done = covet("mine", str(tmp_path), "--set", "mine.heldoot=0.3", "--json")

    assert done.returncode == 2
    assert "did you mean mine.heldout?" in done.stderr
    assert msgspec.json.decode(done.stdout)["error"]["type"] == "ConfigError"


def test_a_usage_error_has_no_traceback(tmp_path) -> None:
    done = covet("mine", str(tmp_path / "absent"))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
