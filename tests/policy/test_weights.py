"""Names and folders: what is fetched, what is refused, and what is said."""

import http.server
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from covet.errors import ModelError
from covet.policy.weights import load_model, load_tokenizer, resolve_model
from tests.tiny_models import write_model

CPU = torch.device("cpu")


# ------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "~/nowhere", "a/b/c", "nowhere/"])
def test_a_path_to_nothing_is_never_asked_for_on_the_network(name: str) -> None:
    with pytest.raises(ModelError, match=r"is not there; policy\.model takes"):
        resolve_model(name)


def test_a_name_in_a_folder_that_is_here_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "runs").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="runs/model is not there"):
        resolve_model("runs/model")
    assert resolve_model("someone/model") == "someone/model"


def test_a_file_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(ModelError, match=r"model\.safetensors is a file"):
        resolve_model(str(tmp_path / "model.safetensors"))


# -------------------------------------------------------------------------------------- code


def test_code_that_comes_with_a_model_is_never_run(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = f"from pathlib import Path\nPath({str(ran)!r}).touch()\n"
    folder = write_model(tmp_path / "model")
    for name in ("configuration_own", "modeling_own", "tokenization_own"):
        (folder / f"{name}.py").write_text(code)
    settings = json.loads((folder / "config.json").read_text())
    settings["model_type"] = "own"
    settings["auto_map"] = {
        "AutoConfig": "configuration_own.Own",
        "AutoModelForCausalLM": "modeling_own.Own",
    }
    (folder / "config.json").write_text(json.dumps(settings))
    told = json.loads((folder / "tokenizer_config.json").read_text())
    told |= {
        "tokenizer_class": "Own",
        "auto_map": {"AutoTokenizer": ["tokenization_own.Own", None]},
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    with pytest.raises(ModelError, match="without running the Python code that comes with it"):
        load_model(folder, device=CPU)
    with pytest.raises(ModelError, match="without running the Python code that comes with it"):
        load_tokenizer(folder)
    assert not ran.exists()


def test_code_beside_a_known_kind_is_passed_over(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    folder = write_model(tmp_path / "model")
    (folder / "modeling_own.py").write_text(f"open({str(ran)!r}, 'w')\n")
    settings = json.loads((folder / "config.json").read_text())
    settings["auto_map"] = {"AutoModelForCausalLM": "modeling_own.Own"}
    (folder / "config.json").write_text(json.dumps(settings))
    assert type(load_model(folder, device=CPU)).__name__ == "LlamaForCausalLM"
    assert not ran.exists()


def test_a_kind_that_nobody_knows_is_named(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    settings = json.loads((folder / "config.json").read_text()) | {"model_type": "own"}
    (folder / "config.json").write_text(json.dumps(settings))
    with pytest.raises(ModelError, match=r"the model cannot be loaded: .*own"):
        load_model(folder, device=CPU)


def test_a_folder_without_a_tokenizer_is_named(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model")
    for path in folder.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(ModelError, match="the tokenizer cannot be loaded"):
        load_tokenizer(folder)


@pytest.mark.parametrize("kind", ["llama_folder", "gpt2_folder"])
def test_weights_lie_where_torch_puts_them(kind: str, request: pytest.FixtureRequest) -> None:
    model = load_model(request.getfixturevalue(kind), device=CPU)
    assert all(one.data_ptr() % 64 == 0 for one in model.parameters())


# ---------------------------------------------------------------------------- Hugging Face


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of Hugging Face as its own client needs, over one folder of models."""

    root: Path
    asked: list[str]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(path)
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self.describe("/".join(parts[2:4]), parts[4])
        else:
            self.give("/".join(parts[:2]), "/".join(parts[4:]))

    def describe(self, name: str, what: str) -> None:
        files = sorted(path for path in (self.root / name).glob("**/*") if path.is_file())
        if not files:
            self.refuse(401, "RepoNotFound")
        elif what == "tree":
            rows = [
                {
                    "type": "file",
                    "path": str(path.relative_to(self.root / name)),
                    "oid": "0" * 40,
                    "size": path.stat().st_size,
                }
                for path in files
            ]
            self.answer(json.dumps(rows).encode())
        else:
            self.answer(json.dumps({"id": name, "sha": "1" * 40, "siblings": []}).encode())

    def give(self, name: str, file: str) -> None:
        if name == "team/gated":
            self.refuse(403, "GatedRepo")
        else:
            self.answer((self.root / name / file).read_bytes())

    def refuse(self, status: int, code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", "no")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, data: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{hash(data) & 0xFFFFFFFF:x}"')
        self.send_header("X-Repo-Commit", "1" * 40)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name there)
        pass


SCRIPT = """
import json, sys
from covet import config
from covet.errors import CovetError
from covet.policy.hf import HFPolicy
told = {}
for name in sys.argv[1:]:
    try:
        policy = HFPolicy(config.Policy(model=name, max_new_tokens=8))
        told[name] = [policy.source, policy.template, len(policy.trainable())]
    except CovetError as error:
        told[name] = f"{type(error).__name__}: {error}"
print(json.dumps(told))
"""
NAMES = ("team/model", "team/adapter", "team/gated", "team/secret", "team/pickled", "team/model")


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a process that names models on a hub is told, and what it asked for."""
    root = tmp_path_factory.mktemp("hub")
    for name in ("model", "gated", "pickled"):
        folder = write_model(root / "team" / name)
        (folder / "covet.json").write_text('{"template": "nano"}')
        (folder / "pytorch_model.bin").write_bytes(b"a pickle")
        (folder / "modeling_own.py").write_text("raise SystemExit('code was run')")
        (folder / "original").mkdir()
        (folder / "original" / "model.safetensors").write_bytes(b"another format")
    (root / "team" / "pickled" / "model.safetensors").unlink()
    write_adapter(root / "team" / "adapter", base="team/model")
    Hub.root, Hub.asked = root, []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        home = tmp_path_factory.mktemp("home")
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *NAMES],
            env=os.environ
            | {
                "HF_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
                "HF_HOME": str(home),
                "HF_HUB_DISABLE_XET": "1",
                "HF_HUB_OFFLINE": "0",
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"asked": Hub.asked}


def write_adapter(folder: Path, *, base: str) -> None:
    from covet import config
    from covet.policy.hf import HFPolicy

    whole = write_model(folder.parent / "base")
    settings = config.Policy(model=str(whole), lora_rank=2, max_new_tokens=8)
    HFPolicy(settings).save(folder)
    path = folder / "adapter_config.json"
    told = json.loads(path.read_text()) | {"base_model_name_or_path": base}
    path.write_text(json.dumps(told))


def test_a_model_is_fetched_by_its_name_with_its_card(fetched: dict[str, object]) -> None:
    assert fetched["team/model"] == ["team/model", "nano", 20]


def test_an_adapter_is_fetched_with_the_base_that_it_names(fetched: dict[str, object]) -> None:
    assert fetched["team/adapter"] == ["team/adapter", "nano", 28]


def test_neither_pickles_nor_code_nor_second_copies_are_fetched(fetched: dict[str, object]) -> None:
    files = [path for path in fetched["asked"] if "/resolve/" in path]
    assert any(path.endswith("/model.safetensors") for path in files)
    assert not [path for path in files if path.endswith((".bin", ".py")) or "original" in path]


def test_a_gated_model_is_asked_for_and_logged_in_to(fetched: dict[str, object]) -> None:
    told = str(fetched["team/gated"])
    assert told.startswith("ModelError: team/gated: its authors grant access")
    assert "/team/gated, then log in with `hf auth login`, or set HF_TOKEN" in told


def test_a_private_or_unknown_model_says_both(fetched: dict[str, object]) -> None:
    told = str(fetched["team/secret"])
    assert told.startswith("ModelError: team/secret: no folder of that name is here")
    assert "Check the spelling; if it is a private one, log in with `hf auth login`" in told


def test_a_model_that_has_pickles_alone_is_refused(fetched: dict[str, object]) -> None:
    assert "has no *.safetensors; found" in str(fetched["team/pickled"])
