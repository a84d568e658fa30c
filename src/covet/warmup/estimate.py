"""What a warm-up would take, told without a model and without asking anybody.

Tokens are guessed from characters, so the figures are good to a third or so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from covet.warmup.journal import Journal, Spent, key
from covet.warmup.request import Request, Task

CHARACTERS_PER_TOKEN = 4
TOKENS_PER_WORD = 1.4
_NO_BOUND = 1 << 40


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of the teacher's part."""

    traces: int
    """To be written."""
    kept: int
    """Of them, those for which an answer is kept from before."""
    requests_most: int
    """If every answer but the last were rejected."""
    tokens_in: int
    """If every first answer is good."""
    tokens_out: int
    cost: float
    cost_most: float
    """If all attempts are needed and every answer is as long as it may be; a budget may end the
    asking before."""


def estimate(tasks: Sequence[Task], *, request: Request, journal: Journal) -> Estimate:
    """``journal``: what is known already."""
    settings = request.settings
    open_tasks = [task for task in tasks if journal.find(key(task, 0, request=request)) is None]
    tokens_in = sum(_tokens(request, task) for task in open_tasks)
    first = Spent(
        len(open_tasks), tokens_in, round(len(open_tasks) * settings.words * TOKENS_PER_WORD)
    )
    most = Spent(
        len(open_tasks) * settings.attempts,
        tokens_in * settings.attempts,
        len(open_tasks) * settings.attempts * settings.max_new_tokens,
    )
    return Estimate(
        traces=len(tasks),
        kept=len(tasks) - len(open_tasks),
        requests_most=most.requests,
        tokens_in=first.tokens_in,
        tokens_out=first.tokens_out,
        cost=first.cost(settings),
        cost_most=most.cost(settings),
    )


def _tokens(request: Request, task: Task) -> int:
    return _guess(request.prompt(task, budget=_NO_BOUND, count=_guess).text)


def _guess(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)
