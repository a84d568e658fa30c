"""Rewards → what to learn from them: numbers in, numbers out, and no tensors."""
