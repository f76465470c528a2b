"""How far the index is expected to move: known cases, simulated regimes and news, and the table beside finer ones."""

import numpy as np
import pytest
from msgspec import structs
from scipy.integrate import quad
from scipy.linalg import expm

from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import MarketRules, WorldRules
from openoutcry.pricing.expected_move import ExpectedMove, Fineness, jump_chance, shift_chance
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS

HEADLINES = (
    Headline(text="a", category="c", odds=NewsOdds(80, 0, 20), weight=3),
    Headline(text="b", category="c", odds=NewsOdds(0, 90, 10), weight=2, jump_sign=1),
    Headline(text="c", category="c", odds=NewsOdds(0, 60, 40), weight=3, jump_sign=-1),
)
NEWS = MarketRules(headlines=HEADLINES)
QUIET = MarketRules()
SHORTEST = 1 / 900
LONGEST = 11 * SESSION_SECONDS
VARIANCES = np.array([0.1, 0.2, 0.5]) ** 2 / YEAR_SECONDS
STAYS = np.array([3_600, 2_400, 1_200])
FOLLOWING = np.array([[0, 0.8, 0.2], [0.33, 0, 0.67], [0.1, 0.9, 0]])
FORCED = np.array([[0, 0.7, 0.3], [0.1, 0, 0.9], [0.05, 0.85, 0.1]])


@pytest.fixture(scope="module")
def with_news():
    return ExpectedMove(NEWS, SHORTEST)


@pytest.fixture(scope="module")
def without_news():
    return ExpectedMove(QUIET, SHORTEST)


def over(expected, seconds, quiet=0.0):
    return expected.over(*np.broadcast_arrays(np.asarray(seconds, dtype=float), np.asarray(quiet, dtype=float)))


def test_chances_are_those_of_the_headlines_by_their_weights():
    assert shift_chance(NEWS) == pytest.approx(3 * 0.8 / 8)
    assert jump_chance(NEWS) == pytest.approx((2 * 0.9 + 3 * 0.6) / 8)
    assert (shift_chance(QUIET), jump_chance(QUIET)) == (0, 0)


def test_where_all_regimes_are_alike_it_is_their_volatility_times_the_root_of_time():
    world = WorldRules()
    same = structs.replace(
        world,
        low=structs.replace(world.low, volatility_micro=200_000),
        high=structs.replace(world.high, volatility_micro=200_000),
    )
    seconds = np.array([0, SHORTEST, 0.1, 1, 60, 900, SESSION_SECONDS, LONGEST])
    found = over(ExpectedMove(MarketRules(world=same), SHORTEST), seconds)
    expected = np.broadcast_to(0.2 * np.sqrt(seconds / YEAR_SECONDS)[:, None], found.shape)
    assert found == pytest.approx(expected, rel=1e-5)


def test_at_the_very_end_it_is_that_of_the_regime(with_news):
    assert over(with_news, SHORTEST) == pytest.approx(np.sqrt(VARIANCES * SHORTEST), rel=2e-3)
    assert over(with_news, 0).tolist() == [0, 0, 0]


def test_far_ahead_it_is_the_root_of_the_expected_variance(without_news):
    """A sum of many moves is normal; near, a chance of little and of much moves less than the mean of both."""
    chain = (FOLLOWING - np.eye(3)) / STAYS[:, None]

    def root(seconds, row):
        return (
            quad(lambda s: (expm(chain * s) @ VARIANCES)[row], 0, seconds, epsabs=0, epsrel=1e-6, limit=200)[0] ** 0.5
        )

    for row in range(3):
        shares = [
            over(without_news, seconds)[row] / root(seconds, row) for seconds in (1_800, SESSION_SECONDS, LONGEST)
        ]
        assert shares[0] < shares[1] < shares[2] < 1
        assert shares[2] > 0.997


def test_with_quiet_enough_there_is_no_news_in_it(with_news, without_news):
    for seconds in (SHORTEST, 1, 60, 299, 300):
        assert over(with_news, seconds, seconds) == pytest.approx(over(without_news, seconds), rel=1e-4)
    later = over(with_news, 900, 300)
    assert np.all(over(without_news, 900) < later)
    assert np.all(later < over(with_news, 900))


def test_two_regimes_that_cannot_be_told_apart_by_eigenvalues_are_no_trouble():
    """A circle with stays of 900, 225 and 900 seconds, where two eigenvectors of the chain are the same."""
    low, medium, high = WorldRules().regimes

    def circle(stay):
        return MarketRules(
            world=WorldRules(
                low=structs.replace(low, stay_seconds=900, next_ppm=(0, 1_000_000, 0)),
                medium=structs.replace(medium, stay_seconds=stay, next_ppm=(0, 0, 1_000_000)),
                high=structs.replace(high, stay_seconds=900, next_ppm=(1_000_000, 0, 0)),
            )
        )

    near = [over(ExpectedMove(circle(stay), SHORTEST), 7_200) for stay in (224, 225, 226)]
    assert near[1] == pytest.approx((near[0] + near[2]) / 2, rel=1e-5)


def test_the_table_is_fine_enough(with_news):
    finer = ExpectedMove(NEWS, SHORTEST, Fineness(frequencies=500, times=60, quiet=21))
    seconds = np.geomspace(SHORTEST, LONGEST, 400)
    for share in (0, 0.13, 0.37, 0.9, 1):
        quiet = share * np.minimum(seconds, 300)
        assert over(with_news, seconds, quiet) == pytest.approx(over(finer, seconds, quiet), rel=1e-3)


def moves(draws, seconds, regime, paths, quiet):
    """Standard normal moves stand for the Brownian part: given the regimes, it is normal."""
    regimes = np.full(paths, regime)
    variance, jumps, jump_next = np.zeros(paths), np.zeros(paths), np.full(paths, quiet)
    following, forced = np.cumsum(FOLLOWING, axis=1), np.cumsum(FORCED, axis=1)
    next_news = jump_next + draws.exponential(2_100, paths)
    for second in range(seconds):
        variance += VARIANCES[regimes]
        leaves = draws.random(paths) < 1 / STAYS[regimes]
        to = (draws.random(paths)[:, None] > following[regimes]).sum(axis=1)
        regimes = np.where(leaves, to, regimes)
        news = np.flatnonzero((second < next_news) & (next_news <= second + 1))
        next_news[news] += 300 + draws.exponential(2_100, len(news))
        kind = draws.random(len(news))
        shifted = news[kind < 0.3]
        regimes[shifted] = (draws.random(len(shifted))[:, None] > forced[regimes[shifted]]).sum(axis=1)
        jumped = news[kind > 1 - 0.45]
        sizes = 0.005 * np.exp(0.3 * draws.standard_normal(len(jumped)) - 0.3**2 / 2)
        jumps[jumped] += np.where(draws.random(len(jumped)) < 0.5, sizes, -sizes)
    return np.sqrt(variance) * draws.standard_normal(paths) + jumps


@pytest.mark.parametrize(("seconds", "quiet"), [(400, 0), (400, 250), (1_200, 0), (1_200, 300)])
@pytest.mark.parametrize("regime", [0, 1, 2])
def test_it_is_the_mean_over_simulated_regimes_and_news(with_news, seconds, quiet, regime):
    """Within three standard errors, and two thousandths: the second that a shift takes is not simulated."""
    moved = np.abs(moves(np.random.Generator(np.random.PCG64(seconds + regime)), seconds, regime, 10_000, quiet))
    found = over(with_news, seconds, quiet)[regime] * np.sqrt(2 / np.pi)
    assert found == pytest.approx(moved.mean(), abs=3 * moved.std() / 10_000**0.5 + 0.002 * found)
