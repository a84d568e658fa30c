"""A run directory, and nothing else → ``report.html`` in it: the inspector's pages in one file.

``write_report`` may be called while the run goes on: it shows what is there.
"""

from pathlib import Path

from covet.inspector.export import REPORT, export
from covet.inspector.source import open_source


def write_report(run: Path) -> Path:
    """Write ``report.html`` into the run directory; ``DataError`` where it is none."""
    source = open_source([run])
    try:
        return export(source, run / "report.html", limits=REPORT)
    finally:
        source.index.close()
