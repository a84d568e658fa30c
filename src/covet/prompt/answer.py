"""Code and the thought that led to it become an answer, as ``covet.prompt.parse`` reads one.

A thought stands first, in ``<think>`` tags::

    <think>
    The limit of 18 holds from 19 on, so 20 must give 18.
    </think>

    ```python
    def test_limit(): ...
    ```

Where the template asks for bare code there is no fence. Nothing else writes answers, so that what
a model is shown (``covet.warmup``) and what is read of its own are one form.
"""

import re

from covet.prompt.template import Code

OPENS, CLOSES = "<think>", "</think>"
_TICKS = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def answer(written: str, *, code: Code, thought: str = "") -> str:
    """The text of an answer; ``written`` ends in a newline."""
    before = f"{OPENS}\n{thought.strip()}\n{CLOSES}\n" if thought else ""
    if code == "bare":
        return before + written
    ticks = max((len(found) for found in _TICKS.findall(written)), default=2) + 1
    fence = "`" * max(3, ticks)
    blank = "\n" if before else ""
    return f"{before}{blank}{fence}python\n{written}{fence}"


def continued(text: str, *, prompt_end: str) -> str:
    """An answer as it goes on from a prompt of which ``prompt_end`` is the end: some chat templates
    open the thought there.
    """
    if not prompt_end.rstrip().endswith(OPENS):
        return text
    if text.startswith(OPENS):
        rest = text.removeprefix(OPENS)
        return rest.removeprefix("\n") if prompt_end.endswith("\n") else rest
    return f"{CLOSES}\n\n{text}"
