"""A run directory becomes pages to read.

::

    report    a run directory, and nothing else → one self-contained HTML file
    curves    metrics.jsonl → the learning curves and where the time went
    tasks     evaluation rows → tasks before and after, side by side
    charts    numbers → the geometry of a chart
    page      templates and values → HTML in which nothing untrusted can act
"""

from covet.inspector.report import write_report

__all__ = ["write_report"]
