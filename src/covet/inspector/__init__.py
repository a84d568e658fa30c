"""Run and dataset folders become pages to look at, and nothing else is read.

::

    source    folders → runs and datasets by name
    index     their rows, by what lists ask of them; the rows stay in their files
    pages/    one file for each kind of page: an address → what the page shows
    server    pages over HTTP, on this machine alone
    export    all pages in one file
    report    the same for one run, as a run writes it at its end
    curves    metrics.jsonl → the learning curves and where the time went
    tasks     evaluation rows → tasks before and after, side by side
    charts    numbers → the geometry of a chart
    page      templates and values → HTML in which nothing untrusted can act
    card      a model that leaves its run → its card
"""

from covet.inspector.report import write_report

__all__ = ["write_report"]
