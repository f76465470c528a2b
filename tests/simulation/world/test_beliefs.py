"""The public filter of regimes beside the same thing in the plainest words."""

import numpy as np
import pytest
from msgspec import structs
from scipy.linalg import expm
from scipy.stats import norm
from world_stage import RULES, world_of

from openoutcry.domain.simulation.world_rules import WorldRules
from openoutcry.simulation.world.beliefs import believe
from openoutcry.simulation.world.world import SHARES

WORLD = RULES.world
VOLATILITIES = np.array([0.1, 0.2, 0.5])
STAYS = np.array([3_600, 2_400, 1_200])
NEXT = np.array([[0, 0.8, 0.2], [0.33, 0, 0.67], [0.1, 0.9, 0]])
FORCED = np.array([[0, 0.7, 0.3], [0.1, 0, 0.9], [0.05, 0.85, 0.1]])
CERTAIN_OF_MEDIUM = (0, SHARES, 0)


def plainly(returns, odds):
    """Bayes' rule with floats and matrices."""
    deviation = VOLATILITIES / np.sqrt(252 * 19_800)
    chain = expm((NEXT - np.eye(3)) / STAYS[:, None])
    belief = np.array([0.0, 1.0, 0.0])
    beliefs = [belief]
    for place, one in enumerate(returns / SHARES, start=1):
        if place in odds:
            share = odds[place] / 100
            belief = belief @ chain @ (share * FORCED + (1 - share) * np.eye(3))
        else:
            belief = belief * norm.pdf(one, scale=deviation)
            belief = belief / belief.sum() @ chain
        beliefs.append(belief)
    return np.array(beliefs)


def test_beliefs_are_those_of_the_plain_filter():
    world = world_of(3)
    returns = np.diff(np.rint(np.log(world.index / world.index[0]) * SHARES).astype(np.int64))[:2_000]
    odds = {500: 40, 1_200: 55}
    found = believe(WORLD, returns, {place: [one] for place, one in odds.items()}, CERTAIN_OF_MEDIUM)
    assert np.abs(found / SHARES - plainly(returns, odds)).max() < 1e-6


def test_a_filter_that_goes_on_begins_with_the_very_belief_that_it_is_given():
    for belief in world_of(3).beliefs[::97].tolist():
        assert believe(WORLD, np.zeros(1, dtype=np.int64), {}, belief)[0].tolist() == belief


def test_calm_returns_lead_to_low_and_wild_ones_to_high():
    calm, wild = (np.array([size, -size] * 300) for size in (10_000_000, 400_000_000))
    assert believe(WORLD, calm, {}, CERTAIN_OF_MEDIUM)[-1].argmax() == 0
    assert believe(WORLD, wild, {}, CERTAIN_OF_MEDIUM)[-1].argmax() == 2


def test_a_return_in_a_second_of_news_is_not_used():
    quiet, jump = np.zeros((2, 10), dtype=np.int64)
    jump[4] = SHARES // 50
    for odds, used in (({5: [40]}, False), ({}, True)):
        beliefs = [believe(WORLD, returns, odds, CERTAIN_OF_MEDIUM) for returns in (quiet, jump)]
        assert (beliefs[0] != beliefs[1]).any() == used


@pytest.mark.parametrize("size", [10**9, 10**11, 5 * 10**12])
def test_a_return_that_no_regime_explains_leaves_chances_that_add_up(size):
    beliefs = believe(WORLD, np.array([size, 0, -size]), {}, CERTAIN_OF_MEDIUM)
    assert set(beliefs.sum(axis=1).tolist()) == {SHARES}
    assert beliefs.min() >= 0


def test_regimes_that_cannot_be_left_are_believed_for_ever():
    never = structs.replace(WORLD.low, stay_seconds=10**7)
    beliefs = believe(structs.replace(WorldRules(), low=never), np.zeros(100, dtype=np.int64), {}, (SHARES, 0, 0))
    assert beliefs[-1, 0] > 0.999 * SHARES
