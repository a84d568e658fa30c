"""Policies are tried on Examples; what came of it becomes tables and JSON.

::

    rows       what is kept of each task: its samples and what they showed
    metrics    rows → measures with ranges, paired changes, the funnel
    repair     an answer whose form alone is wrong → a candidate, by stated rules
    scorecard  a roller and examples → rows, once each; before and after as a table and JSON
    entrants   words and TOML → the policies of a scorecard; recorded, pynguin: where two kinds of
               them get their candidates
    budget     what asking may take; reports: coverage reports as baselines; seen: what leaked
    board      the rows of many policies → one result; tables: the same for people
    score      a file of recorded candidates → graded lines and a summary
    suites, cells, best_of_n, fidelity: what suites of tests are worth as judges of solutions
"""
