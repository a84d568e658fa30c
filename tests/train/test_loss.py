"""The loss against hand-worked numbers, finite differences and exact expectations."""

import math

import pytest

pytest.importorskip("torch")

import torch
from torch import Tensor

from covet.train.loss import TokenSums, policy_loss
from covet.train.model import entropy

NEW = [[-1.0, -0.5, -2.0], [-0.7, -1.2, -9.0]]
OLD = [[-1.4, -0.5, -1.7], [-0.9, -0.8, 0.0]]
MASK = [[True, True, True], [True, True, False]]
ADVANTAGES = [1.0, -0.5]


def tensor(values: object) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def loss_of(
    logprobs: Tensor,
    behaviour: Tensor,
    *,
    reference: Tensor | None = None,
    advantages: Tensor | None = None,
    mask: Tensor | None = None,
    kl: float = 0.0,
    tokens: int = 5,
    clip: tuple[float, float] = (0.2, 0.28),
) -> tuple[Tensor, TokenSums]:
    return policy_loss(
        logprobs=logprobs,
        behaviour=behaviour,
        reference=reference,
        advantages=tensor(ADVANTAGES) if advantages is None else advantages,
        mask=torch.tensor(MASK) if mask is None else mask,
        clip_low=clip[0],
        clip_high=clip[1],
        kl=kl,
        tokens=tokens,
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
    loss, sums = loss_of(new, old, reference=old * 900, kl=0.1, mask=mask, tokens=2)
    loss.backward()
    assert new.grad is not None
    assert torch.isfinite(loss)
    assert torch.isfinite(new.grad).all()
    assert (new.grad[:, 1] == 0).all()
    assert math.isfinite(sums.kl)


def test_the_expected_gradient_of_the_divergence_is_that_of_the_reverse_kl() -> None:
    logits = tensor([0.5, -0.3, 1.2, -1.0]).requires_grad_()
    reference = torch.log_softmax(tensor([0.0, 0.4, 0.2, -0.5]), 0)
    exact_kl = (torch.softmax(logits, 0) * (torch.log_softmax(logits, 0) - reference)).sum()
    (exact,) = torch.autograd.grad(exact_kl, logits)

    policy = torch.log_softmax(logits, 0)  # [V]; each token sampled as often as it is likely
    expected = torch.zeros_like(logits)
    estimate = 0.0
    for token, probability in enumerate(policy.detach().exp()):
        score = torch.log_softmax(logits, 0)[token].reshape(1, 1)
        loss, sums = loss_of(
            score, score.detach(), reference=reference[token].reshape(1, 1),
            advantages=tensor([0.0]), mask=torch.tensor([[True]]), kl=1.0, tokens=1,
        )  # fmt: skip
        expected += probability * torch.autograd.grad(loss, logits)[0]
        estimate += probability.item() * sums.kl
    torch.testing.assert_close(expected, exact)
    assert estimate == pytest.approx(exact_kl.item())


def test_entropy_has_the_hand_worked_value_and_bears_impossible_tokens() -> None:
    table = torch.log_softmax(tensor([[2.0, 0.0, 0.0, 0.0], [0.0, 0.0, -math.inf, -math.inf]]), -1)
    assert entropy(table).tolist() == pytest.approx([0.9182838, math.log(2)])
