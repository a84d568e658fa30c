"""Mined tasks and their rewards, as TRL, verl and verifiers ask for them."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from covet.adapters import trl, verl
from covet.adapters.tasks import Tasks, opened
from covet.errors import DataError, SandboxError
from covet.languages.python import PYTHON
from covet.policy.recorded import RecordedPolicy
from covet.prompt import load_template
from covet.rollout import Roller
from tests.adapters.conftest import CLAMP, GOOD, OVERRIDES, WRONG
from tests.shop import lost_grader

__all__ = ["lost_grader"]
EARNED = 0.3 + 0.3 * 2 / 3 + 0.2 * 3 / 4 + 0.15 + 0.025 + 0.025
"""New lines, marginal kills, kills, assertions, brevity, no copies."""
"""By ``GOOD``: it passes, reaches new lines, and one mutant computes the same."""


@pytest.fixture(scope="module")
def tasks(dataset: Path) -> Iterator[Tasks]:
    with Tasks.open(dataset, overrides=OVERRIDES) as tasks:
        yield tasks


# -------------------------------------------------------------------------------- tasks


def test_a_text_earns_what_it_does_in_covets_own_rollouts(tasks: Tasks) -> None:
    texts = [GOOD, WRONG, "", "<think>so</think>" + GOOD]
    roller = Roller(
        policy=RecordedPolicy({CLAMP: texts}),
        grader=tasks._grader,
        language=PYTHON,
        template=load_template("default"),
        weights=tasks._config.reward,
        budget=4096,
    )
    (group,) = roller.roll([tasks._examples[CLAMP]], samples=4, key=(0,)).groups
    assert group.prompt == tasks.prompts[CLAMP]
    rewards = tasks.rewards([(CLAMP, text) for text in texts])
    assert rewards == [rollout.reward for rollout in group.rollouts]
    assert [one.value for one in rewards] == pytest.approx([EARNED, 0, 0, EARNED])


def test_every_task_that_fits_has_a_prompt(dataset: Path, tasks: Tasks) -> None:
    assert CLAMP in tasks.prompts
    assert not tasks.too_long
    assert "clamp" in tasks.prompts[CLAMP].text
    longest = max(len(prompt.text) for prompt in tasks.prompts.values())
    with Tasks.open(dataset, overrides=OVERRIDES, count=lambda text: 10_000 * len(text)) as none:
        assert not none.prompts
        assert set(none.too_long) == set(tasks.prompts)
    assert longest > 100


def test_an_unknown_task_is_named_with_the_nearest(tasks: Tasks) -> None:
    with pytest.raises(
        DataError, match=r"no task 'shop/price\.py::clump'.*mean 'shop/price\.py::clamp'"
    ):
        tasks.rewards([("shop/price.py::clump", GOOD)])


def test_a_split_without_tasks_is_an_error(dataset: Path) -> None:
    with pytest.raises(DataError, match="it has no heldout tasks"):
        Tasks.open(dataset, split="heldout")


def test_a_reward_that_cannot_be_known_is_an_error_and_no_zero(tasks: Tasks, lost_grader) -> None:
    lost = Tasks(
        tasks.prompts, (), tasks._examples, tasks._template, lost_grader, lost_grader.config
    )
    with pytest.raises(SandboxError, match="clamp: grading failed twice"):
        lost.rewards([(CLAMP, GOOD)])


# ---------------------------------------------------------------------------------- trl


@pytest.mark.parametrize("chat", [True, False])
def test_trls_reward_function_gives_one_reward_for_each_completion(
    tasks: Tasks, *, chat: bool
) -> None:
    made = {row["example"]: row["prompt"] for row in trl.rows(tasks, chat=chat)}
    text = made[CLAMP][0]["content"] if chat else made[CLAMP]
    assert text == tasks.prompts[CLAMP].text
    texts = [GOOD, WRONG, GOOD]
    rewards = trl.reward_function(tasks)(
        prompts=[made[CLAMP]] * 3,
        completions=[[{"role": "assistant", "content": t}] for t in texts] if chat else texts,
        completion_ids=[[1]] * 3,
        example=[CLAMP] * 3,
        trainer_state=None,
    )
    assert rewards == pytest.approx([EARNED, 0, EARNED])


@pytest.mark.trl
@pytest.mark.filterwarnings("ignore")  # those of its dependencies are not ours to mend
def test_trl_trains_with_our_rewards(tasks: Tasks, llama_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("trl", minversion="1.16", reason="needs TRL: pip install trl==1.16.0")
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import GRPOConfig, GRPOTrainer

    asked = []
    grade = trl.reward_function(tasks)

    def covet(**given: object) -> list[float]:
        asked.append(given)
        given["completions"][0] = GOOD  # the model itself writes nothing that runs
        return grade(**given)

    rows = [row | {"prompt": "def test"} for row in trl.rows(tasks, chat=False)]
    trainer = GRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(llama_folder),
        reward_funcs=covet,
        args=GRPOConfig(
            output_dir=str(tmp_path),
            use_cpu=True,
            bf16=False,
            per_device_train_batch_size=4,
            num_generations=4,
            max_completion_length=8,
            max_steps=2,
            logging_steps=1,
            report_to=[],
            save_strategy="no",
            disable_tqdm=True,
        ),
        train_dataset=Dataset.from_list([row for row in rows if row["example"] == CLAMP]),
        processing_class=AutoTokenizer.from_pretrained(llama_folder),
    )
    trainer.train()
    assert [given["example"] for given in asked] == [[CLAMP] * 4] * 2
    means = [row["rewards/covet/mean"] for row in trainer.state.log_history if "loss" in row]
    assert means == pytest.approx([EARNED / 4] * 2)


# --------------------------------------------------------------------------------- verl


def test_verls_score_is_found_from_the_row_alone(dataset: Path) -> None:
    rows = {
        row["reward_model"]["ground_truth"]: json.loads(json.dumps(row))
        for row in verl.rows(dataset, overrides=OVERRIDES)
    }
    row = rows[CLAMP]
    assert "clamp" in row["prompt"][0]["content"]
    for text, value in ((GOOD, EARNED), (WRONG, 0)):
        score = verl.compute_score(
            data_source=row["data_source"],
            solution_str=text,
            ground_truth=row["reward_model"]["ground_truth"],
            extra_info=row["extra_info"],
            overrides=list(OVERRIDES),
        )
        assert score == pytest.approx(value)


def test_a_process_opens_a_dataset_once(dataset: Path) -> None:
    first = opened(str(dataset), overrides=OVERRIDES)
    assert opened(str(dataset), overrides=OVERRIDES) is first


def test_a_row_of_another_data_set_is_refused() -> None:
    with pytest.raises(DataError, match=r"a row of 'gsm8k' with \['answer'\] is none of"):
        verl.compute_score("gsm8k", "42", "42", {"answer": 42})


# ---------------------------------------------------------------------------- verifiers


@pytest.mark.filterwarnings("ignore")  # likewise
def test_verifiers_scores_the_last_reply(dataset: Path) -> None:
    pytest.importorskip("verifiers.v1", reason="needs verifiers: pip install 'verifiers>=0.4,<0.5'")
    import verifiers.v1 as vf
    from verifiers.v1.trace import AgentInfo, TraceTask

    from covet.adapters.verifiers import CovetConfig, CovetTaskset

    settings = CovetConfig(dataset=dataset, overrides=list(OVERRIDES))
    (task,) = CovetTaskset(settings).include(keys=[CLAMP])
    assert "clamp" in task.data.prompt
    for text, value in ((GOOD, EARNED), (WRONG, 0)):
        asked = TraceTask(type="CovetTask", data=task.data)
        trace = vf.Trace(task=asked, agent=AgentInfo(config=vf.AgentConfig()), root_reply=text)
        asyncio.run(task.score(trace))
        assert trace.reward == pytest.approx(value)


def test_a_machine_without_verifiers_is_told_what_to_install() -> None:
    code = "import sys\nsys.modules['verifiers'] = None\nimport covet.adapters.verifiers\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "EnvironmentNotReady" in done.stderr
    assert "pip install covet 'verifiers>=0.4,<0.5'" in done.stderr
