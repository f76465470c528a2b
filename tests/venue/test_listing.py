"""Instruments that are listed while the venue trades."""

import pytest
from core_stage import Stage, order
from msgspec.structs import replace

from openoutcry.domain import commands
from openoutcry.domain.events import BookChanged, InstrumentListed, OrderExecuted
from openoutcry.domain.types import MAX_INSTRUMENTS
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue
from reference.workload import CALL, PUT, instrument, role

NEW = instrument(PUT, tick_size=5, multiplier=10)


def trade(stage):
    stage.enter(1, "sell", 3, 40, instrument_id=PUT)
    return stage.do(order(2, "buy", 2, 40, instrument_id=PUT))


def test_an_instrument_is_traded_from_its_listing_on():
    stage = Stage("ann", "bob")
    assert stage.refuse(order(1, "sell", 3, 40, instrument_id=PUT)).code == "INVALID_INSTRUMENT"

    assert stage.do(commands.ListInstrument(NEW)) == [InstrumentListed(NEW)]

    events = trade(stage)
    assert [event.quantity for event in events if isinstance(event, OrderExecuted)] == [2, 2]
    assert [event.book_seq for event in events if isinstance(event, BookChanged)] == [2]
    assert stage.queries.instruments() == [instrument(CALL), NEW]
    assert stage.queries.positions(2) == {PUT: 2}
    assert stage.queries.account(2).cash == role().starting_cash - 2 * 40 * NEW.tick_value - 2 * role().taker_fee


def test_its_limits_are_those_of_its_kind():
    stage = Stage("ann", rules=role(option_position_limit=2))
    stage.do(commands.ListInstrument(NEW))
    assert stage.refuse(order(1, "buy", 3, 40, instrument_id=PUT)).code == "POSITION_LIMIT_EXCEEDED"


def test_it_can_be_halted_and_quoted_like_any_other():
    stage = Stage("ann")
    stage.do(commands.ListInstrument(NEW))
    stage.do(commands.ReplaceQuotes(1, (commands.QuoteTerms(PUT, commands.Price(40), 1, commands.Price(42), 1),)))
    stage.do(commands.HaltInstrument(PUT))
    assert stage.queries.market().halted == (PUT,)
    assert stage.refuse(order(1, "buy", 1, 40, instrument_id=PUT)).code == "INSTRUMENT_HALTED"


@pytest.mark.parametrize(
    ("unsound", "told"),
    [
        (instrument(CALL), "is listed already"),
        (replace(NEW, tick_size=0), "The tick"),
        (replace(NEW, tick_size=10**11), "The tick"),
        (replace(NEW, multiplier=0), "The multiplier"),
        (replace(NEW, multiplier=401), "The multiplier"),
        (replace(NEW, instrument_id=""), "neither a spot symbol"),
        (replace(NEW, instrument_id="*"), "neither a spot symbol"),
        (replace(NEW, instrument_id="SPX/500"), "neither a spot symbol"),
        (replace(NEW, instrument_id="SPX_PUT_4500_20240230"), "is not a date"),
        (replace(NEW, kind="spot"), "says otherwise"),
        (replace(NEW, option=None), "says otherwise"),
        (replace(NEW, underlying="SPY"), "says otherwise"),
        (replace(NEW, instrument_id="SPY"), "says otherwise"),
    ],
)
def test_what_is_listed_already_or_contradicts_itself_or_would_break_the_bounds_of_amounts_is_refused(unsound, told):
    refusal = Stage().refuse(commands.ListInstrument(unsound))
    assert (refusal.code, refusal.details) == ("INVALID_INSTRUMENT", {"instrument_id": unsound.instrument_id})
    assert told in refusal.message


def test_the_exchange_lists_a_named_number_of_instruments():
    stage = Stage(instruments=tuple(instrument(f"S{number}") for number in range(MAX_INSTRUMENTS)))
    assert "has that many" in stage.refuse(commands.ListInstrument(NEW)).message


def test_a_snapshot_knows_what_was_listed():
    stage = Stage("ann", "bob")
    stage.do(commands.ListInstrument(NEW))
    trade(stage)

    restored = Venue(stage.venue._state.rulebook, snapshot=decode(encode(stage.venue.snapshot())))

    assert restored.queries.instruments() == [instrument(CALL), NEW]
    assert restored.state_hash() == stage.venue.state_hash()
    assert restored.live_hash() == stage.venue.live_hash()
    assert restored.queries.depth(PUT, 5) == stage.queries.depth(PUT, 5)
