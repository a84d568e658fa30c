"""How many sampled tests of a model folder pass, on functions that it never saw.

For the recipe alone: samples are executed in this process, which is right for a model of this
vocabulary and wrong for any other; the product grades in its sandbox. The functions are those of
the bundled codebase that have an uncovered line, seen families and held-out ones apart.
"""

import ast
import random
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from recipes.nano.codebase import bundled_functions
from recipes.nano.data import render_prompt
from recipes.nano.families import HELD_OUT
from recipes.nano.functions import Function, Suite, lines_run
from recipes.nano.pretrain import POSITIONS
from recipes.nano.tokenizer import EOS_ID, PAD_ID

NEW_TOKENS = 64
PROMPTS_AT_ONCE = 12

Task = tuple[Function, Suite]


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of the samples."""

    functions: int
    samples: int
    """Samples of each function."""
    valid: float
    """One test function that calls the focal function, after a plan line."""
    passed: float
    new_line: float
    """Passed, and ran a line that the existing tests leave."""


def tasks(seed: int, *, held_out: bool, count: int) -> list[Task]:
    """That many functions of the bundled codebase with a line left, or all that there are."""
    found = [
        (function, suite)
        for function, suite in bundled_functions(seed)
        if suite.open_cases and (function.family in HELD_OUT) is held_out
    ]
    random.Random(seed).shuffle(found)
    return found[:count]


def evaluate(folder: Path, chosen: Sequence[Task], *, samples: int, seed: int) -> Scores:
    """Sample at temperature 1 and run every sample."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    order = sorted(chosen, key=lambda task: len(render_prompt(*task)))
    counts = [0, 0, 0]
    for start in range(0, len(order), PROMPTS_AT_ONCE):
        few = order[start : start + PROMPTS_AT_ONCE]
        texts = _sample(model, tokenizer, [render_prompt(*task) for task in few], samples=samples)
        for place, text in enumerate(texts):
            outcome = judge(*few[place // samples], text)
            counts = [have + got for have, got in zip(counts, outcome, strict=True)]
    valid, passed, new_line = (round(n / (len(order) * samples), 3) for n in counts)
    return Scores(len(order), samples, valid, passed, new_line)


@torch.no_grad()
def _sample(model: Any, tokenizer: Any, prompts: list[str], *, samples: int) -> list[str]:
    """`samples` completions of each prompt, one prompt's after another's."""
    ids = [tokenizer.encode(prompt, add_special_tokens=False) for prompt in prompts]
    width = max(map(len, ids))
    assert width + NEW_TOKENS <= POSITIONS
    made = model.generate(
        input_ids=torch.tensor([[PAD_ID] * (width - len(row)) + row for row in ids]),
        attention_mask=torch.tensor([[0] * (width - len(row)) + [1] * len(row) for row in ids]),
        max_new_tokens=NEW_TOKENS,
        num_return_sequences=samples,
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        eos_token_id=EOS_ID,
        pad_token_id=PAD_ID,
    )
    return [tokenizer.decode(row, skip_special_tokens=True) for row in made[:, width:].tolist()]


def judge(function: Function, suite: Suite, text: str) -> tuple[bool, bool, bool]:
    """Whether a completion is valid, passes, and runs a new line."""
    test = _only_test(text)
    calls = [node.func for node in ast.walk(test) if isinstance(node, ast.Call)] if test else []
    if not any(isinstance(call, ast.Name) and call.id == function.name for call in calls):
        return False, False, False
    assert test is not None
    namespace: dict[str, Any] = {"pytest": pytest}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # such as "is" with a literal
        code = compile(ast.Module([test], []), "<sample>", "exec")
    exec(function.source, namespace)  # noqa: S102 - text that this package made
    focal = namespace[function.name].__code__
    exec(code, namespace)  # noqa: S102 - see the module's docstring
    _, raised, lines = lines_run(focal, lambda: _run(namespace[test.name]))
    passed = not raised and bool(lines)
    return True, passed, passed and bool(lines - suite.covered)


def _run(test: Callable[[], object]) -> None:
    """Run a test; pytest's own failures, which are no `Exception`, become one."""
    try:
        test()
    except pytest.fail.Exception as failed:
        raise AssertionError(str(failed)) from failed


def _only_test(text: str) -> ast.FunctionDef | None:
    """The test function of a completion, where there is exactly that."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # such as "1is", which is no error yet
            body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    only = body[0] if len(body) == 1 else None
    return only if isinstance(only, ast.FunctionDef) and only.name.startswith("test_") else None
