"""Where model-written code runs: the seam, its two implementations, what the kernel offers."""
