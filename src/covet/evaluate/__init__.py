"""A policy and Examples become a scorecard.

::

    rows       what is kept of each task: its samples and what they showed
    metrics    rows → measures with ranges, paired changes, the funnel
    scorecard  a roller and examples → rows, once each; rows → tables and JSON
    score      a file of recorded candidates → graded lines and a summary
"""
