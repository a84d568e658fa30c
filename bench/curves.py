"""Curves of an experiment as one SVG: a panel for each measure, a line for each arm.

Lines are means over seeds, bands go from the lowest seed to the highest. For figures in ``docs/``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from statistics import fmean

WIDTH, HEIGHT, LEFT, TOP, GAP = 250, 150, 46, 56, 30
COLUMNS = 3
COLOURS = ("#0969da", "#bc4c00", "#1a7f37", "#8250df")

Values = Mapping[float, Sequence[float]]
"""By place on the x axis: the value of each seed."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure."""

    title: str
    arms: Mapping[str, Values]


def draw(panels: Sequence[Panel], arms: Mapping[str, str], *, x: str) -> str:
    """``arms``: by name, what the legend says; ``x``: what the x axis counts."""
    rows = -(-len(panels) // COLUMNS)
    whole = (LEFT + WIDTH + GAP) * COLUMNS, TOP + rows * (HEIGHT + 2 * GAP + 12)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole[0]} {whole[1]}">',
        '<g font-family="system-ui, sans-serif" font-size="12" fill="#57606a">',
        f'<rect width="{whole[0]}" height="{whole[1]}" fill="#fff"/>',
    ]
    colours = dict(zip(arms, COLOURS, strict=False))
    at = LEFT
    for arm, told in arms.items():
        parts.append(
            f'<rect x="{at}" y="14" width="18" height="4" fill="{colours[arm]}"/>'
            f'<text x="{at + 24}" y="20" fill="#1f2328">{escape(told)}</text>'
        )
        at += 44 + 7 * len(told)
    for place, panel in enumerate(panels):
        left = LEFT + (place % COLUMNS) * (LEFT + WIDTH + GAP)
        top = TOP + (place // COLUMNS) * (HEIGHT + 2 * GAP + 12)
        parts += _panel(panel, colours, left=left, top=top, x=x)
    return "\n".join([*parts, "</g></svg>", ""])


def _panel(panel: Panel, colours: Mapping[str, str], *, left: int, top: int, x: str) -> list[str]:
    everything = [v for arm in panel.arms.values() for seeds in arm.values() for v in seeds]
    places = sorted({at for arm in panel.arms.values() for at in arm})
    highest = max([*everything, 1e-9]) * 1.05
    first, last = places[0], max(places[-1], places[0] + 1)

    def across(at: float) -> float:
        return left + WIDTH * (at - first) / (last - first)

    def up(value: float) -> float:
        return top + HEIGHT * (1 - value / highest)

    title = f'x="{left}" y="{top - 10}" font-weight="600" fill="#1f2328"'
    parts = [f"<text {title}>{escape(panel.title)}</text>"]
    for share in (0.0, 0.5, 1.0):
        value = highest * share / 1.05
        parts += [
            f'<path d="M{left} {up(value):.1f}H{left + WIDTH}" stroke="#d0d7de"/>',
            _text(f"{value:.3g}", left - 6, up(value) + 4, "end"),
        ]
    parts += [_text(f"{at:g}", across(at), top + HEIGHT + 17, "middle") for at in places]
    parts.append(_text(x, left + WIDTH / 2, top + HEIGHT + 34, "middle"))
    for arm, values in panel.arms.items():
        ends = [(across(at), min(seeds), max(seeds)) for at, seeds in sorted(values.items())]
        band = [f"{p:.1f},{up(low):.1f}" for p, low, _ in ends]
        band += [f"{p:.1f},{up(high):.1f}" for p, _, high in ends[::-1]]
        line = [(across(at), up(fmean(seeds))) for at, seeds in sorted(values.items())]
        points = " ".join(f"{p:.1f},{q:.1f}" for p, q in line)
        colour = colours[arm]
        parts += [
            f'<polygon points="{" ".join(band)}" fill="{colour}" opacity="0.15"/>',
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            *(f'<circle cx="{p:.1f}" cy="{q:.1f}" r="3" fill="{colour}"/>' for p, q in line),
        ]
    return parts


def _text(text: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
