"""Quotes whose theoretical value has moved are pulled at the tick, before anybody is shown the new marks."""

import pytest
from quoting_stage import CALL, INSTRUMENTS, PUT, SPY, TRACKED, QuotingStage, cancelled, mark

from openoutcry.domain import commands
from openoutcry.domain.events import MarksPublished, OrderCancelled
from openoutcry.venue.tasks.slices import SLICE
from reference.workload import instrument

HALF = 500_000


@pytest.fixture
def stage():
    """The call is worth 100 ticks, and ann's quotes go when it moves by more than half of half their spread."""
    stage = QuotingStage("ann", "bob", "cat")
    stage.protect(move_ppm=HALF)
    stage.tick(call=10_000)
    return stage


def test_both_sides_go_once_the_value_has_moved_by_more_than_the_share_of_half_the_spread(stage):
    bid, ask = stage.quote(1, 98, 102)
    assert cancelled(stage.tick(call=10_100)) == []
    events = stage.tick(call=10_101)
    assert cancelled(events) == [bid, ask]
    places = {type(event): place for place, event in enumerate(events)}
    assert places[OrderCancelled] < places[MarksPublished]


@pytest.mark.parametrize("value", [9_899, 10_101])
def test_either_way(stage, value):
    stage.quote(1, 98, 102)
    assert len(cancelled(stage.tick(call=value))) == 2


def test_nothing_is_frozen_and_nobody_is_told_of_a_limit(stage):
    stage.quote(1, 98, 102)
    stage.tick(call=10_200)
    assert not stage.group().is_frozen
    assert stage.open_ids() == []
    bid, ask = stage.quote(1, 100, 104)
    assert stage.open_ids() == [bid, ask]


def test_the_value_counts_from_when_the_quote_was_entered_or_last_changed(stage):
    stage.quote(1, 98, 102)
    stage.tick(call=10_090)
    stage.quote(1, 98, 102)
    assert len(cancelled(stage.tick(call=10_101))) == 2
    stage.quote(1, 98, 102)
    stage.quote(1, 98, 102, quantity=9)
    assert cancelled(stage.tick(call=10_190)) == []
    stage.quote(1, 98, 103)
    assert cancelled(stage.tick(call=10_300)) == []
    assert len(cancelled(stage.tick(call=10_320))) == 2


def test_an_amendment_enters_the_quote_anew(stage):
    bid, _ = stage.quote(1, 98, 102)
    stage.tick(call=10_090)
    stage.do(commands.AmendOrder(1, bid, None, commands.Price(99)))
    assert cancelled(stage.tick(call=10_110)) == []
    assert len(cancelled(stage.tick(call=10_166))) == 2


def test_a_side_that_is_left_alone_has_the_spread_of_both(stage):
    _, ask = stage.quote(1, 98, 102)
    stage.take(2, "sell", 10)
    assert cancelled(stage.tick(call=10_100)) == []
    assert cancelled(stage.tick(call=10_101)) == [ask]


def test_a_quote_of_one_side_has_the_spread_of_one_that_is_as_far_on_the_other(stage):
    stage.quote(1, 97, None)
    assert cancelled(stage.tick(call=9_850)) == []
    assert len(cancelled(stage.tick(call=9_849))) == 1


def test_single_orders_and_quotes_of_others_stay(stage):
    stage.quote(1, 98, 102)
    single = stage.enter(1, "buy", 1, 97)
    stage.quote(3, 96, 104)
    assert len(cancelled(stage.tick(call=10_500))) == 2
    assert stage.open_ids(1) == [single]
    assert len(stage.open_ids(3)) == 2


def test_each_instrument_has_its_own_value_and_each_underlying_its_own_share(stage):
    stage.protect(1, "SPY", move_ppm=1_000_000)
    stage.tick(put=10_000, spy=450_000_00, tracked=10_000)
    call, put, lots, tracked = (
        stage.quote(1, bid, ask, where=where)
        for where, bid, ask in ((CALL, 98, 102), (PUT, 98, 102), (SPY, 449_998, 450_002), (TRACKED, 98, 102))
    )
    events = stage.tick(put=10_150, spy=450_001_50, tracked=10_150)
    assert cancelled(events) == put
    assert cancelled(stage.tick(spy=450_002_01, tracked=10_201)) == [*lots, *tracked]
    assert stage.open_ids() == call


def test_a_quote_from_before_the_first_mark_stays_until_it_is_entered_again(stage):
    stage.quote(1, 98, 102, where=PUT)
    assert cancelled(stage.tick(put=10_000)) == []
    assert cancelled(stage.tick(put=20_000)) == []


def test_quotes_are_pulled_in_a_halt_and_in_a_call_too(stage):
    stage.quote(1, 98, 102)
    stage.do(commands.SetPhase("halted"))
    stage.do(commands.SetPhase("reopening_call"))
    assert len(cancelled(stage.tick(call=10_101))) == 2
    stage.quote(1, 98, 102)
    stage.do(commands.SetPhase("halted"))
    assert len(cancelled(stage.tick(call=10_202))) == 2


def many_pulls(*, restarts):
    """Two teams quote more options than one slice pulls of, and the value of every second one moves."""
    stage = QuotingStage("ann", "bob", "cat")
    options = [f"SPX_CALL_{strike}_20240315" for strike in range(1, 301)]
    for symbol in options:
        stage.do(commands.ListInstrument(instrument(symbol)))
    places = range(len(INSTRUMENTS), len(INSTRUMENTS) + len(options))
    stage.tick(**{f"of {place}": mark(place, 10_000) for place in places})
    for team in (1, 3):
        stage.protect(team, move_ppm=HALF)
        for symbol in options:
            stage.quote(team, 98, 102, where=symbol)
    slices = [stage.tick(**{f"of {place}": mark(place, 10_000 + place % 2 * 101) for place in places})]
    while stage.venue.has_work:
        if restarts:
            stage.restart()
        slices.append(stage.do(commands.ContinueWork(9)))
    return slices


def test_the_oldest_quotes_of_the_first_team_go_first_however_it_is_cut_and_restarted():
    slices = many_pulls(restarts=False)
    assert many_pulls(restarts=True) == slices
    pulled = [(event.team_id, event.order_id) for events in slices for event in of(OrderCancelled, events)]
    assert pulled == sorted(pulled)
    assert len(pulled) == 2 * 2 * 150
    assert len(of(OrderCancelled, slices[0])) < SLICE
    assert len(slices) > 10
    assert [len(of(MarksPublished, events)) for events in slices] == [0] * (len(slices) - 1) + [1]


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]
