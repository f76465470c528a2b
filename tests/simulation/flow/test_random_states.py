"""Whatever state the market is in, the flow asks for nothing that it may not: its commands are well formed."""

from collections import Counter

import pytest
from flow_stage import ANN, BOB, CALL, FLOW, HOUSE, PUT, SPY, TRACKED, FlowStage, mark
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.commands import Price, SubmitOrder
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.reasons import Accepted
from openoutcry.simulation.flow.trends import Trends

WHERE = (CALL, PUT, SPY, TRACKED)

values = st.one_of(st.integers(0, 2_000), st.integers(0, 5_000_000), st.just(10**10 - 50))
marks = st.lists(
    st.tuples(st.integers(0, 3), values, st.integers(-1_000_000, 1_000_000), st.integers(0, 100_000)), max_size=4
)
orders = st.tuples(
    st.sampled_from((HOUSE, FLOW, ANN, BOB)),
    st.sampled_from(WHERE),
    st.sampled_from(("buy", "sell")),
    st.integers(1, 3_000),
    st.one_of(st.none(), st.integers(1, 60_000)),
)
acts = st.one_of(
    st.tuples(st.just("marks"), marks, st.integers(1, 90_000_000), st.integers(1, 9)),
    st.tuples(st.just("order"), orders),
    st.tuples(st.just("phase"), st.sampled_from(("halted", "reopening_call", "continuous"))),
    st.tuples(st.just("halt"), st.sampled_from(WHERE)),
    st.tuples(st.just("resume"), st.sampled_from(WHERE)),
    st.just(("news",)),
    st.just(("flow",)),
)


def live(stage, act):
    match act:
        case ("marks", found, spot, seconds):
            marks_by_place = {place: mark(place, *each) for place, *each in found}
            underlyings = (UnderlyingMark("SPX", spot), UnderlyingMark("SPY", spot // 10))
            stage.market_time += seconds
            stage.do(commands.AdvanceMarket(stage.market_time, underlyings, tuple(marks_by_place.values())))
        case ("order", (team, where, side, quantity, ticks)):
            price = None if ticks is None else Price(ticks)
            # The exchange's own teams come to positions, not to orders that it does not know.
            time_in_force = "ioc" if team in (HOUSE, FLOW) else "day"
            command = SubmitOrder(team, where, side, quantity, price, time_in_force)
            if isinstance(stage.venue.validate(command), Accepted):
                stage.do(command)
        case ("news",):
            stage.news()
        case ("flow",):
            stage.second()
        case (what, where):
            command = {
                "phase": commands.SetPhase,
                "halt": commands.HaltInstrument,
                "resume": commands.ResumeInstrument,
            }[what](where)
            if isinstance(stage.venue.validate(command), Accepted):
                stage.do(command)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(acts, max_size=30), st.booleans(), st.sampled_from((-1, 0, 1)), st.booleans())
def test_nothing_that_it_asks_for_is_malformed(lived, falls, run, spikes):
    stage = FlowStage()
    stage.let_retail_in(Trends([falls], [run], [spikes]), orders_per_minute=120)
    for act in lived:
        live(stage, act)
    for _ in range(3):
        stage.second()
    # What others have in the way of a quote when it comes, nobody can know before.
    assert {reject.code for _, reject in stage.refused} <= {"POST_ONLY_WOULD_TRADE"}


@pytest.mark.parametrize("seed", range(3))
def test_in_a_market_full_of_orders_in_its_way_little_is_refused(seed):
    """Teams leave orders in the way of the house, and values move past them."""
    import random

    chance = random.Random(seed)
    stage = FlowStage()
    stage.let_retail_in(seed=bytes([seed]), orders_per_minute=240)
    value, sent, refused = 500_000, 0, Counter()
    for _ in range(500):
        value += chance.randint(-3_000, 3_000)
        stage.tick(call=mark(0, value, 500_000, 4_000), put=mark(1, 1_000_000 - value, -500_000, 4_000))
        for where, middle in ((CALL, value // 100), (PUT, 10_000 - value // 100)):
            side, ticks = chance.choice(("buy", "sell")), middle + chance.randint(-60, 60)
            command = SubmitOrder(chance.choice((ANN, BOB)), where, side, chance.randint(1, 40), Price(ticks))
            if isinstance(stage.venue.validate(command), Accepted):
                stage.do(command)
        before = len(stage.refused)
        stage.steps()
        sent += len(stage.sent)
        refused.update(reject.code for _, reject in stage.refused[before:])
    assert set(refused) <= {"POST_ONLY_WOULD_TRADE"}
    assert refused.total() < sent / 5
