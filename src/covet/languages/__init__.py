"""What is known of programming languages: the seam in ``base``, one folder for each."""
