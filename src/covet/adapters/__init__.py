"""Mined tasks and their rewards for other people's trainers.

::

    tasks      a mined dataset with one grader: prompts out, texts in, rewards out
    trl        a reward function of TRL's trainers
    verl       verl's ``compute_score``
    verifiers  a taskset of verifiers
"""
