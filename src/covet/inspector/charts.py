"""Numbers → the geometry of a chart: positions in the SVG's own units, and labels.

What is drawn at them, and in which colours, is the template's affair. An axis starts at 0 unless
values lie below it, so that lengths can be compared by eye; shares run from 0 to 1.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from covet.records import Estimate

Points = Sequence[tuple[float, float]]
Scale = Callable[[float], float]
"""A value → its place in the SVG."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line to draw; points without a value are left out by who gives them."""

    label: str
    points: Points
    band: Sequence[tuple[float, float, float]] = ()
    """Of several runs: step, the lowest and the highest value there."""
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line drawn: every value, and the running mean."""

    label: str
    raw: str
    mean: str
    """Both as the ``points`` of a ``polyline``."""
    dots: tuple[tuple[float, float], ...]
    """Every value, where there are few."""
    last: str
    """The last value of the running mean, for people."""
    band: str = ""
    """The ``points`` of a ``polygon``."""
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of steps that can be pointed at."""

    x: float
    width: float
    first: int
    last: int
    told: str
    """What every line is there."""


@dataclass(frozen=True, slots=True)
class LineChart:
    """Values over steps."""

    title: str
    about: str
    window: int
    """How many steps the running mean takes in."""
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    spots: tuple[Spot, ...] = ()
    alarms: tuple[float, ...] = ()
    """Where steps with alarms are."""

    width = 380
    height = 220
    left, right, top, bottom = 44, 368, 10, 184
    """The plot's edges."""


FEW = 60
"""Up to so many values are drawn as dots too."""
MOST = 320
"""Points of a line; of more, each drawn is the mean of as many neighbours as it takes."""
SPOTS = 40


def line_chart(
    title: str,
    series: Sequence[Series],
    *,
    about: str = "",
    share: bool = False,
    alarms: Sequence[float] = (),
) -> LineChart:
    """A chart of some series over the same steps; ``share``: the values lie in 0 to 1."""
    steps = [x for one in series for x, _ in one.points]
    values = [y for one in series for _, y in one.points]
    values += [y for one in series for _, *ends in one.band for y in ends]
    x_low, x_high = min(steps, default=0), max(steps, default=1)
    y_low = 0.0 if share else min([0.0, *values])
    y_high = 1.0 if share else max([0.0, *values])
    y_marks = [0, 0.25, 0.5, 0.75, 1.0] if share else ticks(y_low, y_high)
    y_low, y_high = min(y_low, y_marks[0]), max(y_high, y_marks[-1])
    chart = LineChart

    def x(step: float) -> float:
        return _scale(step, x_low, x_high, chart.left, chart.right)

    def y(value: float) -> float:
        return _scale(value, y_low, y_high, chart.bottom, chart.top)

    window = _window(max((len(one.points) for one in series), default=0))
    return LineChart(
        title=title,
        about=about,
        window=window,
        x_ticks=tuple(
            Tick(x(mark), number(mark))
            for mark in ticks(x_low, x_high)
            if x_low <= mark <= x_high and mark == int(mark)
        ),
        y_ticks=tuple(Tick(y(mark), number(mark)) for mark in y_marks),
        lines=tuple(_line(one, window, x, y) for one in series),
        spots=_spots(series, x, x_low, x_high),
        alarms=tuple(x(step) for step in alarms if x_low <= step <= x_high),
    )


def _line(series: Series, window: int, x: Scale, y: Scale) -> Line:
    raw = [(x(step), y(value)) for step, value in thinned(series.points)]
    means = running_mean([value for _, value in series.points], window)
    smooth = [(step, value) for (step, _), value in zip(series.points, means, strict=True)]
    above = [(x(step), y(high)) for step, _, high in series.band]
    below = [(x(step), y(low)) for step, low, _ in series.band]
    return Line(
        label=series.label,
        raw=polyline(raw),
        mean=polyline([(x(step), y(value)) for step, value in thinned(smooth)]),
        dots=tuple((round(a, 1), round(b, 1)) for a, b in raw) if len(raw) <= FEW else (),
        last=number(means[-1]) if means else "–",
        band=polyline([*thinned(above), *reversed(thinned(below))]),
        runs=series.runs,
    )


def thinned(points: Points) -> list[tuple[float, float]]:
    """At most ``MOST`` points: the means of neighbours."""
    size = math.ceil(len(points) / MOST) or 1
    if size == 1:
        return list(points)
    chunks = [points[start : start + size] for start in range(0, len(points), size)]
    return [
        (sum(a for a, _ in chunk) / len(chunk), sum(b for _, b in chunk) / len(chunk))
        for chunk in chunks
    ]


def _spots(series: Sequence[Series], x: Scale, low: float, high: float) -> tuple[Spot, ...]:
    """At most ``SPOTS`` stretches of equal width, with the mean of each line there."""
    first, last = int(low), int(high)
    size = max(1, math.ceil((last - first + 1) / SPOTS))
    known = [dict(one.points) for one in series]
    spots: list[Spot] = []
    for start in range(first, last + 1, size):
        end = min(last, start + size - 1)
        told = [f"step {start}" if start == end else f"steps {start} to {end}"]
        for one, values in zip(series, known, strict=True):
            here = [values[step] for step in range(start, end + 1) if step in values]
            if here:
                told.append(f"{one.label} {number(sum(here) / len(here))}")
        left, right = x(max(low, start - 0.5)), x(min(high, end + 0.5))
        spots.append(Spot(left, round(right - left, 2), start, end, "; ".join(told)))
    return tuple(spots) if any(known) else ()


def running_mean(values: Sequence[float], window: int) -> list[float]:
    """The mean of the ``window`` values around each; of fewer at the ends."""
    half = window // 2
    if not half:
        return list(values)
    sums = [0.0, *accumulate(values)]
    ends = [(max(0, place - half), place + half + 1) for place in range(len(values))]
    return [
        (sums[min(end, len(values))] - sums[start]) / (min(end, len(values)) - start)
        for start, end in ends
    ]


def _window(count: int) -> int:
    """An odd number of about a tenth of the steps."""
    return max(1, min(5, count // 3), count // 10) // 2 * 2 + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar."""

    label: str
    told: str
    x: float
    width: float
    place: int
    """Which of the labels, from 0: its colour."""


@dataclass(frozen=True, slots=True)
class StackedBar:
    """Parts of a sum, in hundredths of the widest of several bars; negative ones to the left of
    ``zero``.
    """

    pieces: tuple[Piece, ...]
    zero: float


def stacked_bars(
    bars: Sequence[Sequence[tuple[str, float, str]]], *, labels: Sequence[str]
) -> tuple[StackedBar, ...]:
    """A bar for each list of parts: label, value, and what is told of it."""
    highest = max([sum(max(0.0, v) for _, v, _ in bar) for bar in bars], default=0.0)
    lowest = min([sum(min(0.0, v) for _, v, _ in bar) for bar in bars], default=0.0)
    whole = (highest - lowest) or 1.0
    zero = -lowest / whole * 100
    return tuple(_stacked(bar, labels, whole=whole, zero=zero) for bar in bars)


def _stacked(
    bar: Sequence[tuple[str, float, str]], labels: Sequence[str], *, whole: float, zero: float
) -> StackedBar:
    right = left = zero
    pieces: list[Piece] = []
    for label, value, told in bar:
        width = abs(value) / whole * 100
        if not width:
            continue
        if value < 0:
            left -= width
        at = left if value < 0 else right
        right += width if value > 0 else 0
        pieces.append(Piece(label, told, round(at, 2), round(width, 2), labels.index(label)))
    return StackedBar(tuple(pieces), round(zero, 2))


@dataclass(frozen=True, slots=True)
class Whisker:
    """An estimate as a dot with its range."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DotChart:
    """The same measure, tried twice, on one axis."""

    ticks: tuple[Tick, ...]
    before: Whisker | None
    after: Whisker | None

    width = 300
    height = 62
    left, right = 10, 284


def dot_chart(before: Estimate | None, after: Estimate | None, *, share: bool) -> DotChart:
    """Estimates that are known, on an axis from 0 to 1, or to what holds their ranges."""
    given = [one for one in (before, after) if one is not None and one.n]
    marks = [0, 0.25, 0.5, 0.75, 1.0]
    if not share:
        marks = ticks(0.0, max([one.high for one in given], default=1.0) or 1.0)

    def x(value: float) -> float:
        return _scale(value, marks[0], marks[-1], DotChart.left, DotChart.right)

    def whisker(one: Estimate | None) -> Whisker | None:
        return Whisker(x(one.value), x(one.low), x(one.high)) if one is not None and one.n else None

    return DotChart(
        ticks=tuple(Tick(x(mark), number(mark)) for mark in marks),
        before=whisker(before),
        after=whisker(after),
    )


def ticks(low: float, high: float, *, about: int = 4) -> list[float]:
    """Round numbers, evenly apart, from at most ``low`` to at least ``high``."""
    if not high > low:
        high = low + 1.0
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(mark * step, 12) for mark in range(first, last + 1)]


def number(value: float) -> str:
    """A number as short as three digits allow: 12, 0.25, 3.1e-05."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def polyline(points: Points) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _scale(value: float, low: float, high: float, start: float, end: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(start + share * (end - start), 2)
