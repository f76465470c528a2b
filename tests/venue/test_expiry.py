"""Instruments that expire and are settled: what is told, what is refused, and that slices pay each holder once."""

import pytest
from core_stage import Stage, order
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.events import (
    InstrumentExpired,
    InstrumentSettled,
    OrderCancelled,
    PositionUpdated,
)
from openoutcry.domain.instruments import Settlement
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue
from reference.workload import CALL, PUT, instrument, role

START = role().starting_cash
HOLDERS = 1_100
"""More than two slices of them."""


def test_expiry_cancels_the_orders_and_tells_everybody():
    stage = Stage("ann", "bob")
    stage.enter(1, "sell", 5, 100)
    stage.enter(2, "buy", 3, 90)
    events = stage.do(commands.ExpireInstrument(CALL))
    cancelled = [(event.team_id, event.reason) for event in events if isinstance(event, OrderCancelled)]
    assert cancelled == [(2, "instrument_expired"), (1, "instrument_expired")]
    assert InstrumentExpired(CALL) in events
    assert stage.queries.status(CALL) == "expired"
    assert stage.refuse(order(1, "buy", 1, 100)).code == "INSTRUMENT_EXPIRED"
    for command in (commands.ExpireInstrument, commands.HaltInstrument, commands.ResumeInstrument):
        assert stage.refuse(command(CALL)).code == "INSTRUMENT_EXPIRED"


def test_settlement_pays_every_holder_and_tells_them():
    stage = Stage("ann", "bob", "cat")
    stage.enter(1, "sell", 5, 100)
    stage.do(order(2, "buy", 5, 100))
    events = stage.do(commands.SettleInstrument(CALL, 120, 45_012_000))
    value = stage.venue._state.markets[CALL].tick_value
    told = [event for event in events if isinstance(event, PositionUpdated)]
    assert [(event.team_id, event.position, event.realized_pnl) for event in told] == [
        (1, 0, -5 * 20 * value),
        (2, 0, 5 * 20 * value),
    ]
    assert events[-1] == InstrumentSettled(CALL, Settlement(120, 45_012_000, 1, 0))
    assert stage.queries.status(CALL) == "settled"
    assert stage.queries.positions(2) == {CALL: 0}
    assert stage.queries.account(2).exposure == ()
    assert len(stage.queries.fills(2, after=0, limit=10)) == 1
    assert stage.venue.live_hash() == stage.venue.live_hash_made_anew()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (commands.SettleInstrument(PUT, 100), "INVALID_INSTRUMENT"),
        (commands.ExpireInstrument(PUT), "INVALID_INSTRUMENT"),
        (commands.SettleInstrument(CALL, -1), "INVALID_PRICE"),
        (commands.SettleInstrument(CALL, 10**12), "INVALID_PRICE"),
    ],
)
def test_what_cannot_be_settled_is_refused(command, code):
    assert Stage("ann").refuse(command).code == code


def test_an_instrument_is_settled_once():
    stage = Stage("ann")
    stage.do(commands.SettleInstrument(CALL, 0))
    refused = stage.refuse(commands.SettleInstrument(CALL, 1))
    assert (refused.code, refused.details["settlement_price"]) == ("SETTLEMENT_FAILED", 0.0)


def test_a_settled_symbol_is_not_listed_again():
    stage = Stage("ann")
    stage.do(commands.SettleInstrument(CALL, 0))
    assert stage.refuse(commands.ListInstrument(instrument(CALL))).code == "INVALID_INSTRUMENT"


def test_unsettled_options_are_those_that_are_due():
    stage = Stage("ann", instruments=(instrument("SPY"), instrument(CALL), instrument("SPX_CALL_4500_20240322")))
    assert [each.instrument_id for each in stage.queries.unsettled("20240314")] == []
    assert [each.instrument_id for each in stage.queries.unsettled("20240315")] == [CALL]
    assert len(stage.queries.unsettled("20240322")) == 2
    stage.do(commands.SettleInstrument(CALL, 0))
    assert [each.instrument_id for each in stage.queries.unsettled("20240315")] == []


# ---- slices --------------------------------------------------------------------------------------------------------

RULES = Rulebook(roles={"trader": role()})


def crowded():
    """A venue in which teams hold positions and orders, more of them than two slices take."""
    venue = Venue(RULES, (instrument(CALL), instrument(PUT)))
    number = 0

    def do(command):
        nonlocal number
        number += 1
        assert venue.validate(command) is not None
        venue.execute(Sequence(number), TimestampUs(number), command)

    for team in range(1, HOLDERS + 1):
        do(commands.RegisterTeam(f"team {team}", "trader", b"%d" % team))
    for team in range(2, HOLDERS + 1):
        do(order(1, "sell", 1 + team % 3, 100 + team % 7))
        do(order(team, "buy", 1 + team % 3, 100 + team % 7))
        do(order(team, "buy", 2, 1 + team % 50))
    return venue, number


def restarted(venue):
    return Venue(RULES, snapshot=decode(encode(venue.snapshot())))


@pytest.mark.parametrize("restarts", [False, True])
def test_slices_cancel_each_order_and_pay_each_holder_once_whatever_restarts_between_them(restarts):
    venue, number = crowded()
    held = {team.team_id: venue.queries.positions(team.team_id)[CALL] for team in venue.queries.teams()}
    before = {team: venue.queries.account(team).cash for team in held}
    cancelled, paid, turns = [], [], 0
    command = commands.SettleInstrument(CALL, 150)
    while True:
        assert not hasattr(venue.validate(command), "code")
        number += 1
        events = venue.execute(Sequence(number), TimestampUs(number), command)
        cancelled += [event.order_id for event in events if isinstance(event, OrderCancelled)]
        paid += [event.team_id for event in events if isinstance(event, PositionUpdated)]
        turns += 1
        assert len(events) < 1_100, "a slice is small"
        if not venue.has_work:
            break
        if restarts:
            venue = restarted(venue)
        assert venue.validate(commands.SettleInstrument(CALL, 150)).code == "SETTLEMENT_FAILED"
        command = commands.ContinueWork(500)

    assert turns > 3
    assert sorted(paid) == sorted(set(paid)) == [team for team in held if held[team]]
    assert len(cancelled) == len(set(cancelled)) == HOLDERS - 1
    value = venue._state.markets[CALL].tick_value
    assert sum(held.values()) == 0
    for team, quantity in held.items():
        assert venue.queries.account(team).cash == before[team] + quantity * 150 * value
        assert venue.queries.positions(team)[CALL] == 0
        assert venue.queries.open_orders(team) == []
    state = venue._state
    assert sum(team.account.cash for team in state.teams) + state.fees_collected == HOLDERS * START
    assert venue.state_hash() == undisturbed_hash()


def undisturbed_hash():
    venue, number = crowded()
    for command in (commands.SettleInstrument(CALL, 150), *[commands.ContinueWork(500)] * 10):
        if isinstance(command, commands.ContinueWork) and not venue.has_work:
            break
        number += 1
        venue.execute(Sequence(number), TimestampUs(number), command)
    return venue.state_hash()


steps = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 6), st.integers(1, 300)).filter(
        lambda step: step[0] != step[1]
    ),
    max_size=12,
)


@given(steps, st.integers(0, 500))
def test_settlement_moves_money_between_longs_and_shorts_and_makes_none(steps, settlement_price):
    stage = Stage("ann", "bob", "cat")
    for seller, buyer, quantity, ticks in steps:
        stage.enter(seller, "sell", quantity, ticks)
        stage.do(order(buyer, "buy", quantity, ticks))
    state = stage.venue._state
    worth = {
        team: stage.queries.account(team).cash
        + stage.queries.positions(team).get(CALL, 0) * settlement_price * state.markets[CALL].tick_value
        for team in (1, 2, 3)
    }
    stage.do(commands.SettleInstrument(CALL, settlement_price))
    for team in (1, 2, 3):
        account = stage.queries.account(team)
        assert account.cash == worth[team] == START + account.realized_pnl - account.fees_paid
    assert sum(worth.values()) + state.fees_collected == 3 * START
