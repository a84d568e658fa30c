import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covet.inspector.charts import (
    DotChart,
    LineChart,
    Series,
    dot_chart,
    line_chart,
    number,
    running_mean,
    ticks,
)
from covet.records import Estimate

VALUES = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-6)


@given(VALUES, VALUES)
def test_ticks_are_few_even_and_hold_the_range(one, other):
    low, high = sorted((one, other))
    marks = ticks(low, high)
    assert 2 <= len(marks) <= 8
    hair = 1e-6 * max(high - low, 1e-3)
    assert marks[0] <= low + hair
    assert marks[-1] >= high - hair
    gaps = [after - before for before, after in itertools.pairwise(marks)]
    assert max(gaps) == pytest.approx(min(gaps))


@given(st.lists(VALUES, min_size=1, max_size=40))
def test_every_point_lies_inside_the_plot(values):
    chart = line_chart("t", [Series("a", list(enumerate(values)))])
    for points in (chart.lines[0].raw, chart.lines[0].mean):
        for pair in points.split():
            x, y = map(float, pair.split(","))
            assert LineChart.left - 0.1 <= x <= LineChart.right + 0.1
            assert LineChart.top - 0.1 <= y <= LineChart.bottom + 0.1


def test_a_share_keeps_its_axis_however_small_it_is():
    chart = line_chart("t", [Series("a", [(0, 0.01), (1, 0.02)])], share=True)
    assert [tick.label for tick in chart.y_ticks] == ["0", "0.25", "0.5", "0.75", "1"]


def test_an_axis_of_positive_values_starts_at_nothing():
    chart = line_chart("t", [Series("a", [(0, 5.0), (1, 6.0)])])
    assert chart.y_ticks[0].label == "0"


def test_no_steps_are_no_line():
    assert line_chart("t", [Series("a", [])]).lines[0].raw == ""


@given(st.lists(st.floats(-10, 10), max_size=30), st.sampled_from([1, 3, 5, 7]))
def test_the_running_mean_stays_within_what_it_smooths(values, window):
    means = running_mean(values, window)
    assert len(means) == len(values)
    for mean in means:
        assert min(values) - 1e-9 <= mean <= max(values) + 1e-9


def test_a_mean_of_one_step_is_the_step():
    assert running_mean([1.0, 5.0, 2.0], 1) == [1.0, 5.0, 2.0]


def test_an_estimate_of_no_tasks_is_not_drawn():
    chart = dot_chart(Estimate(0, 0, 0, 0), Estimate(0.5, 0.25, 1.0, 9), share=True)
    assert chart.before is None
    assert chart.after is not None
    assert chart.after.at == pytest.approx((DotChart.left + DotChart.right) / 2)
    assert chart.after.high == DotChart.right


@pytest.mark.parametrize(
    ("value", "told"), [(0, "0"), (0.25, "0.25"), (12.0, "12"), (1e-5, "1e-05"), (12345, "12,345")]
)
def test_numbers_are_short(value, told):
    assert number(value) == told
