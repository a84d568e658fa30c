"""Grade candidates: ``run`` one, ``grader`` many, ``matrix`` what it says about their tests.

``codebase`` tells where the code under test keeps its interpreter and packages.
"""
