"""What a bot sees of the market and of its team."""

import pytest
from bot_stage import EXAMPLE, Acting, BotStage, how_things_stand
from msgspec import structs
from operations_stage import limit_order
from venues import CALL

from openoutcry import Bot
from openoutcry.operations.order_entry import submit_order
from openoutcry.protocol.stream import (
    BookSnapshot,
    BookUpdate,
    Greeks,
    InstrumentExpired,
    InstrumentListed,
    PositionUpdate,
    SessionStatus,
    TopOfBook,
    UnderlyingPrice,
    Welcome,
)


class Reading(Bot):
    channels = ("book:*", "top:*", "greeks:*")


@pytest.fixture
def acting():
    return Acting(Reading)


def test_positions_hold_what_is_not_0_and_answer_for_everything(acting):
    bought = structs.replace(EXAMPLE[PositionUpdate], instrument_id=CALL, position=3, cash=70.0, fees_paid=1.5)
    acting.hear(bought)
    assert (acting.bot.positions, acting.bot.cash, acting.run.fees_paid) == ({CALL: 3}, 70.0, 1.5)
    assert acting.bot.positions["SOMETHING"] == 0
    acting.hear(structs.replace(bought, position=0))
    assert acting.bot.positions == {}


def test_market_time_phase_and_prices_are_those_of_the_last_message(acting):
    assert (acting.bot.market_time, acting.bot.phase) == (None, "continuous")
    assert acting.bot.session_date.isoformat() == "2024-01-15"
    price = structs.replace(EXAMPLE[UnderlyingPrice], symbol="SPX", price=4_512.5)
    acting.hear(price)
    assert acting.bot.underlyings["SPX"] == 4_512.5
    assert acting.bot.market_time.isoformat() == price.market_time.replace("Z", "+00:00")
    status = EXAMPLE[SessionStatus]
    acting.hear(structs.replace(status, instrument_id=CALL, phase="halted"))
    assert acting.bot.phase == "continuous"
    acting.hear(structs.replace(status, instrument_id=None, phase="closed", market_time=None))
    assert acting.bot.phase == "closed"
    assert acting.bot.market_time is not None


def test_instruments_come_and_go_with_all_that_is_kept_of_them(acting):
    listed = EXAMPLE[InstrumentListed]
    name = listed.instrument.instrument_id
    acting.hear(listed, structs.replace(EXAMPLE[BookSnapshot], instrument_id=name))
    acting.hear(structs.replace(EXAMPLE[TopOfBook], instrument_id=name))
    acting.hear(structs.replace(EXAMPLE[Greeks], instrument_id=name))
    kept = (acting.bot.instruments, acting.bot.books, acting.bot.tops, acting.bot.greeks)
    assert [name in each for each in kept] == [True] * 4
    acting.do(lambda bot: bot.quote(name, 4.0, 5.0, 1))
    expired = structs.replace(EXAMPLE[InstrumentExpired], instrument_id=name)
    acting.hear(expired, structs.replace(EXAMPLE[BookSnapshot], instrument_id=name))
    assert [name in each for each in kept] == [False] * 4


def test_a_book_with_a_gap_is_asked_for_again_once_and_told_when_it_is_right():
    class Told(Reading):
        def __init__(self):
            self.told = []

        def on_book(self, book):
            self.told.append(book.book_seq)

    acting = Acting(Told)
    snapshot = structs.replace(EXAMPLE[BookSnapshot], instrument_id=CALL)
    gap = structs.replace(
        EXAMPLE[BookUpdate], instrument_id=CALL, prev_book_seq=snapshot.book_seq + 5, book_seq=snapshot.book_seq + 6
    )
    acting.hear(snapshot, gap, structs.replace(gap, book_seq=gap.book_seq + 1))
    assert acting.line.channels[1:] == [(f"book:{CALL}",)]
    assert not acting.bot.books[CALL].synced
    acting.hear(structs.replace(snapshot, book_seq=gap.book_seq + 9))
    assert acting.bot.told == [snapshot.book_seq, gap.book_seq + 9]
    acting.hear(EXAMPLE[Welcome])
    assert not acting.bot.books[CALL].synced


def test_a_book_follows_the_exchange_and_is_whole_again_after_a_gap():
    stage = BotStage()
    run, rival = stage.join(Reading), stage.rival()
    for price in (101.0, 102.0, 103.0):
        rival.ask(submit_order, limit_order("sell", 5, price))
        stage.pass_seconds()
    book = run.bot.books[CALL]
    assert [level.price for level in book.asks] == [101.0, 102.0, 103.0]
    book.book_seq -= 1  # as if one had been missed
    rival.ask(submit_order, limit_order("sell", 5, 104.0))
    stage.pass_seconds()
    assert book.synced
    assert [level.price for level in book.asks] == [101.0, 102.0, 103.0, 104.0]
    stage.exchange.close()


def test_reference_data_can_be_taken_over_anew(acting):
    run = acting.run
    market = structs.replace(
        how_things_stand().market,
        phase="closed",
        speed=30.0,
        trading_session=1,
        market_time="2024-01-15T10:00:00-05:00",
    )
    acting.run.refresh(market, [])
    assert (acting.bot.instruments, acting.bot.phase, run.speed) == ({}, "closed", 30.0)
    assert acting.bot.market_time.hour == 10


@pytest.mark.parametrize("comes", ["listed", "after a lost connection"])
def test_a_channel_of_an_instrument_that_is_not_listed_is_read_once_it_is(comes):
    listed = EXAMPLE[InstrumentListed]
    later = structs.replace(listed.instrument, instrument_id="LATER")
    acting = Acting(type("Early", (Bot,), {"channels": (f"book:{CALL}", "book:LATER", "top:LATER")}))
    assert acting.line.channels == [("market", "underlyings", f"book:{CALL}")]
    if comes == "listed":
        acting.hear(structs.replace(listed, instrument=later))
    else:
        acting.run.refresh(how_things_stand().market, [later])
    assert acting.line.channels[1:] == [("book:LATER", "top:LATER")]
    acting.hear(structs.replace(listed, instrument=later))
    assert len(acting.line.channels) == 2
