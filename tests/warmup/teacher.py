"""What a teacher says, for the model server of ``tests.standin``."""

from tests.standin import EOS, Written

NAME = "someone"
OPENING = "Let me work this out step by step."
TRACE = (
    f"{OPENING} The function has to give back what it was given as long as nothing speaks against "
    "it, and I want to be sure of the one situation in which it does not. Somebody who uses the "
    "product comes to it by an unusual amount, so that the branch which most calls never reach is "
    "the one that runs. From there I can follow by hand what happens to the value, and what comes "
    "out of it is the only result that I would accept."
)


def says(text: str) -> Written:
    ids = [*text.encode(), EOS]
    return Written(ids, [0.0] * len(ids), text, "stop")
