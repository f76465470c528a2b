"""What the exchange's own flow is shown: its quotes and their last fills, its orders, books, marks and phases."""

import pytest
from quoting_stage import CALL, OPENS, PUT, SPY, QuotingStage, mark

from openoutcry.domain import commands
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.simulation.shown import OwnOrder


@pytest.fixture
def stage():
    return QuotingStage("ann", "bob", "cat")


@pytest.fixture
def shown(stage):
    return stage.queries.shown()


def test_a_quote_is_shown_with_what_stands_around_it(stage, shown):
    value = mark(0, 10_000)
    stage.tick(call=value)
    stage.quote(1, 98, 102)
    stage.enter(2, "buy", 3, 99)
    quoting = shown.instrument(1, CALL)
    assert (quoting.phase, quoting.mark, quoting.position) == ("continuous", value, 0)
    assert (quoting.best_prices, quoting.quote_prices, quoting.quote_quantities) == ((99, 102), (98, 102), (10, 10))
    assert quoting.quote_filled_at == (None, None)


def test_the_last_fill_of_each_side_of_a_protected_quote_is_noted_in_market_time(stage, shown):
    stage.protect(move_ppm=250_000)
    stage.tick(call=10_000)
    stage.quote(1, 98, 102)
    stage.tick(3)
    stage.take(2, "buy", 4)
    stage.tick()
    stage.take(2, "buy", 6)
    quoting = shown.instrument(1, CALL)
    assert quoting.quote_filled_at == (None, OPENS + 5)
    assert (quoting.position, quoting.quote_prices, quoting.quote_quantities) == (-10, (98, None), (10, 0))
    stage.take(2, "sell", 1)
    assert shown.instrument(1, CALL).quote_filled_at == (OPENS + 5, OPENS + 5)


def test_fills_of_spot_quotes_are_noted_and_those_of_orders_are_not(stage, shown):
    stage.protect(move_ppm=250_000)
    stage.quote(1, 44_000, 46_000, where=SPY)
    stage.take(2, "sell", 1, where=SPY)
    stage.enter(1, "sell", 5, 200, instrument_id=PUT)
    stage.take(2, "buy", 1, where=PUT)
    assert shown.instrument(1, SPY).quote_filled_at == (OPENS, None)
    assert shown.instrument(1, PUT).quote_filled_at == (None, None)


def test_when_quotes_were_filled_counts_in_both_hashes_and_outlives_a_restart(stage):
    hashes = set()
    stage.protect(move_ppm=250_000)
    stage.quote(1, 98, 102)
    stage.take(2, "buy", 1)
    for quote_filled_at in ([None, OPENS], [OPENS, OPENS], [OPENS, None], [None, None], [None, OPENS + 1]):
        stage.venue._state.team(1).holdings[CALL].quote_filled_at = quote_filled_at
        hashes |= {stage.venue.state_hash(), stage.venue.live_hash_made_anew()}
        stage.restart()
        assert stage.queries.shown().instrument(1, CALL).quote_filled_at == tuple(quote_filled_at)
    assert len(hashes) == 10


def test_a_fill_changes_the_live_hash_that_is_kept_as_it_changes_one_made_anew(stage):
    stage.protect(move_ppm=250_000)
    stage.quote(1, 98, 102)
    for side in ("buy", "sell", "buy"):
        stage.tick()
        stage.take(2, side, 1)
        assert stage.venue.live_hash() == stage.venue.live_hash_made_anew()


def test_what_is_to_be_quoted_is_what_does_not_stand_in_full_unless_a_bid_cannot_be(stage, shown):
    def is_unquoted(bid_from):
        return shown.unquoted(1, [(CALL, 10, bid_from)]) == [0]

    assert is_unquoted(20_000)
    stage.quote(1, None, 102)
    assert is_unquoted(20_000)  # its value is not known
    stage.tick(call=10_000)
    assert [is_unquoted(bid_from) for bid_from in (0, 10_000, 10_001)] == [True, True, False]
    stage.quote(1, 98, 102)
    assert not is_unquoted(0)
    stage.take(2, "buy", 1)
    assert is_unquoted(0)
    assert is_unquoted(20_000)
    stage.quote(1, 98, None)
    assert is_unquoted(20_000)


def test_own_orders_are_shown_from_the_oldest_and_no_quotes_among_them(stage, shown):
    first = stage.enter(1, "buy", 2, 90, client_order_id="R-1-0")
    stage.quote(1, 98, 102)
    second = stage.enter(1, "sell", 5, 200, instrument_id=PUT)
    stage.enter(2, "buy", 1, 80)
    assert list(shown.open_orders(1)) == [
        OwnOrder(first, "R-1-0", CALL, BUY, 90),
        OwnOrder(second, None, PUT, SELL, 200),
    ]


def test_a_position_is_shown_with_what_it_cost(stage, shown):
    stage.enter(1, "sell", 2, 100)
    stage.enter(2, "buy", 2, 100)
    tick_value = stage.queries.instrument(CALL).tick_value
    assert shown.position(2, CALL) == (2, 200 * tick_value)
    assert shown.position(1, CALL) == (-2, -200 * tick_value)
    assert shown.position(3, CALL) == (0, 0)


def test_what_has_expired_is_closed(stage, shown):
    stage.do(commands.SettleInstrument(PUT, 45, 90_000))
    assert shown.phase(PUT) == "closed"


def test_the_market_is_shown_as_it_is_now(stage, shown):
    assert (shown.market_time, shown.last_news, dict(shown.underlyings)) == (OPENS, None, {})
    stage.do(commands.PublishNews("Rates stay", "general", NewsOdds()))
    stage.tick(put=7_000)
    assert (shown.market_time, shown.last_news) == (OPENS + 1, OPENS)
    assert shown.mark(CALL) is None
    assert shown.mark(PUT) == mark(1, 7_000)
