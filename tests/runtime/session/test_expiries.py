"""Options at the close of their last session: they expire, are settled at the average, and a restart forgets none."""

import datetime as dt

import pytest
from day_stage import DayStage, scenario_of_a_day

from openoutcry.bootstrap.server import open_server
from openoutcry.domain import commands
from openoutcry.domain.commands import Price, SubmitOrder
from openoutcry.domain.events import OrderCancelled
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.session.expiries import Expiries

CALL = "SPX_CALL_4470_20240314"
PUT = "SPX_PUT_4530_20240314"
TRACKER_CALL = "SPY_CALL_447_20240314"
NEXT_WEEK = "SPX_CALL_4500_20240321"
DAY_SECONDS = 21_600
SPEED = 30
TODAYS = 28
"""Options of the default chain that expire on the session's date."""


@pytest.fixture
def scenario(tmp_path):
    return scenario_of_a_day(tmp_path, speed=SPEED)


@pytest.fixture
def stage(scenario):
    stage = DayStage(scenario)
    begin(stage.exchange)
    return stage


def begin(exchange):
    """A session with a trade in three options of today and one of next week, and an order that stays."""
    do = exchange.sequencer.perform
    for name in ("ann", "bob"):
        do(commands.RegisterTeam(name, "market_maker", name.encode()))
    exchange.driver.start_session()
    for symbol in (CALL, PUT, TRACKER_CALL, NEXT_WEEK):
        do(SubmitOrder(1, symbol, "sell", 5, Price(3_000)))
        do(SubmitOrder(2, symbol, "buy", 3, Price(3_000)))


def settled(queries):
    return {
        instrument.instrument_id: queries.settlement(instrument.instrument_id)
        for instrument in queries.instruments()
        if queries.settlement(instrument.instrument_id) is not None
    }


def test_todays_options_are_settled_after_the_close_and_no_others(stage):
    stage.pass_seconds(DAY_SECONDS // SPEED + 2)
    found = settled(stage.queries)
    assert len(found) == TODAYS
    assert all("20240314" in symbol for symbol in found)
    # 4500 at the close: 30 points in the money, and the tracker's 3.
    assert found[CALL].settlement_price == 3_000
    assert found[PUT].settlement_price == 3_000
    assert (found[TRACKER_CALL].settlement_price, found[TRACKER_CALL].underlying_price) == (300, 4_500_000)
    assert found[CALL].underlying_price == 45_000_000
    assert stage.queries.positions(2) == {CALL: 0, NEXT_WEEK: 3, PUT: 0, TRACKER_CALL: 0}
    assert stage.queries.status(NEXT_WEEK) == "listed"


def test_orders_of_an_expiring_option_leave_with_it_and_others_with_the_session(stage):
    stage.pass_seconds(DAY_SECONDS // SPEED + 2)
    cancelled = [event for event in stage.events if isinstance(event, OrderCancelled)]
    assert {event.instrument_id: event.reason for event in cancelled} == {
        CALL: "instrument_expired",
        PUT: "instrument_expired",
        TRACKER_CALL: "instrument_expired",
        NEXT_WEEK: "session_close",
    }


def test_a_session_that_is_ended_early_settles_its_options_at_the_last_price(stage):
    stage.pass_seconds(100)
    stage.driver.end_session()
    stage.pass_seconds(1)
    assert len(settled(stage.queries)) == TODAYS


def test_the_average_is_of_the_fixings_and_ends_with_the_last_price_there_was(stage, scenario):
    """The index rises by a point a second."""
    opened = stage.queries.day().market_time
    sequencer = stage.exchange.sequencer
    expiries = Expiries(scenario, scenario.session, sequencer, lambda at: {"SPX": 10_000 * (at - opened)})

    def value(seconds):
        while stage.queries.day().market_time < opened + seconds:
            assert stage.driver.tick()
        today = dt.date(2024, 3, 14)
        return next(each.underlying_price for each in expiries.settlements(today) if each.instrument_id == CALL)

    assert value(100) == 100 * 10_000
    # Two fixings, at 21,310 and 21,320 seconds, and the price of this instant for the other 28.
    assert value(21_325) == round((21_310 + 21_320 + 28 * 21_325) * 10_000 / 30)
    assert value(21_599) == round((sum(range(21_310, 21_600, 10)) + 21_599) * 10_000 / 30)


def test_the_next_session_lists_its_own_options_and_keeps_what_was_before(stage):
    stage.pass_seconds(DAY_SECONDS // SPEED + 2)
    fills = stage.queries.fills(2, after=0, limit=10)
    before = [instrument.instrument_id for instrument in stage.queries.instruments()]
    stage.driver.start_session()
    after = [instrument.instrument_id for instrument in stage.queries.instruments()]
    assert after[: len(before)] == before
    # A fortnight later is Good Friday, so that expiry moves to the Thursday, whose options are listed already.
    assert len(after) == len(set(after)) == len(before) + 56
    assert "SPX_CALL_4500_20240315" in after
    assert stage.queries.fills(2, after=0, limit=10) == fills
    assert stage.queries.positions(2)[CALL] == 0
    assert stage.queries.status(CALL) == "settled"
    assert stage.queries.trades(CALL, 10)
    refused = stage.exchange.sequencer.validate(SubmitOrder(1, CALL, "buy", 1, Price(3_000)))
    assert refused.code == "INSTRUMENT_EXPIRED"


def test_what_expired_while_there_was_no_session_is_settled_before_the_next_one(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path, date="2024-03-14", speed=SPEED))
    begin(stage.exchange)
    stage.pass_seconds(DAY_SECONDS // SPEED + 2)
    # Nobody trades for a fortnight: options of the first session that expire in it have no session of their own.
    for _ in range(5):
        stage.driver.start_session()
        stage.driver.end_session()
        stage.loop.run()
    stage.driver.start_session()
    date = stage.queries.day().session_date.replace("-", "")
    assert date > "20240321"
    overdue = [
        instrument.instrument_id for instrument in stage.queries.unsettled(date) if date not in instrument.instrument_id
    ]
    assert overdue == []
    assert settled(stage.queries)[NEXT_WEEK].settlement_price == 0


# ---- restarts ------------------------------------------------------------------------------------------------------


def serve(scenario, folder, loop):
    return open_server(scenario, folder, admin_key_hash=b"\0" * 32, loop=loop, clock=loop)


def cash_of(queries):
    return {team.team_name: queries.account(team.team_id).cash for team in queries.teams()}


@pytest.mark.parametrize("turns", [0, 10, 29, 30, 40, 55])
def test_a_restart_at_any_step_of_the_close_settles_each_option_once(scenario, tmp_path, turns):
    undisturbed = DayStage(scenario)
    begin(undisturbed.exchange)
    undisturbed.pass_seconds(DAY_SECONDS // SPEED + 2)
    loop = VirtualTime()
    exchange = serve(scenario, tmp_path / "data", loop)
    begin(exchange)
    loop.pass_seconds(DAY_SECONDS // SPEED - 1)
    exchange.driver.stop()
    while exchange.sequencer.queries.day().market_time % 86_400 != 18 * 3600 + 59 * 60 + 59:
        assert exchange.driver.tick()
    exchange.driver.start()
    # Each turn of the loop at the close expires or settles one option, or closes the session.
    for _ in range(turns):
        loop.leap()
    before = len(settled(exchange.sequencer.queries))
    exchange.close()

    loop = VirtualTime()
    exchange = serve(scenario, tmp_path / "data", loop)
    assert len(settled(exchange.sequencer.queries)) == before
    exchange.driver.start()
    loop.pass_seconds(3)
    queries = exchange.sequencer.queries
    found = settled(queries)
    assert len(found) == TODAYS
    assert cash_of(queries) == cash_of(undisturbed.queries)
    assert queries.positions(2) == undisturbed.queries.positions(2)
    exchange.close()
