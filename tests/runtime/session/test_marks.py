"""Marks of a session as the driver sends them: every instrument, every market second, the same after a restart."""

import datetime as dt

import pytest
from day_stage import DayStage, scenario_of_a_day
from gateway_stage import start_exchange
from msgspec import structs

from openoutcry.domain.commands import AdvanceMarket, SettleInstrument
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.runtime.session.marks import ChainMarks
from openoutcry.runtime.session.prices import flat_prices
from openoutcry.scenarios.model import hashed

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


def maker(stage, scenario, prices_at=None, world=None):
    """One that has made none before."""
    prices_at = prices_at or flat_prices(scenario)
    return ChainMarks(scenario, scenario.session, scenario.pricing, stage.queries, prices_at, world)


def marks_at(stage, scenario, seconds, prices_at=None, makes=None):
    """By symbol, made at this time after the session's start."""
    queries = stage.queries
    makes = makes or maker(stage, scenario, prices_at)
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


class Believed:
    """A world in which beliefs go from low to high, and the noise rises, with time."""

    def __init__(self, opened):
        self.opened = opened
        self.drawn = object()
        self.most = 10**12

    def beliefs_at(self, market_time):
        high = min(10**8 * max(market_time - self.opened, 0), self.most)
        return (10**12 - high, 0, high)

    def quiet_seconds_at(self, market_time):
        return max(self.opened + 300 - market_time, 0)

    def level_at(self, market_time):
        return 10**6 * (market_time - self.opened)


@pytest.fixture
def market(scenario):
    rules = MarketRules(headlines=(Headline(text="Rates rise", category="macro"),))
    return hashed(structs.replace(scenario, market=rules))


def test_with_a_simulated_market_volatilities_are_those_that_its_beliefs_let_expect(stage, market):
    makes = maker(stage, market, world=Believed(stage.queries.day().market_time))
    _, early = marks_at(stage, market, 1, makes=makes)
    _, late = marks_at(stage, market, 9_001, makes=makes)
    today, fortnight = "SPX_CALL_4500_20240314", "SPX_CALL_4500_20240328"
    assert 0.1 < early[today].volatility / 1e6 < early[fortnight].volatility / 1e6
    assert late[today].volatility > 1.05 * early[today].volatility
    assert late[fortnight].volatility == pytest.approx(early[fortnight].volatility, rel=0.05)


def test_marks_do_not_depend_on_the_seconds_that_are_asked_for(stage, market):
    world = Believed(stage.queries.day().market_time)
    makes = maker(stage, market, world=world)
    asked = [0, 1, 2, 25, 61, 7, 7, 60, 10_000, 59]
    together = [marks_at(stage, market, second, makes=makes) for second in asked]
    assert together == [marks_at(stage, market, second, makes=maker(stage, market, world=world)) for second in asked]


def test_marks_of_a_world_drawn_anew_are_those_of_the_new_one(stage, market):
    world = Believed(stage.queries.day().market_time)
    makes = maker(stage, market, world=world)
    before = marks_at(stage, market, 5_000, makes=makes)
    world.drawn, world.most = object(), 10**11
    after = marks_at(stage, market, 5_000, makes=makes)
    assert after != before
    assert after == marks_at(stage, market, 5_000, makes=maker(stage, market, world=world))


def test_a_year_is_as_long_as_the_scenarios_sessions(stage, scenario):
    """Of sessions half as long, each has the whole volatility of a session."""
    hours = structs.replace(scenario.session.hours, close=dt.time(12, 15))
    shorter = structs.replace(scenario, session=structs.replace(scenario.session, hours=hours))
    symbol = "SPX_CALL_4500_20240328"
    long, short = (marks_at(stage, one, 0)[1][symbol] for one in (scenario, shorter))
    assert short.value == pytest.approx(long.value, rel=5e-3)


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
    makes = maker(stage, stage.exchange.scenario)
    assert [second for second in range(1, 150) if makes.values_due(opened + second, False)] == told
    assert makes.values_due(opened + 61, True)
    base, values = last
    assert (len(values), values[7]) == (15, base)
    markets = stage.exchange.sequencer._venue._state.markets.values()
    assert all(market.scenarios is not None for market in markets)


def test_without_a_cash_check_no_values_are_told(stage, scenario):
    makes = maker(stage, scenario)
    assert makes.values_due(stage.queries.day().market_time + 1, True) == ()


def test_without_pricing_a_tick_brings_no_marks(tmp_path):
    stage = DayStage(scenario_of_a_day(tmp_path))
    stage.driver.start_session()
    makes = stage.driver._seconds._maker._make_marks
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
