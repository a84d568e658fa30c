"""``covet export``: transformers and peft load what it writes, and it says what it is."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

pytest.importorskip("torch")

import torch
from peft import AutoPeftModelForCausalLM
from transformers import AutoModelForCausalLM, AutoTokenizer

from covet import config
from covet.cli import main
from covet.cli.train import keep_model
from covet.evaluate import scorecard
from covet.evaluate.rows import AFTER, BEFORE, Sample, TaskRow, path_of
from covet.policy.base import Draw
from covet.policy.hf import HFPolicy
from covet.records import Prompt, Span
from covet.runlog import RunLog, append_jsonl, encode, write_whole
from covet.train import checkpoint
from tests.small_disk import small_disk

IDS = torch.tensor([[5, 9, 11, 40, 22]])
# peft 0.21 asks transformers 5.23 for an attribute that it is about to rename.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated")
Export = Callable[..., Result]


@pytest.fixture
def export() -> Export:
    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, ["export", *map(str, arguments)])

    return run


@torch.no_grad()
def logits(model: torch.nn.Module) -> torch.Tensor:
    return model(input_ids=IDS).logits


def tuned(folder: Path, **settings: object) -> HFPolicy:
    known = {"model": str(folder), "max_new_tokens": 8, "threads": 1} | settings
    policy = HFPolicy(config.Policy.model_validate(known), autocast=False)
    optimizer = torch.optim.AdamW(policy.trainable().values(), lr=0.02)
    for _ in range(2):
        optimizer.zero_grad()
        policy.model(input_ids=IDS, labels=IDS).loss.backward()
        optimizer.step()
    return policy


def make_run(root: Path, base: Path, **settings: object) -> HFPolicy:
    """A run that has ended, as the verbs leave one, of a policy that learned."""
    policy = {"model": str(base), "max_new_tokens": 8, "threads": 1, "lora_rank": 4} | settings
    tables = {
        "policy": policy,
        "prompt": {"tokens": 70},
        "train": {"seed": 7, "kl": 0.03},
        "mine": {"seed": 5},
    }
    chosen = config.parse(tables, origin="the test")
    tasks = root.parent / "tasks"
    write_whole(tasks / "manifest.json", encode({"codebase": "/srv/secret-place/shop"}))
    log = RunLog.create(root, config.as_toml(chosen), extra={"verb": "train", "tasks": str(tasks)})
    try:
        for step, name in enumerate(["cart.py::total", "cart.py::add", "tax.py::rate"]):
            log.metrics({"step": step, "reward": 0.5})
            log.rollouts({"step": step, "example_id": f"shop/{name}", "completion": "x = 'told'"})
        made = tuned(base, **settings, **({} if "lora_rank" in settings else {"lora_rank": 4}))
        keep_model(made, log)
        path_of(root, BEFORE).parent.mkdir()
        for name, share in ((BEFORE, 0.25), (AFTER, 0.75)):
            for task in range(8):
                append_jsonl(path_of(root, name), task_row(name, task, passes=round(4 * share)))
        cards = [scorecard.read(root, one, settings=chosen.evaluate) for one in (BEFORE, AFTER)]
        log.write("scorecard.json", scorecard.as_json(*cards))
    finally:
        log.close()
    return made


def task_row(evaluation: str, task: int, *, passes: int) -> TaskRow:
    samples = [
        Sample(f"def test_{n}(): assert {n}", "ok" if n < passes else "failed", 1.0 * (n < passes))
        for n in range(4)
    ]
    return TaskRow(
        evaluation=evaluation,
        example_id=f"shop/held.py::f{task}",
        policy="p",
        version=3 if evaluation == AFTER else 0,
        split="heldout",
        path="shop/held.py",
        qualname=f"f{task}",
        span=Span(1, 3),
        source="def f(): pass\n",
        executable=(2, 3),
        baseline=(2,),
        mutants={},
        samples=tuple(samples),
    )


def front_matter(card: str) -> dict[str, str]:
    lines = card.split("---\n")[1].splitlines()
    return {key: value.strip('"') for key, _, value in (line.partition(": ") for line in lines)}


# ---------------------------------------------------------------------------------- adapters


def test_a_runs_adapter_is_loaded_by_peft_and_by_covet(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    policy = make_run(tmp_path / "run", llama_folder)
    done = export(tmp_path / "run", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert f"an adapter of {llama_folder}" in done.stdout
    theirs = AutoPeftModelForCausalLM.from_pretrained(tmp_path / "out")
    assert torch.equal(logits(theirs), logits(policy.model))
    assert AutoTokenizer.from_pretrained(tmp_path / "out")("def").input_ids
    settings = config.Policy(model=str(tmp_path / "out"), max_new_tokens=8)
    ours = HFPolicy(settings, autocast=False)
    assert torch.equal(logits(ours.model), logits(policy.model))
    asked = [Draw(Prompt("x", "def test", "", "append"), 4, key=(0,))]
    first, again = policy.sample(asked)[0], ours.sample(asked)[0]
    assert [c.text for c in again] == [c.text for c in first]


def test_a_merged_model_stands_alone(
    export: Export, llama_folder: Path, gpt2_folder: Path, tmp_path: Path
) -> None:
    for base in (llama_folder, gpt2_folder):
        policy, out = make_run(tmp_path / base.name / "run", base), tmp_path / base.name / "out"
        done = export(tmp_path / base.name / "run", "--out", out, "--merge")
        assert done.exit_code == 0, done.output
        alone = AutoModelForCausalLM.from_pretrained(out)
        assert torch.allclose(logits(alone), logits(policy.model), atol=1e-4)
        assert not torch.allclose(logits(alone), logits(tuned(base, lora_rank=1).model), atol=1e-3)
        assert not any("adapter" in path.name for path in out.iterdir())
        assert AutoTokenizer.from_pretrained(out)("def").input_ids
        assert (out / "README.md").is_file()


def test_merging_says_how_much_rounding_took(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    policy = make_run(tmp_path / "run", llama_folder)
    done = export(tmp_path / "run", "--out", tmp_path / "out", "--merge", "--dtype", "bfloat16")
    assert "rounding to bfloat16 moved the merged weights by" in done.stdout
    merged = AutoModelForCausalLM.from_pretrained(tmp_path / "out", dtype="auto")
    assert merged.dtype == torch.bfloat16
    exact = {}
    for name, weight in policy.model.named_parameters():
        if name.endswith("q_proj.base_layer.weight"):
            layer = policy.model.get_submodule(name.removesuffix(".base_layer.weight"))
            exact[name.replace(".base_layer", "")] = weight + layer.get_delta_weight("default")
    for name, weight in exact.items():
        assert torch.equal(merged.get_parameter(name), weight.bfloat16())
    card = (tmp_path / "out" / "README.md").read_text()
    assert "Rounding to bfloat16 moved the merged weights by" in card


def test_a_merged_model_has_its_bases_type_unless_told(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    tuned(llama_folder).save(tmp_path / "base", dtype="bfloat16")
    tuned(tmp_path / "base", dtype="bfloat16", lora_rank=4).save(tmp_path / "adapter")
    for arguments, dtype in (((), "bfloat16"), (("--dtype", "float32"), "float32")):
        out = tmp_path / dtype
        done = export(tmp_path / "adapter", "--out", out, "--merge", "--json", *arguments)
        told = json.loads(done.stdout)
        assert (told["kind"], told["dtype"]) == ("merged", dtype)
        assert (told["rounding"] > 0) == (dtype == "bfloat16")
        model = AutoModelForCausalLM.from_pretrained(out, dtype="auto")
        assert str(model.dtype) == f"torch.{dtype}"


# ------------------------------------------------------------------------------ whole models


def test_a_whole_model_is_copied_to_the_bit_and_checkpoints_leave_their_state_behind(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    policy = make_run(tmp_path / "run", llama_folder, lora_rank=0)
    optimizer = torch.optim.AdamW(policy.trainable().values())
    folder = checkpoint.save(
        tmp_path / "run" / "checkpoints", policy, optimizer, checkpoint.Resumed(3)
    )
    (tmp_path / "run" / "model").rename(tmp_path / "elsewhere")
    done = export(tmp_path / "run", "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "warning: it is the checkpoint of step 3 of a run that goes on" in done.stdout
    assert "Not the end of its training" in (tmp_path / "out" / "README.md").read_text()
    alone = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    assert torch.equal(logits(alone), logits(policy.model))
    state = {path.name for path in folder.iterdir()} - {"covet.json"}
    left = state - {path.name for path in (tmp_path / "out").iterdir()}
    assert {"optimizer.safetensors", "state.json"} <= left


def test_a_folder_is_exported_and_converted_without_a_run(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    done = export(llama_folder, "--out", tmp_path / "out", "--dtype", "bfloat16", "--json")
    told = json.loads(done.stdout)
    assert (told["kind"], told["dtype"], told["base"]) == ("whole", "bfloat16", None)
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "out", dtype="auto")
    assert model.dtype == torch.bfloat16
    card = (tmp_path / "out" / "README.md").read_text()
    assert "Not told: it was exported from a folder" in card


# ------------------------------------------------------------------------------------ prompts


def test_the_prompt_that_a_run_trained_on_goes_with_its_model(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    template = tmp_path / "own.md"
    template.write_text("{# answer: file #}\nTest this:\n{{ focal }}")
    make_run(tmp_path / "run", llama_folder, stop=("\n\n\n",))
    path = tmp_path / "run" / "covet.toml"
    path.write_text(path.read_text().replace('template = ""', f'template = "{template}"', 1))
    assert export(tmp_path / "run", "--out", tmp_path / "out").exit_code == 0
    card = json.loads((tmp_path / "out" / "covet.json").read_text())
    assert card["template"] == "prompt.md"
    assert (card["prompt_tokens"], card["max_new_tokens"]) == (70, 8)
    assert (card["stop"], card["chat"]) == (["\n\n\n"], False)
    settings = config.Policy(model=str(tmp_path / "out"))
    policy = HFPolicy(settings, autocast=False)
    assert Path(policy.template).read_text() == template.read_text()
    template.unlink()
    lost = export(tmp_path / "run", "--out", tmp_path / "again")
    assert (lost.exit_code, (tmp_path / "again").exists()) == (2, False)
    assert "the prompt template of the run is not here" in lost.stderr


# --------------------------------------------------------------------------------------- card


def test_the_card_tells_how_the_model_came_to_be_and_no_place_or_line_of_code(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    make_run(tmp_path / "run", llama_folder)
    export(tmp_path / "run", "--out", tmp_path / "tests-of-shop")
    card = (tmp_path / "tests-of-shop" / "README.md").read_text()
    told = front_matter(card)
    assert told["base_model"] == llama_folder.name
    assert (told["library_name"], told["pipeline_tag"]) == ("peft", "text-generation")
    for line in (
        "# tests-of-shop",
        "Adapter: rank `4`, alpha `32`",
        "`covet train` (Covet",
        ", 3 steps.",
        "mine 5",
        "train 7",
        "- `train.kl` = `0.03`",
        "- `policy.lora_rank` = `4`",
        "3 tasks in 2 files of `shop`:",
        "- `shop/cart.py`: 2",
        "### Held-out files: 8 tasks",
        "| 25.0 | 75.0 | +50.0 [+50.0, +50.0] | 8 |",
        "## Limits",
    ):
        assert line in card, line
    for secret in (str(tmp_path), "secret-place", "told", "policy.threads"):
        assert secret not in card, secret


def test_secrets_and_endpoints_stay_out_of_the_card(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    make_run(tmp_path / "run", llama_folder, endpoint="http://models.internal:8000/v1")
    path = tmp_path / "run" / "rollouts.jsonl"
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
    append_jsonl(path, {"step": 3, "example_id": f"shop/{token}.py::f"})
    export(tmp_path / "run", "--out", tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    assert "models.internal" not in card
    assert token not in card


def test_a_file_name_cannot_break_out_of_the_card(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    make_run(tmp_path / "run", llama_folder)
    nasty = "shop/`\n# Owned\n<script>‮.py::f"
    append_jsonl(tmp_path / "run" / "rollouts.jsonl", {"step": 3, "example_id": nasty})
    export(tmp_path / "run", "--out", tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    assert "\n# Owned" not in card
    assert "‮" not in card


# ------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("{base}", "--out", "{base}"), "is there already; name another --out"),
        (("{adapter}", "--out", "{out}", "--dtype", "float32"), "Add --merge"),
        (("/nowhere/run", "--out", "{out}"), "/nowhere/run is not there"),
        (("{empty}", "--out", "{out}"), "the run has no weights yet"),
        (("{notes}", "--out", "{out}"), "no model folder: no config.json; found notes.txt"),
    ],
)
def test_what_cannot_be_exported_is_named_and_nothing_is_left(
    export: Export, llama_folder: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    tuned(llama_folder, lora_rank=2).save(tmp_path / "adapter")
    write_whole(tmp_path / "empty" / "covet.toml", b"")
    write_whole(tmp_path / "notes" / "notes.txt", b"")
    names = {one: tmp_path / one for one in ("adapter", "empty", "notes", "out")}
    done = export(*(one.format(base=llama_folder, **names) for one in arguments))
    assert done.exit_code == 2
    assert message in done.stderr
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*.part"))


def test_a_full_disk_leaves_no_part_of_an_export(
    export: Export, llama_folder: Path, tmp_path: Path
) -> None:
    tuned(llama_folder, lora_rank=2).save(tmp_path / "adapter")
    with small_disk(50_000):
        done = export(tmp_path / "adapter", "--out", tmp_path / "out", "--merge")
    assert done.exit_code == 3
    assert "cannot be written" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adapter"]
