"""A world is a pure function of its rules and its seed; what happens at a second changes nothing before it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from world_stage import OPENING, RATIO, RULES, SECONDS, seed_of, world_of

from openoutcry.domain.simulation.headlines import REGIMES, NewsEffect
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.simulation.world.drawing import draw, redraw, seconds_of_effects
from openoutcry.simulation.world.encoding import UnreadableWorld, decode, encode
from openoutcry.simulation.world.world import SHARES

SUPPORT = Path(__file__).parents[2] / "support"
TELL_DIGESTS = "import world_stage as stage; print(*(stage.world_of(number).digest for number in (1, 2)))"

EXPECTED_REGIMES = [1, 1, 1, 2, 2, 1]
EXPECTED_INDEX = [45000000, 44992410, 44987965, 44304458, 44438910, 43181242]
EXPECTED_TRACKER = [4500457, 4499906, 4499635, 4427982, 4443237, 4316831]
EXPECTED_NEWS = [
    (2276, 2, NewsEffect(regime=None, jump_ppm=4988)),
    (2819, 2, NewsEffect(regime="high", jump_ppm=None)),
    (4367, 0, NewsEffect(regime="high", jump_ppm=None)),
]
EXPECTED_SIGNAL = 145


@pytest.mark.parametrize(
    "changed",
    [
        {"PYTHONHASHSEED": "12345"},
        {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "7"},
        {"TZ": "Asia/Kathmandu"},
        {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"},  # other code for exp and log
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_another_process_draws_the_same_world(changed):
    environment = os.environ | changed | {"PYTHONPATH": str(SUPPORT)}
    told = subprocess.run(
        [sys.executable, "-c", TELL_DIGESTS], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert told.stdout.split() == [world_of(1).digest, world_of(2).digest]


def test_another_seed_another_rule_another_start_draw_another_world():
    digests = {
        draw(rules, seed_of(seed), 600, opening, ratio).digest
        for rules in (RULES, MarketRules())
        for seed in (1, 2)
        for opening in (OPENING, OPENING + 1)
        for ratio in (RATIO, RATIO + 1)
    }
    assert len(digests) == 16


def test_world_of_a_seed_stays_what_it_is():
    # Another processor may be off by one unit.
    world = world_of(1)
    places = [0, 1, 2, 5_000, 10_000, 19_800]
    assert world.regimes[places].tolist() == EXPECTED_REGIMES
    assert np.abs(world.index[places] - EXPECTED_INDEX).max() <= 1
    assert np.abs(world.tracker[places] - EXPECTED_TRACKER).max() <= 1
    assert [(item.second, item.headline, item.effect) for item in world.news[:3]] == EXPECTED_NEWS
    assert world.signals[0].second == EXPECTED_SIGNAL


def test_every_array_has_a_place_for_every_second():
    world = world_of(1)
    assert world.seconds == SECONDS
    assert {array.shape[0] for array in world.arrays} == {SECONDS + 1}
    assert {array.dtype for array in world.arrays} == {np.dtype(np.int64)}
    assert world.index[0] == OPENING


def test_beliefs_of_a_second_add_up_to_one_and_start_with_what_everybody_knows():
    beliefs = world_of(3).beliefs
    assert beliefs[0].tolist() == [0, SHARES, 0]
    assert beliefs.min() >= 0
    assert set(beliefs.sum(axis=1).tolist()) == {SHARES}


def test_tracker_is_its_share_of_the_index_with_the_error_to_the_unit():
    world = world_of(4)
    for price, error, tracker in zip(world.index.tolist(), world.errors.tolist(), world.tracker.tolist(), strict=True):
        exact = price * (SHARES + error)
        assert abs(tracker * RATIO * SHARES - exact) * 2 <= RATIO * SHARES


def test_news_and_signals_come_in_order_within_the_session():
    for seed in range(5):
        world = world_of(seed)
        for happenings in (world.news, world.signals):
            seconds = [one.second for one in happenings]
            assert seconds == sorted(seconds)
            assert all(0 < second < SECONDS for second in seconds)


def test_without_headlines_and_signals_a_world_has_none():
    world = draw(MarketRules(), seed_of(1), 3_600, OPENING, RATIO)
    assert world.news == ()
    assert world.signals == ()


def test_redrawn_world_is_untouched_up_to_the_second_of_the_news():
    world = world_of(5)
    redrawn = redraw(world, RULES, seed_of(5), RATIO, 8_000, NewsEffect(regime="high"), 0)
    for before, after in zip(world.arrays, redrawn.arrays, strict=True):
        assert (before[:8_001] == after[:8_001]).all()
        assert before.shape == after.shape
    assert [item for item in redrawn.news if item.second <= 8_000] == [
        item for item in world.news if item.second <= 8_000
    ]
    assert [item for item in redrawn.signals if item.second <= 8_000] == [
        item for item in world.signals if item.second <= 8_000
    ]
    assert redrawn.digest != world.digest


def test_beliefs_do_not_tell_at_once_whether_an_organisers_headline_has_an_effect():
    world = world_of(5)
    effects = (NewsEffect(), NewsEffect(regime="high"), NewsEffect(jump_ppm=50_000))
    after = [redraw(world, RULES, seed_of(5), RATIO, 8_000, effect, 0).beliefs[8_001].tolist() for effect in effects]
    assert after[0] == after[1] == after[2]
    assert np.abs(np.array(after[0]) - world.beliefs[8_000]).max() < 0.002 * SHARES  # a second of the chain


def test_tracker_error_and_level_noise_go_on_through_news():
    world = world_of(5)
    redrawn = redraw(world, RULES, seed_of(5), RATIO, 8_000, NewsEffect(jump_ppm=10_000), 0)
    assert (redrawn.errors == world.errors).all()
    assert (redrawn.levels == world.levels).all()


@pytest.mark.parametrize("regime", REGIMES)
def test_redrawn_world_is_in_the_regime_of_the_news_from_the_next_second(regime):
    redrawn = redraw(world_of(5), RULES, seed_of(5), RATIO, 8_000, NewsEffect(regime=regime), 0)
    assert REGIMES[redrawn.regimes[8_001]] == regime


@pytest.mark.parametrize("jump_ppm", [30_000, -30_000])
def test_redrawn_index_jumps_in_the_next_second(jump_ppm):
    redrawn = redraw(world_of(5), RULES, seed_of(5), RATIO, 8_000, NewsEffect(jump_ppm=jump_ppm), 0)
    moved_ppm = (int(redrawn.index[8_001]) / int(redrawn.index[8_000]) - 1) * 1_000_000
    assert moved_ppm == pytest.approx(jump_ppm, abs=2_000)  # the second has a return of its own


def test_each_of_the_organisers_news_has_a_chance_of_its_own():
    effect = NewsEffect(regime="medium")
    first = redraw(world_of(5), RULES, seed_of(5), RATIO, 8_000, effect, 0)
    again = redraw(world_of(5), RULES, seed_of(5), RATIO, 8_000, effect, 0)
    second = redraw(world_of(5), RULES, seed_of(5), RATIO, 8_000, effect, 1)
    assert first.digest == again.digest
    assert first.digest != second.digest


def test_news_of_one_second_follow_each_other():
    assert seconds_of_effects([]) == []
    assert seconds_of_effects([0, 0, 0, 1, 9, 9]) == [0, 1, 2, 3, 9, 10]
    world = world_of(5)
    for number, (second, effect) in enumerate(
        zip(seconds_of_effects([0, 0]), (NewsEffect(jump_ppm=50_000), NewsEffect(jump_ppm=70_000)), strict=True)
    ):
        world = redraw(world, RULES, seed_of(5), RATIO, second, effect, number)
    assert world.index[2] / OPENING == pytest.approx(1.05 * 1.07, abs=0.002)


def test_news_at_the_close_change_nothing_and_in_the_last_second_only_that():
    world = world_of(5)
    effect = NewsEffect(regime="high", jump_ppm=10_000)
    assert redraw(world, RULES, seed_of(5), RATIO, SECONDS, effect, 0) is world
    last = redraw(world, RULES, seed_of(5), RATIO, SECONDS - 1, effect, 0)
    assert (last.index[:-1] == world.index[:-1]).all()
    assert last.index[-1] > world.index[-2]


def test_news_before_the_opening_are_at_work_from_its_first_second():
    redrawn = redraw(world_of(5), RULES, seed_of(5), RATIO, 0, NewsEffect(regime="high"), 0)
    assert redrawn.index[0] == OPENING
    assert REGIMES[redrawn.regimes[1]] == "high"


def test_kept_world_is_read_as_it_was():
    world = redraw(world_of(6), RULES, seed_of(6), RATIO, 9_000, NewsEffect(jump_ppm=5_000), 0)
    assert decode(encode(world)).digest == world.digest


@pytest.mark.parametrize("content", [b"", b"world", encode(world_of(6, 600))[:-20]])
def test_bytes_that_are_no_world_are_told_as_such(content):
    with pytest.raises(UnreadableWorld, match="no world"):
        decode(content)
