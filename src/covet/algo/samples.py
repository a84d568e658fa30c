"""Groups with advantages → the token sequences that a trainer learns from.

The prompt and what an environment wrote are masked; the trainer sees nothing else of a rollout.
"""

from collections.abc import Sequence

from covet.errors import ModelError
from covet.records import Group, Rollout, TrainingSample


def training_samples(group: Group, advantages: Sequence[float]) -> list[TrainingSample]:
    """One sample for each rollout, in order; none where all advantages are zero.

    ``ModelError`` where the policy did not tell its tokens or their log-probabilities.
    """
    if not any(advantages):
        return []
    return [
        _sample(group, rollout, advantage)
        for rollout, advantage in zip(group.rollouts, advantages, strict=True)
    ]


def _sample(group: Group, rollout: Rollout, advantage: float) -> TrainingSample:
    tokens = list(group.prompt_token_ids)
    mask = [False] * len(tokens)
    logprobs = [0.0] * len(tokens)
    for segment in rollout.completion.segments:
        own = segment.owner == "policy"
        if own and not 0 < len(segment.token_ids) == len(segment.logprobs):
            raise ModelError(
                f"{rollout.completion.policy} told {len(segment.token_ids)} tokens and "
                f"{len(segment.logprobs)} log-probabilities of a completion for "
                f"{group.example_id}; only a policy that tells both can be trained"
            )
        tokens += segment.token_ids
        mask += [own] * len(segment.token_ids)
        logprobs += segment.logprobs if own else [0.0] * len(segment.token_ids)
    if not group.prompt_token_ids:
        raise ModelError(
            f"the tokens of the prompt for {group.example_id} are not known; a policy to be "
            "trained tells them"
        )
    return TrainingSample(tuple(tokens), tuple(mask), tuple(logprobs), advantage)
