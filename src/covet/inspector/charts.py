"""Numbers → the geometry of a chart: positions in the SVG's own units, and labels.

What is drawn at them, and in which colours, is the template's affair. An axis starts at 0 unless
values lie below it, so that lengths can be compared by eye; shares run from 0 to 1.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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

    width = 380
    height = 220
    left, right, top, bottom = 44, 368, 10, 184
    """The plot's edges."""


FEW = 60
"""Up to so many values are drawn as dots too."""


def line_chart(
    title: str, series: Sequence[Series], *, about: str = "", share: bool = False
) -> LineChart:
    """A chart of some series over the same steps; ``share``: the values lie in 0 to 1."""
    steps = [x for one in series for x, _ in one.points]
    values = [y for one in series for _, y in one.points]
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
            Tick(x(mark), number(mark)) for mark in ticks(x_low, x_high) if x_low <= mark <= x_high
        ),
        y_ticks=tuple(Tick(y(mark), number(mark)) for mark in y_marks),
        lines=tuple(_line(one, window, x, y) for one in series),
    )


def _line(series: Series, window: int, x: Scale, y: Scale) -> Line:
    raw = [(x(step), y(value)) for step, value in series.points]
    means = running_mean([value for _, value in series.points], window)
    mean = [(x(step), y(value)) for (step, _), value in zip(series.points, means, strict=True)]
    return Line(
        label=series.label,
        raw=polyline(raw),
        mean=polyline(mean),
        dots=tuple((round(a, 1), round(b, 1)) for a, b in raw) if len(raw) <= FEW else (),
        last=number(means[-1]) if means else "–",
    )


def running_mean(values: Sequence[float], window: int) -> list[float]:
    """The mean of the ``window`` values around each; of fewer at the ends."""
    half = window // 2
    around = [values[max(0, place - half) : place + half + 1] for place in range(len(values))]
    return [sum(near) / len(near) for near in around]


def _window(count: int) -> int:
    """An odd number of about a tenth of the steps."""
    return max(1, min(5, count // 3), count // 10) // 2 * 2 + 1


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
