"""Percentiles, ratios and targets are computed correctly."""

import pytest

from openoutcry.bench.measures import Latencies, Load, Spread, is_stated, percentile, ratios, spread
from openoutcry.bench.targets import Target


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.9, 90), (0.99, 99), (0.999, 100), (1.0, 100), (0.001, 1)]
)
def test_a_percentile_is_the_sample_that_so_many_do_not_exceed(share, expected):
    assert percentile(list(range(1, 101)), share) == expected


def test_percentiles_of_a_run_are_those_of_all_rounds_together():
    latencies = Latencies()
    latencies.add_round([3_000, 1_000])
    latencies.add_round([4_000, 2_000])
    assert latencies.percentiles_us() == {"p50": 2.0, "p90": 4.0, "p99": 4.0, "p99.9": 4.0, "max": 4.0}
    assert latencies.by_round("p50") == [1.0, 2.0]


def test_a_ratio_is_made_in_each_round():
    # The second round ran on a machine half as fast: that changes no ratio.
    assert ratios([30.0, 60.0, 33.0], [20.0, 40.0, 20.0]) == Spread(1.5, 1.5, 1.65)


def test_a_spread_tells_the_middle_and_both_ends():
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)


@pytest.mark.parametrize(("busy", "stated"), [(0.5, True), (0.8, True), (0.81, False)])
def test_a_figure_of_a_generator_without_time_to_spare_is_not_stated(busy, stated):
    assert is_stated([Load(100, 1.0, 0.5, busy)] * 3) is stated


def test_processor_time_is_told_for_each_answer():
    assert Load(100, 1.0, 0.005, 0.5).processor_us == pytest.approx(50)
    assert Load(100, 1.0, None, 0.5).processor_us is None


def test_a_target_is_met_up_to_its_bound():
    at_most, at_least = Target("latency", "×", at_most=1.25), Target("rate", "orders/s", at_least=200_000)
    assert at_most.is_met_by(1.25)
    assert not at_most.is_met_by(1.26)
    assert at_least.is_met_by(200_000)
    assert not at_least.is_met_by(199_999)
    assert (at_most.bound, at_least.bound) == ("≤ 1.25 ×", "≥ 200,000 orders/s")
