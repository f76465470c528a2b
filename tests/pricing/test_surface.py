"""The volatility of each option: GAME.md's formulas in plain Python, and no arbitrage between strikes and times."""

import itertools
import math

import numpy as np
import pytest

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.pricing.black_scholes import values
from openoutcry.pricing.expected_move import ExpectedMove
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS
from openoutcry.pricing.settlement_average import average_ahead
from openoutcry.pricing.surface import FlatSurface, RegimeSurface

RULES = MarketRules(headlines=(Headline(text="a", category="c"),))
LONGEST = 11 * SESSION_SECONDS
SURFACE = RegimeSurface(RULES, SettlementRules())
EXPECTED = ExpectedMove(RULES, 1 / 900)
CERTAIN = [(10**12, 0, 0), (0, 10**12, 0), (0, 0, 10**12)]
BELIEFS = [
    *CERTAIN,
    (334 * 10**9, 333 * 10**9, 333 * 10**9),
    (5 * 10**11, 0, 5 * 10**11),
    (10**10, 10**10, 98 * 10**10),
]


def moment(beliefs, level=0, quiet=0):
    return Moment(now=0, prices={}, beliefs=beliefs, level=level, quiet_seconds=quiet)


def seen(moments, seconds, distances, surface=SURFACE):
    """Volatilities by moment; options are of one underlying and expiry, so many seconds ahead."""
    average = average_ahead(np.full((len(moments), 1), seconds), SettlementRules(), Parameters())
    rows = np.broadcast_to(distances, (len(moments), len(distances)))
    return surface.volatilities(moments, average, np.zeros(len(distances), dtype=np.int64), rows)


def time_of(seconds):
    """In which the average varies as much as the price does."""
    to_come = min(30, -(-seconds // 10))
    pairs = itertools.product(range(to_come), repeat=2)
    return sum(min(seconds - 10 * one, seconds - 10 * other) for one, other in pairs) / 900


def by_the_formula(beliefs, level, quiet, seconds, distance):
    tau = time_of(seconds)
    moves = EXPECTED.over(np.array(tau), np.array(tau - time_of(max(seconds - quiet, 0))))
    expected = sum(chance / 1e12 * move for chance, move in zip(beliefs, moves, strict=True))
    theta = (expected * (1 + level / 1e12)) ** 2
    z = distance / math.sqrt(theta)
    curvature = 1 / math.sqrt(1 + tau / 1_800)
    total = theta / 2 * (1 + math.sqrt(1 + curvature**2 * z**2))
    return math.sqrt(total / (tau / YEAR_SECONDS))


@pytest.mark.parametrize("seconds", [1, 95, 300, 900, SESSION_SECONDS, LONGEST])
@pytest.mark.parametrize("beliefs", BELIEFS)
def test_volatilities_are_those_of_the_formula(seconds, beliefs):
    distances = np.log(np.array([0.925, 0.975, 0.999, 1.0, 1.025]))
    for level, quiet in ((0, 0), (15 * 10**9, 300), (-40 * 10**9, 70)):
        found = seen([moment(beliefs, level, quiet)], seconds, distances)[0]
        expected = [by_the_formula(beliefs, level, quiet, seconds, distance) for distance in distances]
        # Total variances have an end at 1e-15, which tells at one second.
        assert found == pytest.approx(expected, rel=1e-9 if seconds > 900 else 2e-4)


def test_total_variances_are_whole_units():
    found = seen([moment(BELIEFS[3], 7 * 10**9)], 5_000, np.array([-0.02, 0.0, 0.01]))[0]
    tau = float(average_ahead(np.array(5_000), SettlementRules(), Parameters()).variance_time)
    units = found * found * tau * 1e15
    assert units == pytest.approx(np.rint(units), abs=1e-3)


def test_the_noise_goes_over_all_options_alike_and_a_closing_mark_has_none():
    quiet, noisy = seen([moment(BELIEFS[3]), moment(BELIEFS[3], 2 * 10**10)], SESSION_SECONDS, np.array([0.0]))
    assert noisy == pytest.approx(quiet * 1.02, rel=1e-9)


def test_at_the_very_end_there_is_no_volatility():
    for surface in (SURFACE, FlatSurface(0.2)):
        assert seen([moment(BELIEFS[1])], 0, np.array([-0.01, 0.0]), surface).tolist() == [[0, 0]]
    assert seen([moment(())], 1, np.array([0.5]), FlatSurface(0.2)).tolist() == [[0.2]]


SECONDS = (1, 2, 9, 10, 11, 60, 155, 290, 300, 301, 600, 1_800, 5_000, SESSION_SECONDS, 3 * SESSION_SECONDS, LONGEST)


@pytest.mark.parametrize("beliefs", BELIEFS)
def test_no_butterfly_costs_less_than_nothing(beliefs):
    """Prices of calls are convex in the strike and fall with it, by no more than the strike rises."""
    for seconds in SECONDS:
        tau = float(average_ahead(np.array(seconds), SettlementRules(), Parameters()).variance_time)
        width = float(seen([moment(beliefs)], seconds, np.array([0.0]))[0, 0]) * math.sqrt(tau)
        strikes = np.exp(np.linspace(-12 * width, 12 * width, 241))
        volatility = seen([moment(beliefs)], seconds, np.log(strikes))[0]
        calls = values(np.array(1.0), strikes, 1.0, volatility * math.sqrt(tau), 1.0)
        slopes = np.diff(calls) / np.diff(strikes)
        # The rounding of total variances is worth so little, in units of the forward.
        tolerance = 1e-6
        assert np.all(slopes <= tolerance)
        assert np.all(slopes >= -1 - tolerance)
        assert np.all(np.diff(slopes) >= -tolerance), (beliefs, seconds)


@pytest.mark.parametrize("quiet", [0, 200])
@pytest.mark.parametrize("beliefs", BELIEFS)
def test_no_later_option_has_less_variance(beliefs, quiet):
    """At the same distance of the strike from the forward, total variance rises with time."""
    distances = np.linspace(-0.15, 0.15, 61)
    before = np.zeros(len(distances))
    for seconds in range(1, 600):
        before = rising(beliefs, quiet, seconds, distances, before)
    for seconds in range(600, LONGEST, 997):
        before = rising(beliefs, quiet, seconds, distances, before)


def rising(beliefs, quiet, seconds, distances, before):
    tau = float(average_ahead(np.array(seconds), SettlementRules(), Parameters()).variance_time)
    total = seen([moment(beliefs, quiet=quiet)], seconds, distances)[0] ** 2 * tau
    assert np.all(total >= before - 2e-15), (beliefs, seconds)
    return total
