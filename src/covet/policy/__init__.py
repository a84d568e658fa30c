"""Who writes the tests: the seam in ``base``, one file for each kind of policy."""
