"""Writes the model card from the record of the build, so that every figure in it was measured."""

import json
from pathlib import Path
from typing import Any

CARD = """# nano: the demonstration policy of Covet

A {parameters:,}-parameter Llama, trained from scratch on generated code by `recipes/nano` of the
Covet repository. It lets the whole of Covet run, and learn, on a laptop with no download.

**It is a demonstration.** It writes tests for small functions like those of the bundled codebase,
and writes nothing useful for real code, before or after reinforcement learning. Its start is weak
on purpose: training was stopped early, so that reinforcement learning has something visible to
add. Part of the rise that it shows is what more pre-training would have given.

## Format

The prompt is the focal function with `+` before each line, then `# tests` and its existing tests,
then `# new`. The completion is a one-line plan, the uncovered line aimed at, and one test function.

```
+def job_reze(n):
+    if n > 18:
+        return 18
+    if n < 11:
+        return 11
+    return n
# tests
def test_job_reze_1():
    assert job_reze(11) == 11
# new
# return 18
def test_job_reze_2():
    assert job_reze(20) == 18
```

The tokenizer is byte-level BPE of {vocabulary} tokens, with `<pad>` (0) and `<eos>` (1), no
beginning token and no chat template. `covet.json` names the prompt template and the token budget.

## Data

{pretraining_functions:,} functions of {families} generated families, one completion each. About
15 % of the tests, in prompts and completions, are weak assertions on purpose (`is not None`,
`isinstance`, `pytest.raises(Exception)`); all of them pass. Two functions count as the same when
they differ in nothing but their own name and docstring. Of the {bundled_functions:,} functions of
the bundled codebase, {shared_forms} are in the data: {dropped:,} drawn ones were dropped for that.

## Training

{steps:,} steps of {batch} examples, {tokens:,} tokens, {cpu_s:.0f} CPU-seconds on one thread;
AdamW (0.9, 0.95), weight decay {weight_decay}, learning rate {learning_rate} with {warmup} steps
of warm-up and a linear fall to zero, prompt tokens weighted {prompt_weight}, bfloat16 autocast,
seed {seed}. Python {python}, torch {torch}, transformers {transformers}.

| step | loss of a completion token (nats) |
|---:|---:|
{loss}

## Measured

Sampled at temperature 1 on functions of the bundled codebase that have an uncovered line; one
training run, one sampling seed. *Valid*: one test function that calls the focal function. *New
line*: passes, and runs a line that the existing tests leave.

| functions | number × samples | valid | passes | new line |
|---|---:|---:|---:|---:|
{scores}

The held-out families are five that the data has no function of.
"""
NAMES = {
    "scores_seen_families": "seen families, unseen functions",
    "scores_held_out_families": "held-out families",
}


def write_card(model: Path) -> None:
    """Write `README.md` from the `build.json` beside it."""
    build = json.loads((model / "build.json").read_text(encoding="utf-8"))
    (model / "README.md").write_text(render_card(build), encoding="utf-8")


def render_card(build: dict[str, Any]) -> str:
    """The card's text."""
    last = build["loss"][-1]
    return CARD.format(
        **build["recipe"],
        **build["overlap"],
        **build["versions"],
        parameters=build["parameters"],
        vocabulary=build["vocabulary"],
        families=build["families"],
        dropped=build["dropped_as_bundled"],
        tokens=last["tokens"],
        cpu_s=last["cpu_s"],
        loss="\n".join(_loss_rows(build["loss"])),
        scores="\n".join(_score_row(name, build[name]) for name in NAMES),
    )


def _loss_rows(log: list[dict[str, Any]]) -> list[str]:
    """About ten lines of the log, its last among them; each is a mean over 100 steps."""
    stride = max(1, len(log) // 10)
    return [f"| {line['step']} | {line['loss']:.3f} |" for line in log[::-1][::stride][::-1]]


def _score_row(name: str, scores: dict[str, Any]) -> str:
    shares = " | ".join(f"{scores[key]:.1%}" for key in ("valid", "passed", "new_line"))
    return f"| {NAMES[name]} | {scores['functions']} × {scores['samples']} | {shares} |"
