"""``covet init`` and ``covet doctor`` on tiny codebases."""

from pathlib import Path

import msgspec
import pytest

from covet.cli.doctor import language_server, model, teacher
from covet.config import Config, load
from tests.standin import Standin


def test_init_writes_settings_that_load_and_name_what_was_found(covet, codebase) -> None:
    done = covet("init", codebase)

    assert done.returncode == 0, done.stderr
    assert load(codebase / "covet.toml").codebase.tests == ("tests",)


def test_every_line_that_init_leaves_commented_is_a_setting_at_its_default(covet, codebase) -> None:
    covet("init", codebase)
    text = (codebase / "covet.toml").read_text()
    settings = [line[2:] for line in text.splitlines() if line.startswith("# ") and " = " in line]
    (codebase / "covet.toml").write_text(
        "\n".join(line[2:] if line[2:] in settings else line for line in text.splitlines())
    )

    config = load(codebase / "covet.toml")

    assert config.model_dump(exclude={"codebase"}) == Config().model_dump(exclude={"codebase"})


def test_init_never_replaces_a_file_unasked(covet, codebase) -> None:
    (codebase / "covet.toml").write_text("[train]\nsteps = 3\n")

    refused = covet("init", codebase)

    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert load(codebase / "covet.toml").train.steps == 3
    assert covet("init", codebase, "--force").returncode == 0


def test_doctor_finds_a_healthy_codebase_ready(covet, codebase) -> None:
    done = covet("doctor", codebase, "--json")
    report = msgspec.json.decode(done.stdout)
    found = {check["name"]: check for check in report["checks"]}

    assert done.returncode == 0, done.stderr
    assert report["ready"]
    assert found["suite"]["found"].startswith("1 passed")
    assert found["coverage"]["state"] == found["second hash seed"]["state"] == "ok"


def state(covet, codebase, name: str) -> tuple[int, str, str]:
    done = covet("doctor", codebase, "--json")
    checks = {check["name"]: check for check in msgspec.json.decode(done.stdout)["checks"]}
    return done.returncode, checks[name]["state"], checks[name]["found"] + checks[name]["fix"]


def test_doctor_names_a_failing_test(covet, codebase) -> None:
    (codebase / "tests" / "test_more.py").write_text("def test_wrong():\n    assert 1 == 2\n")

    code, verdict, words = state(covet, codebase, "suite")

    assert (code, verdict) == (0, "warn")
    assert "test_wrong" in words
    assert "assert 1 == 2" in words


def test_a_codebase_of_which_no_test_passes_is_not_ready(covet, codebase) -> None:
    (codebase / "tests" / "test_prices.py").write_text("def test_wrong():\n    assert 1 == 2\n")

    code, verdict, _ = state(covet, codebase, "suite")

    assert (code, verdict) == (1, "fail")


def test_doctor_names_a_test_that_the_hash_seed_decides(covet, codebase) -> None:
    (codebase / "tests" / "test_more.py").write_text(
        "import os\n\n\ndef test_seed():\n    assert os.environ['PYTHONHASHSEED'] == '0'\n"
        "    assert hash('a') == hash('a')\n"
    )

    code, verdict, words = state(covet, codebase, "second hash seed")

    assert (code, verdict) == (0, "warn")
    assert "test_seed" in words


def test_doctor_says_that_an_interpreter_does_not_run(covet, codebase) -> None:
    done = covet("doctor", codebase, "--json", "--set", "codebase.python=/bin/false")
    checks = {check["name"]: check for check in msgspec.json.decode(done.stdout)["checks"]}

    assert done.returncode == 1
    assert checks["interpreter"]["state"] == "fail"
    assert "codebase.python" in checks["interpreter"]["fix"]


@pytest.mark.parametrize("model", ["./nowhere", "/nowhere/at/all"])
def test_doctor_says_that_a_model_is_not_there(covet, codebase, model) -> None:
    done = covet("doctor", codebase, "--json", "--set", f"policy.model={model}")
    checks = msgspec.json.decode(done.stdout)["checks"]
    found = next(check for check in checks if check["name"].startswith("model"))

    assert done.returncode == 1
    assert "is not there" in found["found"]


@pytest.mark.parametrize("server", ["pyrefly", ""])
def test_the_language_server_of_the_settings_is_looked_for(server: str) -> None:
    check = language_server(load(overrides=(f"mine.server='{server}'",)))
    assert (check.name, check.state) == (f"language server ({server or 'none'})", "ok")


def test_a_language_server_that_is_not_installed_fails_with_a_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    check = language_server(load(overrides=("mine.server='ty'",)))
    assert (check.state, check.found) == ("fail", "ty is not installed")
    assert "pip install ty" in check.fix


def test_doctor_asks_the_endpoint_for_its_models_and_generates_nothing() -> None:
    with Standin(kind="plain", models=("shop-tester", "other")) as server:
        at = f"policy.endpoint={server.url}"
        found = model(load(overrides=["policy.model=shop-tester", at]))
        assert (found.state, found.found) == ("ok", f"served at {server.url}")
        found = model(load(overrides=["policy.model=shop", at]))
        assert found.state == "fail"
        assert "it has shop-tester, other" in found.found
        assert "policy.model" in found.fix
        found = teacher(load(overrides=["warmup.teacher=other", f"warmup.endpoint={server.url}"]))
        assert found.state == "ok"
        assert {path for path, _, _ in server.asked} == {"/v1/models"}


def test_doctor_tells_of_an_endpoint_that_is_away_or_wants_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = model(load(overrides=["policy.model=m", "policy.endpoint=http://127.0.0.1:9/v1"]))
    assert away.state == "fail"
    assert "start the server" in away.fix
    with Standin(kind="plain", key="sesame") as server:
        at = ["policy.model=m", f"policy.endpoint={server.url}"]
        locked = model(load(overrides=at))
        assert locked.state == "fail"
        assert "401" in locked.found
        assert "policy.api_key_env" in locked.fix
        unset = model(load(overrides=[*at, "policy.api_key_env=SHOP_KEY"]))
        assert unset.state == "fail"
        assert "SHOP_KEY" in unset.found
        monkeypatch.setenv("SHOP_KEY", "sesame")
        assert model(load(overrides=[*at, "policy.api_key_env=SHOP_KEY"])).state == "ok"
