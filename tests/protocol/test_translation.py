"""How the exchange's integers appear on the wire."""

from datetime import UTC, datetime, timedelta
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openoutcry.domain import events
from openoutcry.domain.instruments import Instrument, OptionTerms
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import (
    ClientOrderId,
    InstrumentId,
    MarketTime,
    Money,
    OrderId,
    Sequence,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)
from openoutcry.domain.views import (
    AccountView,
    DepthView,
    DutyView,
    ExposureView,
    FillView,
    OrderView,
    StandingView,
    TradeView,
)
from openoutcry.protocol.responses import LevelInfo, LimitInfo, SanctionsInfo
from openoutcry.protocol.translation import Translator, format_timestamp

CALL = InstrumentId("SPX_CALL_4500_20240315")
SPY = InstrumentId("SPY")
TEN_O_CLOCK = TimestampUs(1_705_312_800_000_000)

OPTION = Instrument(
    instrument_id=CALL,
    kind="option",
    underlying="SPX",
    tick_size=Money(100),
    multiplier=100,
    option=OptionTerms("call", Money(45_000_000), "20240315"),
)
SPOT = Instrument(instrument_id=SPY, kind="spot", underlying="SPY", tick_size=Money(50), multiplier=100)
RULES = RoleRules(
    maker_fee=Money(-200),
    taker_fee=Money(200),
    option_position_limit=50,
    spot_position_limit=7,
    total_option_exposure=200,
    maximum_order_size=100,
    maximum_open_orders=20,
    may_quote=True,
    may_rest_both_sides=False,
    starting_cash=Money(10_000_000),
)


@pytest.fixture
def translator():
    return Translator({CALL: OPTION, SPY: SPOT}.get)


def executed(**changes):
    fields = {
        "team_id": TeamId(1),
        "seq": 2,
        "order_id": OrderId(67890),
        "client_order_id": None,
        "trade_id": TradeId(11111),
        "instrument_id": CALL,
        "side": BUY,
        "price": Ticks(10_000),
        "quantity": 10,
        "cumulative_quantity": 10,
        "remaining_quantity": 0,
        "cumulative_value": 100_000,
        "order_status": "filled",
        "liquidity_type": "taker",
        "fees": Money(3_000),
    }
    return events.OrderExecuted(**(fields | changes))


def test_the_design_documents_execution_report_reads_as_it_is_written_there(translator):
    message = translator.private_message(executed(), TimestampUs(TEN_O_CLOCK + 10_000), Sequence(7))

    wire = msgspec.json.decode(msgspec.json.encode(message))

    assert wire["type"] == "execution_report"
    assert wire["order_id"] == "ORD_67890"
    assert wire["trade_id"] == "TRD_11111"
    assert wire["price"] == 100.0
    assert wire["quantity"] == 10
    assert wire["liquidity_type"] == "taker"
    assert wire["fees"] == 0.30
    assert wire["timestamp"] == "2024-01-15T10:00:00.010000Z"
    assert wire["sequence"] == 7


def test_the_average_price_weighs_fills_by_quantity_and_rounds_once(translator):
    event = executed(cumulative_quantity=3, cumulative_value=2 * 10_000 + 10_001)

    message = translator.private_message(event, TEN_O_CLOCK, Sequence(1))

    assert message.average_price == 300.01 / 3


def test_a_market_order_is_acknowledged_without_a_price(translator):
    event = events.OrderAcknowledged(TeamId(1), 1, OrderId(1), ClientOrderId("a"), CALL, SELL, None, 5, 5, "ioc")

    message = translator.private_message(event, TEN_O_CLOCK, Sequence(1))

    assert (message.type, message.price, message.side, message.client_order_id) == ("new_order_ack", None, "sell", "a")


def test_a_cancel_and_an_amend_say_what_is_left(translator):
    cancelled = events.OrderCancelled(TeamId(1), 1, OrderId(1), None, CALL, BUY, 4, CancelReason.SELF_TRADE_PREVENTION)
    amended = events.OrderAmended(TeamId(1), 2, OrderId(1), None, CALL, BUY, Ticks(5), 9, 6, kept_priority=False)

    assert translator.private_message(cancelled, TEN_O_CLOCK, Sequence(1)).reason == "self_trade_prevention"
    message = translator.private_message(amended, TEN_O_CLOCK, Sequence(1))
    assert (message.price, message.quantity, message.remaining_quantity, message.kept_priority) == (0.05, 9, 6, False)


@pytest.mark.parametrize(
    ("position", "cost_basis", "average_price"), [(3, 3_000_000, 1.0), (-4, -6_000_000, 1.5), (0, 0, None)]
)
def test_a_positions_average_price_is_per_unit_and_positive_on_both_sides(
    translator, position, cost_basis, average_price
):
    event = events.PositionUpdated(TeamId(1), 1, CALL, position, Money(cost_basis), Money(-5), Money(10_001), Money(3))

    message = translator.private_message(event, TEN_O_CLOCK, Sequence(1))

    assert message.average_price == average_price
    assert (message.realized_pnl, message.cash, message.fees_paid) == (-0.0005, 1.0001, 0.0003)


def test_a_book_shows_prices_and_a_checksum_of_its_ticks(translator):
    depth = DepthView(SPY, ((Ticks(1000), 7),), ((Ticks(1010), 20), (Ticks(1020), 5)), 310)

    snapshot = translator.book_snapshot(depth, TEN_O_CLOCK)

    assert snapshot.bids == [LevelInfo(5.0, 7)]
    assert snapshot.asks == [LevelInfo(5.05, 20), LevelInfo(5.1, 5)]
    assert snapshot.book_seq == 310
    assert snapshot.checksum == crc32(b"1010201020510007")
    assert translator.order_book(depth).asks == snapshot.asks


def test_a_halt_names_its_instrument_and_a_phase_change_names_none(translator):
    nine = MarketTime(1_710_421_200)
    halted = events.PhaseChanged("halted", "continuous", CALL, "organiser", 2, nine, -14_400, "closed", nine + 21_600)
    closed = events.PhaseChanged("closed", "continuous", None, "schedule", 2)

    told = translator.session_status(halted, TEN_O_CLOCK, Sequence(3))
    assert (told.instrument_id, told.halted, told.phase, told.previous_phase) == (CALL, True, "halted", "continuous")
    assert (told.market_time, told.reason) == ("2024-03-14T09:00:00-04:00", "organiser")
    assert (told.next_phase, told.next_at) == ("closed", "2024-03-14T15:00:00-04:00")
    told = translator.session_status(closed, TEN_O_CLOCK, Sequence(4))
    assert (told.instrument_id, told.halted, told.phase, told.trading_session) == (None, False, "closed", 2)
    assert (told.market_time, told.next_phase, told.next_at) == (None, None, None)


def test_views_read_as_the_events_do(translator):
    order = OrderView(OrderId(1), None, CALL, BUY, Ticks(1600), 10, 7, "partially_filled", "day", False, TEN_O_CLOCK)
    fill = FillView(TradeId(2), OrderId(1), None, CALL, BUY, Ticks(1600), 3, "maker", Money(-600), TEN_O_CLOCK)
    trade = TradeView(TradeId(2), CALL, Ticks(1600), 3, SELL, TEN_O_CLOCK)

    assert translator.order_info(order).price == 16.0
    assert translator.order_info(order).submitted_at == "2024-01-15T10:00:00.000000Z"
    assert translator.fill_info(fill).fees == -0.06
    assert translator.trade_info(trade).aggressor_side == "sell"


def test_an_account_shows_what_is_used_beside_what_the_role_may(translator):
    exposure = ExposureView(CALL, 3, 7, 0, 50)
    duty = DutyView("portfolio_delta", "breached", 62_500_000, 50_000_000, MarketTime(1_705_329_000))
    view = AccountView(
        TeamId(4),
        "Delta Force",
        "retail",
        False,
        Money(99_999),
        Money(-1),
        Money(2),
        Money(3),
        1,
        10,
        (exposure,),
        -62_500_000,
        StandingView((duty,), 1, MarketTime(1_705_329_060), False, -18_000),
        Money(120_000),
        Money(5_000),
    )

    account = translator.account_info(view, RULES, {})

    assert (account.team_id, account.cash, account.realized_pnl) == ("TEAM_4", 9.9999, -0.0001)
    assert (account.total_option_exposure, account.total_option_exposure_limit) == (10, 200)
    assert account.exposure[CALL].open_buy_quantity == 7
    assert account.maximum_open_orders == 20
    assert (account.delta, account.limits["portfolio_delta"]) == (-62.5, LimitInfo(used=62.5, limit=50.0))
    assert [(each.state, each.since) for each in account.duties] == [("breached", "2024-01-15T09:30:00-05:00")]
    assert account.sanctions == SanctionsInfo(level=1, since="2024-01-15T09:31:00-05:00")
    assert (account.reduce_only, account.equity, account.requirement) == (False, 12.0, 0.5)


def test_a_duty_is_told_in_shares_and_contracts_and_with_the_exchange_s_clock(translator):
    event = events.DutyJudged(
        TeamId(1), 3, "quote_coverage", "met", 812_500, 800_000, MarketTime(1_705_329_000), 1, -18_000
    )
    message = translator.private_message(event, TEN_O_CLOCK, 7)
    assert (message.measured, message.required, message.since) == (0.8125, 0.8, "2024-01-15T09:30:00-05:00")
    bare = replace(event, duty=None, state="exempt", measured=None, required=None, since=None)
    message = translator.private_message(bare, TEN_O_CLOCK, 7)
    assert (message.duty, message.measured, message.required, message.since) == (None, None, None, None)


def test_reference_data_gives_each_role_the_limit_of_the_instruments_kind(translator):
    option = translator.instrument_info(OPTION, {"retail": RULES}, "halted")
    spot = translator.instrument_info(SPOT, {"retail": RULES})

    assert (option.strike, option.option_type, option.tick_size, option.halted) == (4500.0, "call", 0.01, True)
    assert option.position_limits == {"retail": 50}
    assert (spot.strike, spot.expiry, spot.tick_size, spot.position_limits) == (None, None, 0.005, {"retail": 7})


@given(st.integers(min_value=0, max_value=4_102_444_800_000_000))
def test_timestamps_keep_every_microsecond(time):
    text = format_timestamp(TimestampUs(time))

    read = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    assert (read - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) == time
