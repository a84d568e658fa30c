"""What may be spent on policies that are asked: tokens, money, or both, over all of a scorecard.

A budget is kept by never asking for more than could fit: each completion counts at its longest
before it is there, and at what it took afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from covet.config import Config
from covet.evaluate.rows import TaskRow
from covet.policy.base import NEW_TOKENS
from covet.records import FunctionExample
from covet.rollout import Roller


@dataclass(slots=True)
class Budget:
    """0: no bound."""

    tokens: int = 0
    cost: float = 0.0
    spent_tokens: float = 0.0
    spent_cost: float = 0.0

    def count(self, row: TaskRow) -> None:
        """What a row took; of one whose tokens are not known, nothing."""
        self.spent_tokens += sum(row.tokens) if row.tokens else 0.0
        self.spent_cost += row.cost

    def allows(
        self, asked: Sequence[tuple[FunctionExample, int]], roller: Roller, settings: Config
    ) -> bool:
        """Whether all of it fits, at its longest."""
        if not self.tokens and not self.cost:
            return True
        tokens, cost = at_most(asked, roller, settings)
        fits_tokens = not self.tokens or self.spent_tokens + tokens <= self.tokens
        return fits_tokens and (not self.cost or self.spent_cost + cost <= self.cost)

    @property
    def words(self) -> str:
        """For people."""
        bounds = [f"{self.tokens} tokens"] if self.tokens else []
        bounds += [f"{self.cost:g} in money"] if self.cost else []
        spent = f"{self.spent_tokens:.0f} tokens and {self.spent_cost:.4f} are spent"
        return f"the budget of {' and '.join(bounds)} does not reach further ({spent})"


def at_most(
    asked: Sequence[tuple[FunctionExample, int]], roller: Roller, settings: Config
) -> tuple[int, float]:
    """Tokens and money that asking about tasks, each with a number of samples, can take."""
    policy = settings.policy
    longest = policy.max_new_tokens or NEW_TOKENS
    read = written = 0
    for task, samples in asked:
        prompt = roller.prompt(task)
        if prompt is not None:
            read += samples * roller.policy.count_tokens(prompt.text)
            written += samples * longest
    return read + written, (read * policy.price_in + written * policy.price_out) / 1e6
