"""The expected variance of the regimes: by numerical integration, and by the mean over simulated chains."""

import numpy as np
import pytest
from msgspec import structs
from scipy.integrate import quad
from scipy.linalg import expm

from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import MarketRules, WorldRules
from openoutcry.pricing.expected_variance import ExpectedVariance, jump_chance, jump_variance, shift_chance
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS

HEADLINES = (
    Headline(text="a", category="c", odds=NewsOdds(80, 0, 20), weight=3),
    Headline(text="b", category="c", odds=NewsOdds(0, 90, 10), weight=2, jump_sign=1),
    Headline(text="c", category="c", odds=NewsOdds(0, 60, 40), weight=3, jump_sign=-1),
)
NEWS = MarketRules(headlines=HEADLINES)
QUIET = MarketRules()
LONGEST = 11 * SESSION_SECONDS
VARIANCES = np.array([0.1, 0.2, 0.5]) ** 2
STAYS = np.array([3_600, 2_400, 1_200])
FOLLOWING = np.array([[0, 0.8, 0.2], [0.33, 0, 0.67], [0.1, 0.9, 0]])
FORCED = np.array([[0, 0.7, 0.3], [0.1, 0, 0.9], [0.05, 0.85, 0.1]])


def annual(rules, seconds, parts=900):
    """Variance times years."""
    return ExpectedVariance(rules, YEAR_SECONDS, parts, LONGEST).over(np.array(seconds) * parts) * YEAR_SECONDS


def by_integration(seconds, *, shifts_a_second, jumps):
    chain = (FOLLOWING - np.eye(3)) / STAYS[:, None] + shifts_a_second * (FORCED - np.eye(3))
    return [
        quad(lambda s, row=row: (expm(chain * s) @ VARIANCES)[row] + jumps, 0, seconds, epsabs=1e-8, limit=200)[0]
        for row in range(3)
    ]


def test_chances_are_those_of_the_headlines_by_their_weights():
    assert shift_chance(NEWS) == pytest.approx(3 * 0.8 / 8)
    assert jump_chance(NEWS) == pytest.approx((2 * 0.9 + 3 * 0.6) / 8)
    assert (shift_chance(QUIET), jump_chance(QUIET), jump_variance(QUIET)) == (0, 0, 0)


def test_jumps_have_the_variance_of_their_sizes():
    """In GAME.md's numbers, a year: 0.0171."""
    draws = np.random.Generator(np.random.PCG64(5))
    sizes = 0.005 * np.exp(0.3 * draws.standard_normal(400_000) - 0.3**2 / 2)
    thirty = MarketRules(headlines=(Headline(text="a", category="c"),))
    found = jump_variance(thirty) * YEAR_SECONDS
    assert found == pytest.approx(0.3 * np.mean(sizes**2) * YEAR_SECONDS / 2_400, rel=5e-3)
    assert found == pytest.approx(0.0171, abs=5e-5)


@pytest.mark.parametrize("seconds", [1, 60, 900, SESSION_SECONDS, LONGEST])
def test_it_is_the_integral_of_the_variance_to_come(seconds):
    assert annual(QUIET, seconds) == pytest.approx(by_integration(seconds, shifts_a_second=0, jumps=0), rel=1e-9)
    jumps = jump_variance(NEWS) * YEAR_SECONDS
    expected = by_integration(seconds, shifts_a_second=0.3 / 2_400, jumps=jumps)
    assert annual(NEWS, seconds) == pytest.approx(expected, rel=1e-9)


def test_parts_of_a_second_count():
    expected = ExpectedVariance(QUIET, YEAR_SECONDS, 900, LONGEST)
    assert expected.over(np.array([0])).tolist() == [[0, 0, 0]]
    one, two = expected.over(np.array([1, 2])) * YEAR_SECONDS * 900
    assert one == pytest.approx(VARIANCES, rel=1e-5)
    assert two == pytest.approx(2 * VARIANCES, rel=1e-5)
    coarse = ExpectedVariance(QUIET, YEAR_SECONDS, 1, LONGEST).over(np.array([[7, LONGEST]]))
    assert coarse == pytest.approx(expected.over(np.array([[7, LONGEST]]) * 900), rel=1e-12)


def test_a_chain_whose_chances_cannot_be_told_apart_by_eigenvalues_is_as_good():
    """Three regimes in a circle, with stays of 900, 225 and 900 seconds: two eigenvectors are the same."""
    low, medium, high = WorldRules().regimes
    circle = WorldRules(
        low=structs.replace(low, stay_seconds=900, next_ppm=(0, 1_000_000, 0)),
        medium=structs.replace(medium, stay_seconds=225, next_ppm=(0, 0, 1_000_000)),
        high=structs.replace(high, stay_seconds=900, next_ppm=(1_000_000, 0, 0)),
    )
    found = annual(MarketRules(world=circle), 7_200)
    chain = np.array([[-1, 1, 0], [0, -4, 4], [1, 0, -1]]) / 900
    steps = np.arange(7_200) + 0.5
    naive = sum(expm(chain * step) @ VARIANCES for step in steps)
    assert found == pytest.approx(naive, rel=1e-6)


def test_it_is_the_mean_over_simulated_chains():
    """Of 20,000 paths from medium, by second, news included; within three standard errors."""
    draws = np.random.Generator(np.random.PCG64(11))
    seconds, paths = 3_600, 20_000
    regime = np.full(paths, 1)
    gained = np.zeros(paths)
    leaves, following = 1 / STAYS, np.cumsum(FOLLOWING, axis=1)
    forced = np.cumsum(FORCED, axis=1)
    for _ in range(seconds):
        gained += VARIANCES[regime]
        chance = draws.random((3, paths))
        shifted = chance[0] < leaves[regime]
        by_news = ~shifted & (chance[1] < 0.3 / 2_400)
        to = np.where(by_news[:, None], forced[regime], following[regime])
        regime = np.where(shifted | by_news, (chance[2][:, None] > to).sum(axis=1), regime)
    expected = annual(NEWS, seconds)[1] - jump_variance(NEWS) * YEAR_SECONDS * seconds
    assert gained.mean() == pytest.approx(expected, abs=3 * gained.std() / paths**0.5)
