"""Marks of a session as the driver sends them: every instrument, every market second, the same after a restart."""

import pytest
from day_stage import DayStage, scenario_of_a_day
from gateway_stage import start_exchange

from openoutcry.domain.commands import AdvanceMarket, SettleInstrument
from openoutcry.runtime.session.marks import ChainMarks
from openoutcry.runtime.session.prices import flat_prices

PRICING = """
[pricing]
volatility_percent = 20

[settlement]
"""
CLOSE = 21_600


@pytest.fixture
def scenario(tmp_path):
    return scenario_of_a_day(tmp_path, more=PRICING)


@pytest.fixture
def stage(scenario):
    stage = DayStage(scenario)
    stage.driver.start_session()
    return stage


def market_of(stage, symbol):
    return stage.exchange.sequencer._venue._state.markets[symbol]


def marks_at(stage, scenario, seconds, prices_at=None):
    """By symbol, made at this time after the session's start by somebody who has made none before."""
    queries = stage.queries
    makes = ChainMarks(scenario, scenario.session, scenario.pricing, queries, prices_at or flat_prices(scenario))
    symbols = [instrument.instrument_id for instrument in queries.instruments()]
    underlyings, marks = makes.make(queries.day().market_time + seconds)
    return underlyings, {symbols[mark.place]: mark for mark in marks}


def test_every_market_second_brings_a_mark_of_every_instrument(stage):
    assert stage.driver.tick()
    assert stage.queries.day().underlyings == {"SPX": 45_000_000, "SPY": 4_500_000}
    markets = stage.exchange.sequencer._venue._state.markets.values()
    assert len(markets) == 85
    assert all(market.mark is not None for market in markets)
    assert market_of(stage, "SPX_CALL_4500_20240328").mark.volatility == 200_000


def test_marks_and_price_bands_are_there_before_the_first_order_of_a_session(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path, more=PRICING + "[bands]\n"))
    stage.driver.start_session()
    began = stage.queries.day().market_time
    markets = stage.exchange.sequencer._venue._state.markets.values()
    assert len(markets) == 85
    assert all(market.mark is not None and market.band is not None for market in markets)
    stage.driver.tick()
    assert stage.queries.day().market_time == began + 1


def test_the_tracker_follows_the_index_where_it_has_no_price_of_its_own(tmp_path):
    lines = scenario_of_a_day(tmp_path, more=PRICING)
    assert flat_prices(lines)(0) == {"SPX": 45_000_000, "SPY": 4_500_000}


def test_time_to_expiry_counts_sessions_of_the_calendar(stage, scenario):
    """2024-03-29 is Good Friday; the weekend counts nothing, and a week has five sessions."""
    _, marks = marks_at(stage, scenario, 1)
    week, fortnight = marks["SPX_CALL_4500_20240321"], marks["SPX_CALL_4500_20240328"]
    # At the money, the square of a value goes with time: 6 and 11 sessions, today's among them.
    assert (fortnight.value / week.value) ** 2 == pytest.approx(11 / 6, rel=2e-3)


def test_marks_do_not_depend_on_those_made_before(stage, scenario):
    for _ in range(5):
        stage.driver.tick()
    underlyings, marks = marks_at(stage, scenario, 0)
    for symbol, mark in marks.items():
        assert market_of(stage, symbol).mark == mark
    assert {one.symbol: one.price for one in underlyings} == stage.queries.day().underlyings


def test_past_fixings_are_those_of_the_session(stage, scenario):
    opened = stage.queries.day().market_time

    def prices_at(market_time):
        """100 lower until five minutes before the close, 50 lower for half of those."""
        before = opened + CLOSE - market_time
        return {"SPX": 44_000_000 if before > 300 else 44_500_000 if before > 145 else 45_000_000, "SPY": 1}

    _, marks = marks_at(stage, scenario, CLOSE, prices_at)
    # 15 fixings at 4450 and 15 at 4500.
    assert marks["SPX_CALL_4430_20240314"].value == 45_0000
    assert marks["SPX_PUT_4500_20240314"].value == 25_0000
    assert marks["SPY_PUT_450_20240314"].value == 2_5000


def test_what_expired_before_the_session_has_no_mark_any_more(stage, scenario):
    while stage.driver.tick():
        pass
    stage.driver.start_session()
    _, marks = marks_at(stage, scenario, 1)
    assert "SPX_CALL_4500_20240314" not in marks
    assert "SPX_CALL_4500_20240315" in marks


def test_what_an_organiser_settles_has_no_mark_any_more(stage, scenario):
    symbol = "SPX_CALL_4500_20240314"
    stage.driver.tick()
    assert market_of(stage, symbol).mark is not None
    stage.exchange.sequencer.perform(SettleInstrument(symbol, 0))
    stage.driver.tick()
    assert market_of(stage, symbol).mark is None
    assert market_of(stage, "SPX_PUT_4500_20240314").mark is not None
    assert len(marks_at(stage, scenario, 1)[1]) == 84


def test_values_of_the_cash_check_are_told_at_the_first_market_second_and_every_minute(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path, more=PRICING + "[cash]\n"))
    stage.driver.start_session()
    opened, told, last = stage.queries.day().market_time, [], None
    while (seconds := stage.queries.day().market_time - opened) < 150 and stage.driver.tick():
        scenarios = market_of(stage, "SPX_CALL_4500_20240328").scenarios
        if scenarios is not last:
            told.append(seconds + 1)
        last = scenarios
    assert told == [1, 60, 120]
    # Somebody who has told none before tells the same ones at the same times.
    makes = ChainMarks(
        stage.exchange.scenario,
        stage.exchange.scenario.session,
        stage.exchange.scenario.pricing,
        stage.queries,
        flat_prices(stage.exchange.scenario),
    )
    assert [second for second in range(1, 150) if makes.values_due(opened + second)] == told
    base, values = last
    assert (len(values), values[7]) == (15, base)
    markets = stage.exchange.sequencer._venue._state.markets.values()
    assert all(market.scenarios is not None for market in markets)


def test_without_a_cash_check_no_values_are_told(stage, scenario):
    makes = ChainMarks(scenario, scenario.session, scenario.pricing, stage.queries, flat_prices(scenario))
    assert makes.values_due(stage.queries.day().market_time + 1) == ()


def test_without_pricing_a_tick_brings_no_marks(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path))
    stage.driver.start_session()
    makes = stage.driver._seconds._make_marks
    assert AdvanceMarket(1, *makes(1)) == AdvanceMarket(1)


async def test_a_restart_in_between_leads_to_the_same_state(tmp_path):
    scenario = scenario_of_a_day(tmp_path, more=PRICING + "[bands]\n[cash]\n")

    def opened(folder, **terms):
        exchange = start_exchange(tmp_path / folder, scenario, **terms)
        exchange.driver.stop()
        return exchange

    def after(exchange, ticks):
        for _ in range(ticks):
            assert exchange.driver.tick()
        state_hash = exchange.sequencer.state_hash()
        exchange.close()
        return state_hash

    undisturbed, stopped = opened("one", seed=3), opened("other", seed=3)
    for exchange in (undisturbed, stopped):
        exchange.driver.start_session()
        exchange.driver.stop()
    expected = after(undisturbed, 130)
    after(stopped, 70)
    assert after(opened("other"), 60) == expected
