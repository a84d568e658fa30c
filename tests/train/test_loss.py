"""The loss against hand-worked numbers, finite differences and exact expectations."""

import math
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor

from covet.config import Train
from covet.train.loss import DIVERGENCES, Measures, Scored, TokenSums, policy_loss

NEW = [[-1.0, -0.5, -2.0], [-0.7, -1.2, -9.0]]
OLD = [[-1.4, -0.5, -1.7], [-0.9, -0.8, 0.0]]
MASK = [[True, True, True], [True, True, False]]
ADVANTAGES = [1.0, -0.5]
WHOLE = Measures(tokens=5, sequences=2, longest=3)


def tensor(values: object) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def loss_of(
    logprobs: Tensor,
    behaviour: Tensor,
    *,
    proximal: Tensor | None = None,
    reference: Tensor | None = None,
    entropy: Tensor | None = None,
    advantages: Tensor | None = None,
    mask: Tensor | None = None,
    measures: Measures = WHOLE,
    entropy_weight: float = 0.0,
    **settings: Any,
) -> tuple[Tensor, TokenSums]:
    entropies = torch.zeros_like(logprobs) if entropy is None else entropy
    return policy_loss(
        Scored(logprobs, entropies, behaviour, proximal, reference),
        advantages=tensor(ADVANTAGES) if advantages is None else advantages,
        mask=torch.tensor(MASK) if mask is None else mask,
        vocabulary=4,
        measures=measures,
        settings=Train(**({"kl": 0.0, "entropy": entropy_weight} | settings)),
    )


def test_the_clipped_loss_has_the_hand_worked_value() -> None:
    # Per token: [-1.28, -1, -0.740818], [0.610701, 0.4].
    loss, sums = loss_of(tensor(NEW), tensor(OLD))
    assert loss.item() == pytest.approx(-0.4020234, abs=1e-7)
    assert sums.clipped == 2  # 1.4918 up with A > 0; 0.6703 down with A < 0
    assert sums.gap == pytest.approx(0.4 + 0 + 0.3 + 0.2 + 0.4)


def test_parts_of_a_batch_add_up_to_the_whole() -> None:
    new, old, mask, advantages = tensor(NEW), tensor(OLD), torch.tensor(MASK), tensor(ADVANTAGES)
    whole, whole_sums = loss_of(new, old, reference=old, kl=0.3)
    loss, sums = tensor(0.0), TokenSums()
    for row in (slice(0, 1), slice(1, 2)):
        part, part_sums = loss_of(
            new[row], old[row], reference=old[row], kl=0.3,
            advantages=advantages[row], mask=mask[row],
        )  # fmt: skip
        loss, sums = loss + part, sums + part_sums
    assert loss.item() == pytest.approx(whole.item())
    assert sums.kl == pytest.approx(whole_sums.kl)
    assert (sums.clipped, sums.gap) == pytest.approx((whole_sums.clipped, whole_sums.gap))


def test_the_gradient_matches_finite_differences() -> None:
    old, reference = tensor(OLD), tensor([[-1.2, -0.7, -1.6], [-0.4, -1.0, 5.0]])
    new = tensor(NEW).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda given: loss_of(given, old, reference=reference, kl=0.1)[0], (new,)
    )


def test_a_clipped_token_gets_no_gradient() -> None:
    new = tensor(NEW).requires_grad_()
    loss, _ = loss_of(new, tensor(OLD))
    loss.backward()
    assert new.grad is not None
    stopped = new.grad == 0
    assert stopped.tolist() == [[True, False, False], [False, True, True]]


def test_padding_has_no_part_however_wild_its_scores() -> None:
    new = tensor([[-1.0, -math.inf], [-2.0, math.nan]]).requires_grad_()
    mask = torch.tensor([[True, False], [True, False]])
    old = tensor([[-1.0, 0.0], [-2.0, 0.0]])
    loss, sums = loss_of(
        new, old, reference=old * 900, kl=0.1, mask=mask, measures=Measures(2, 2, 2)
    )
    loss.backward()
    assert new.grad is not None
    assert torch.isfinite(loss)
    assert torch.isfinite(new.grad).all()
    assert (new.grad[:, 1] == 0).all()
    assert math.isfinite(sums.kl)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("ratio_k3", "reverse"), ("ratio_k1", "reverse"), ("k2", "reverse"), ("k3", "forward")],
)
def test_the_expected_gradient_of_a_divergence_is_that_of_the_one_it_is_said_to_be(
    name: str, meant: str
) -> None:
    assert name in DIVERGENCES
    logits = tensor([0.5, -0.3, 1.2, -1.0]).requires_grad_()
    reference = torch.log_softmax(tensor([0.0, 0.4, 0.2, -0.5]), 0)
    log_policy = torch.log_softmax(logits, 0)
    exact_kl = (log_policy.exp() * (log_policy - reference)).sum()
    forward_kl = (reference.exp() * (reference - log_policy)).sum()
    (exact,) = torch.autograd.grad(exact_kl if meant == "reverse" else forward_kl, logits)

    policy = torch.log_softmax(logits, 0)  # [V]; each token sampled as often as it is likely
    expected = torch.zeros_like(logits)
    estimate = 0.0
    for token, probability in enumerate(policy.detach().exp()):
        score = torch.log_softmax(logits, 0)[token].reshape(1, 1)
        loss, sums = loss_of(
            score, score.detach(), reference=reference[token].reshape(1, 1),
            advantages=tensor([0.0]), mask=torch.tensor([[True]]), measures=Measures(1, 1, 1),
            kl=1.0, kl_estimator=name,
        )  # fmt: skip
        expected += probability * torch.autograd.grad(loss, logits)[0]
        estimate += probability.item() * sums.kl
    torch.testing.assert_close(expected, exact)
    assert estimate == pytest.approx(exact_kl.item())


MU = [[-2.0, -1.0, -3.0]]
PROX = [[-1.5, -1.1, -1.6]]
THETA = [[-1.2, -1.15, -1.55]]
SIGNS = [1.0, 1.0, -1.0]


def each_token(**settings: Any) -> list[float]:
    """The loss of each of three tokens that have an advantage of their own."""
    losses = []
    for place, advantage in enumerate(SIGNS):
        here = (slice(None), slice(place, place + 1))
        loss, _ = loss_of(
            tensor(THETA)[here],
            tensor(MU)[here],
            proximal=tensor(PROX)[here],
            advantages=tensor([advantage]),
            mask=torch.tensor([[True]]),
            measures=Measures(1, 1, 1),
            **settings,
        )
        losses.append(loss.item())
    return losses


def test_the_decoupled_loss_has_the_hand_worked_values() -> None:
    losses = each_token(ratio="decoupled", truncate=2.0)
    assert losses == pytest.approx([-2.110363, -0.860708, 2.102542], abs=1e-6)
    whole = each_token(ratio="decoupled", truncate=0)
    assert whole == pytest.approx([-2.110363, -0.860708, 4.055200 * 1.051271], abs=1e-5)


def test_the_coupled_loss_takes_the_ratio_to_the_sampling_policy() -> None:
    losses = each_token(ratio="coupled")
    assert losses == pytest.approx([-1.28, -0.860708, 4.263115], abs=1e-6)


def test_weights_that_are_cut_are_counted_and_carry_no_gradient() -> None:
    theta = tensor(THETA).requires_grad_()
    loss, sums = loss_of(
        theta,
        tensor(MU),
        advantages=tensor([1.0]),
        mask=torch.tensor([[True] * 3]),
        measures=Measures(1, 1, 3),
        ratio="decoupled",
    )
    loss.backward()
    assert sums.truncated == 2  # exp(0.8) and exp(1.45) are more than 2
    assert theta.grad is not None
    assert theta.grad[0].tolist() == pytest.approx([-2.0, -math.exp(-0.15), -2.0])


def test_the_dual_clip_bounds_the_loss_of_a_token_that_should_be_rarer() -> None:
    given = {"mask": torch.tensor([[True]]), "measures": Measures(1, 1, 1)}
    new, old = tensor([[math.log(5)]]) - 2, tensor([[-2.0]])
    bad, good = tensor([-1.0]), tensor([1.0])
    assert loss_of(new, old, advantages=bad, **given)[0].item() == pytest.approx(5)
    assert loss_of(new, old, advantages=bad, dual_clip=3.0, **given)[0].item() == pytest.approx(3)
    assert loss_of(new, old, advantages=good, dual_clip=3.0, **given)[0].item() == -1.28


@pytest.mark.parametrize(
    ("normalise", "expected"),
    [("tokens", -0.4020234), ("sequences", -0.2507944), ("constant", -0.3350195)],
)
def test_the_mean_is_over_what_the_settings_say(normalise: str, expected: float) -> None:
    loss, _ = loss_of(tensor(NEW), tensor(OLD), normalise=normalise)
    assert loss.item() == pytest.approx(expected, abs=1e-7)


def test_the_entropy_bonus_is_the_divergence_from_the_uniform_policy() -> None:
    logits = tensor([2.0, 0.0, 0.0, 0.0]).requires_grad_()
    table = torch.log_softmax(logits, 0)
    entropy = -(table.exp() * table).sum().reshape(1, 1)
    loss, sums = loss_of(
        table[:1].reshape(1, 1),
        table[:1].reshape(1, 1).detach(),
        entropy=entropy,
        advantages=tensor([0.0]),
        mask=torch.tensor([[True]]),
        measures=Measures(1, 1, 1),
        entropy_weight=1.0,
    )
    (gradient,) = torch.autograd.grad(loss, logits)
    assert sums.entropy == pytest.approx(0.9182838)
    assert loss.item() == pytest.approx(0.4680106, abs=1e-7)
    assert gradient.tolist() == pytest.approx([0.4107599] + [-0.1369200] * 3, abs=1e-6)
