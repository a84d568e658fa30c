"""Covet tunes a code model on one codebase until the unit tests it writes catch bugs.

The stages, in the order in which data passes through them:

- ``mine``      a codebase becomes Examples: focal functions with their tests and a baseline
- ``instructions``  a dataset of instructions with programs becomes Examples, checked
- ``prompt``    an Example becomes a Prompt, and a Completion becomes a Candidate
- ``policy``    a Prompt becomes Completions
- ``warmup``    what people wrote, with a teacher's reasoning, becomes Demonstrations
- ``execute``   a Candidate is run against programs and becomes an Execution
- ``reward``    an Execution becomes a Reward
- ``rollout``   one Example becomes one Group of graded Rollouts
- ``algo``      a Group becomes TrainingSamples with advantages
- ``train``     TrainingSamples become new weights
- ``evaluate``  a policy and Examples become a scorecard
- ``agent``     a change of a codebase becomes a Proposal: tests that are proven and placed
- ``inspector`` a run directory becomes pages to read
- ``adapters``  Examples and their rewards for other people's trainers

Under them lie ``languages`` (what is known of a programming language), ``sandbox`` (where
untrusted code runs), ``config``, ``runlog``, ``records`` (the glossary) and ``errors``.
``nano`` holds the embedded demonstration model and the bundled codebase. Importing this
package imports nothing else.
"""

__version__ = "0.1.0"
