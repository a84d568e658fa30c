"""Rollouts → weights: one optimizer step after another, in this process."""

import covet.policy.hf  # noqa: F401 - where torch is missing, this says what to install
