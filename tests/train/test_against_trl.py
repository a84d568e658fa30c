"""Loss and gradient against TRL's GRPOTrainer, on the same batch of the same model.

TRL's entropy bonus leaves out log V, a constant of which the gradient knows nothing.
"""

import copy
import math
from collections.abc import Mapping
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from covet import config
from covet.records import TrainingSample
from covet.train.batch import Batch, collate, micro_batches
from covet.train.loss import Measures, Scored, policy_loss
from covet.train.model import scores, vocabulary

pytestmark = [
    pytest.mark.trl,
    pytest.mark.filterwarnings("ignore"),  # those of its dependencies are not ours to mend
]
CPU = torch.device("cpu")
TOLERANCE = 1e-5
LENGTHS = [(10, 24), (6, 3), (10, 10), (3, 24), (1, 7), (10, 15), (8, 20), (2, 1)]
"""Of each sample's prompt and completion."""
CASES: dict[str, dict[str, float]] = {
    "clipping alone": {"kl": 0.0},
    "divergence": {"kl": 0.05},
    "entropy": {"kl": 0.0, "entropy": 0.01},
    "all": {"kl": 0.05, "entropy": 0.01},
    "all, symmetric": {"kl": 0.05, "entropy": 0.01, "clip_high": 0.2},
    "two-sided": {"kl": 0.0, "clip_low": 0.1, "clip_high": 0.4},
}


@pytest.fixture(scope="module", autouse=True)
def _trl() -> None:
    pytest.importorskip(
        "trl", minversion="1.16", reason="needs TRL to compare with: pip install trl==1.16.0"
    )


def given_samples() -> list[TrainingSample]:
    """Of random tokens, sampled by a policy that differs from the one that learns."""
    torch.manual_seed(1)
    samples: list[TrainingSample] = []
    for prompt, completion in LENGTHS:
        tokens = torch.randint(2, 290, (prompt + completion,)).tolist()
        logprobs = [0.0] * prompt + (-5.7 + 0.4 * torch.randn(completion)).tolist()
        mask = (False,) * prompt + (True,) * completion
        advantage = torch.randn(()).item()
        samples.append(TrainingSample(tuple(tokens), mask, tuple(logprobs), advantage))
    return samples


def ours(
    model: PreTrainedModel, start: PreTrainedModel, settings: config.Train, *, temperature: float
) -> tuple[float, Tensor]:
    """The loss and its gradient, in two parts."""
    samples = given_samples()
    lengths = [sum(sample.loss_mask) for sample in samples]
    measures = Measures(tokens=sum(lengths), sequences=len(samples), longest=max(lengths))
    total = 0.0
    for batch in micro_batches(samples, size=5, device=CPU):
        reference = None
        if settings.kl:
            with torch.no_grad():
                reference = scores(start, batch, temperature=temperature)[0]
        logprobs, entropy = scores(
            model, batch, temperature=temperature, entropy=settings.entropy > 0
        )
        loss, _ = policy_loss(
            Scored(logprobs, entropy, batch.logprobs, reference=reference),
            advantages=batch.advantages,
            mask=batch.mask,
            vocabulary=vocabulary(model),
            measures=measures,
            settings=settings,
        )
        loss.backward()
        total += loss.item()
    return total, gradient(model)


def theirs(
    model: PreTrainedModel,
    start: PreTrainedModel,
    settings: config.Train,
    *,
    temperature: float,
    folder: Path,
    out: Path,
) -> tuple[float, Tensor]:
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    arguments = GRPOConfig(
        output_dir=str(out),
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        per_device_train_batch_size=len(LENGTHS),
        num_generations=len(LENGTHS),
        max_completion_length=24,
        beta=settings.kl,
        entropy_coef=settings.entropy,
        epsilon=settings.clip_low,
        epsilon_high=settings.clip_high,
        temperature=temperature,
        loss_type="dapo",
        report_to=[],
        disable_tqdm=True,
    )
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=lambda completions, **_: [0.0] * len(completions),
        args=arguments,
        train_dataset=Dataset.from_dict({"prompt": ["x"] * len(LENGTHS)}),
        processing_class=AutoTokenizer.from_pretrained(folder),
    )
    trainer.model.train()  # these models have no dropout
    trainer.current_gradient_accumulation_steps = 1
    inputs = as_trl(collate(given_samples(), device=CPU))
    if settings.kl:
        with torch.no_grad():
            inputs["ref_per_token_logps"] = reference_of(trainer, start, inputs)
    loss = trainer._compute_loss(trainer.model, inputs)
    loss.backward()
    return loss.item(), gradient(trainer.model)


def reference_of(trainer: object, start: PreTrainedModel, inputs: Mapping[str, Tensor]) -> Tensor:
    """By the trainer's own means, in the weights of the start."""
    now = {name: one.detach().clone() for name, one in trainer.model.named_parameters()}
    trainer.model.load_state_dict(start.state_dict())
    ids, mask = (
        torch.cat([inputs[f"prompt_{name}"], inputs[f"completion_{name}"]], dim=1)
        for name in ("ids", "mask")
    )
    targets = inputs["completion_ids"].shape[1]
    found = trainer._get_per_token_logps_and_entropies(trainer.model, ids, mask, targets)[0]
    trainer.model.load_state_dict(now, strict=False)
    return found


def as_trl(batch: Batch) -> dict[str, Tensor]:
    columns = batch.mask.shape[1]
    return {
        "prompt_ids": batch.token_ids[:, :-columns],
        "prompt_mask": batch.attention[:, :-columns],
        "completion_ids": batch.targets,
        "completion_mask": batch.mask.long(),
        "advantages": batch.advantages,
        "num_items_in_batch": batch.mask.sum(),
        "old_per_token_logps": batch.logprobs,
    }


def gradient(model: torch.nn.Module) -> Tensor:
    found = [one.grad.flatten() for _, one in sorted(model.named_parameters())]
    return torch.cat(found)


def perturbed(model: PreTrainedModel) -> PreTrainedModel:
    torch.manual_seed(2)
    other = copy.deepcopy(model)
    with torch.no_grad():
        for one in other.parameters():
            one.add_(0.02 * torch.randn_like(one))
    return other


def relative(found: Tensor, expected: Tensor) -> float:
    return ((found - expected).norm() / expected.norm()).item()


@pytest.mark.parametrize(("case", "temperature"), [*((case, 1.0) for case in CASES), ("all", 0.7)])
def test_loss_and_gradient_are_those_of_trl(
    case: str, temperature: float, llama_folder: Path, tmp_path: Path
) -> None:
    settings = config.Train.model_validate(
        {"ratio": "coupled", "kl_estimator": "ratio_k3", "normalise": "tokens"} | CASES[case]
    )
    model = AutoModelForCausalLM.from_pretrained(llama_folder, dtype=torch.float32)
    start = perturbed(model)
    loss, mine = ours(copy.deepcopy(model), start, settings, temperature=temperature)
    their_loss, yours = theirs(
        model, start, settings, temperature=temperature, folder=llama_folder, out=tmp_path
    )
    constant = settings.entropy * math.log(vocabulary(start))
    assert loss - constant == pytest.approx(their_loss, rel=TOLERANCE, abs=1e-7)
    assert relative(mine, yours) < TOLERANCE
    assert mine.norm() > 0.01
