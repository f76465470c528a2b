"""The chain of regimes, and news that shift it or let prices jump."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from world_stage import OPENING, RATIO, RULES, SECONDS, seed_of, world_of

from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.simulation.headlines import REGIMES, Headline, NewsEffect
from openoutcry.domain.simulation.world_rules import MarketRules, RegimeRules, WorldRules
from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.drawing import draw
from openoutcry.simulation.world.news import News, draw_news
from openoutcry.simulation.world.regimes import Shift, draw_course, regimes_by_second

WHOLE = 1_000_000
SHIFTS_ONLY = NewsOdds(regime_shift=100, price_jump=0, no_effect=0)
JUMPS_ONLY = NewsOdds(regime_shift=0, price_jump=100, no_effect=0)


def _chances(rows):
    """Three parts of a whole."""
    return st.tuples(*(st.integers(0, 10) for _ in range(3))).map(
        lambda parts: tuple(0 if place == rows else part + 1 for place, part in enumerate(parts))
    )


def _regime(place):
    return st.builds(
        RegimeRules,
        volatility_micro=st.integers(100, 10_000_000),
        stay_seconds=st.integers(10, 10_000),
        next_ppm=_chances(place),
        forced_ppm=_chances(None),
    )


RULES_OF_WORLDS = st.builds(
    WorldRules,
    low=_regime(0),
    medium=_regime(1),
    high=_regime(2),
    start=st.sampled_from(REGIMES),
    news_gap_least_seconds=st.integers(1, 600),
    news_gap_beyond_seconds=st.integers(1, 600),
    jump_ppm=st.integers(1, 200_000),
)


@given(world=RULES_OF_WORLDS, seed=st.integers(0, 10**6))
def test_any_rules_make_a_world_of_positive_prices_in_known_regimes(world, seed):
    rules = structs.replace(RULES, world=world)
    drawn = draw(rules, seed_of(seed), 900, OPENING, RATIO)
    assert drawn.seconds == 900
    assert set(drawn.regimes.tolist()) <= {0, 1, 2}
    assert drawn.regimes[0] == REGIMES.index(world.start)
    assert drawn.index.min() > 0
    assert drawn.tracker.min() >= 0
    assert drawn.beliefs.min() >= 0
    assert all(0 < item.second < 900 for item in drawn.news)
    assert all(0 < item.second < 900 for item in drawn.signals)


def test_a_shift_counts_from_the_first_second_that_begins_at_or_after_it():
    shifts = [Shift(2_000_001, 0, 2, forced=False), Shift(5_000_000, 2_000_001, 0, forced=False)]
    assert regimes_by_second(shifts, 1, 0, 7).tolist() == [1, 1, 1, 2, 2, 0, 0, 0]


def test_of_two_shifts_within_a_second_the_last_counts():
    shifts = [Shift(2_100_000, 0, 2, forced=False), Shift(2_900_000, 2_100_000, 0, forced=False)]
    assert regimes_by_second(shifts, 1, 0, 4).tolist() == [1, 1, 1, 0, 0]


def test_news_make_the_regime_of_their_second_and_restart_its_stay():
    news = [News(100, 0, 40, NewsEffect(regime="high"), 0)]
    course = draw_course(WorldRules(), Chance(seed_of(1), "regimes"), news, 1, 0, 200)
    (shift,) = [shift for shift in course.shifts if shift.forced]
    assert (shift.second, shift.regime) == (100, 2)
    assert all(later.since >= 100_000_000 for later in course.shifts if later.instant > 100_000_000)


def test_news_keep_their_distance_and_end_before_the_close():
    for seed in range(20):
        news = draw_news(RULES, Chance(seed_of(seed), "news"), 0, SECONDS)
        seconds = [0, *(item.second for item in news)]
        assert all(after - before >= RULES.world.news_gap_least_seconds for before, after in pairwise(seconds))
        assert seconds[-1] < SECONDS


def test_headlines_come_by_their_weight():
    rules = structs.replace(RULES, world=WorldRules(news_gap_least_seconds=0, news_gap_beyond_seconds=1))
    drawn = draw_news(rules, Chance(seed_of(1), "news"), 0, SECONDS)
    shares = np.bincount([item.headline for item in drawn]) / len(drawn)
    error = (0.25 / len(drawn)) ** 0.5
    assert np.abs(shares - [0.25, 0.25, 0.5]).max() < 4 * error


def test_headline_that_only_shifts_never_lets_prices_jump():
    rules = MarketRules(headlines=(Headline(text="Shift", category="test", odds=SHIFTS_ONLY),))
    world = draw(rules, seed_of(1), SECONDS, OPENING, RATIO)
    assert world.news
    for item in world.news:
        assert item.effect.jump_ppm is None
        assert REGIMES[world.regimes[item.second]] == item.effect.regime


def test_a_jump_goes_the_way_of_its_headline_in_the_second_of_the_news():
    for sign in (1, -1):
        rules = MarketRules(
            world=WorldRules(jump_ppm=50_000),
            headlines=(Headline(text="Jump", category="test", odds=JUMPS_ONLY, jump_sign=sign),),
        )
        world = draw(rules, seed_of(1), SECONDS, OPENING, RATIO)
        assert world.news
        for item in world.news:
            assert item.effect.regime is None
            assert item.effect.jump_ppm * sign > 0
            moved = (int(world.index[item.second]) - int(world.index[item.second - 1])) / int(
                world.index[item.second - 1]
            )
            assert abs(moved * WHOLE - item.effect.jump_ppm) < 3_000


def test_a_headline_without_a_sign_jumps_both_ways():
    rules = MarketRules(
        world=WorldRules(news_gap_least_seconds=0, news_gap_beyond_seconds=60),
        headlines=(Headline(text="Jump", category="test", odds=JUMPS_ONLY),),
    )
    drawn = draw_news(rules, Chance(seed_of(1), "news"), 0, SECONDS)
    rising = sum(item.effect.jump_ppm > 0 for item in drawn)
    assert abs(rising / len(drawn) - 0.5) < 4 * (0.25 / len(drawn)) ** 0.5


def test_beliefs_move_by_public_odds_where_news_come_and_by_returns_elsewhere():
    world = world_of(2)
    item = next(item for item in world.news if world.beliefs[item.second - 1, 1] > 0.99 * 10**12)
    before, after = world.beliefs[item.second - 1] / 10**12, world.beliefs[item.second] / 10**12
    share = RULES.headlines[item.headline].odds.regime_shift / 100
    forced = np.array([regime.forced_ppm for regime in RULES.world.regimes]) / WHOLE
    assert np.abs(after - ((1 - share) * before + share * before @ forced)).max() < 0.002  # a second of the chain
