"""A session without a gateway: every operation is called once, by callers that name themselves."""

import subprocess
import sys

import pytest
from gateway_stage import CALL
from operations_stage import limit_order

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import Refused
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations import (
    health,
    market,
    order_changes,
    order_entry,
    protection,
    quotes,
    teams,
)
from openoutcry.operations.organiser import instruments as organiser_instruments
from openoutcry.operations.organiser import overview
from openoutcry.operations.organiser import session as organiser_session
from openoutcry.operations.organiser import teams as organiser_teams
from openoutcry.operations.organiser import trades as organiser_trades
from openoutcry.operations.own import account, orders
from openoutcry.protocol.queries import DepthQuery, FillsQuery, MassCancelQuery, OrdersQuery, TeamsQuery, TradesQuery
from openoutcry.protocol.requests import (
    AmendRequest,
    CancelAfterRequest,
    PhaseRequest,
    QuoteRequest,
    QuotesRequest,
    ReasonRequest,
    SettleRequest,
)

NOBODY = Caller()
NO_REASON = ReasonRequest()


async def test_orders_are_amended_and_cancelled(exchange, alice):
    first, second, third = (
        order_entry.submit_order(
            exchange, alice, limit_order("buy", 10, price, client_order_id=f"a-{price:g}")
        ).order_id
        for price in (99.0, 98.0, 97.0)
    )
    amended = order_changes.amend_order(exchange, alice, first, AmendRequest(quantity=4))
    assert (amended.order_id, amended.data.kept_priority) == (first, True)
    assert order_changes.cancel_order(exchange, alice, first).order_id == first
    assert order_changes.cancel_order(exchange, alice, first).reject.code == ErrorCode.CANCEL_FAILED
    assert order_changes.cancel_by_client_id(exchange, alice, "a-98").order_id == second
    cancelled = order_changes.mass_cancel(exchange, alice, MassCancelQuery(instrument_id=CALL))
    assert cancelled.data.cancelled == [third]


async def test_a_change_that_changes_nothing_has_no_place(exchange, alice):
    order_id = order_entry.submit_order(exchange, alice, limit_order("buy", 10, 99.0)).order_id
    result = order_changes.amend_order(exchange, alice, order_id, AmendRequest(quantity=10))
    assert (result.reject, result.sequence) == (None, None)


async def test_quotes_are_replaced_and_timers_set(exchange, alice):
    quote = QuoteRequest(instrument_id=CALL, bid_price=99.0, bid_quantity=5, ask_price=101.0, ask_quantity=5)
    [quoted] = quotes.replace_quotes(exchange, alice, QuotesRequest(quotes=[quote])).data.results
    assert (quoted.success, quoted.bid_order_id, quoted.ask_order_id) == (True, "ORD_67890", "ORD_67891")
    assert protection.set_cancel_after(exchange, alice, CancelAfterRequest(seconds=10)).data.cancel_at is not None
    assert protection.set_cancel_after(exchange, alice, CancelAfterRequest(seconds=0)).data.cancel_at is None


async def test_a_team_asks_about_itself_and_anyone_about_the_market(exchange, alice, bob):
    order_id = order_entry.submit_order(exchange, alice, limit_order("buy", 5, 100.0, client_order_id="a-1")).order_id
    order_entry.submit_order(exchange, bob, limit_order("sell", 2, 100.0))
    assert orders.list_orders(exchange, alice, OrdersQuery()).data.orders[0].remaining_quantity == 3
    assert orders.list_orders(exchange, bob, OrdersQuery(status="closed", limit=1)).data.orders[0].side == "sell"
    assert orders.show_order(exchange, alice, order_id).data.fills[0].quantity == 2
    assert orders.show_order_by_client_id(exchange, alice, "a-1").data.order.order_id == order_id
    assert account.show_positions(exchange, alice).data.positions == {CALL: 2}
    assert account.show_account(exchange, alice).data.account.role == "market_maker"
    assert len(orders.list_fills(exchange, alice, FillsQuery()).data.fills) == 1
    assert market.show_order_book(exchange, NOBODY, CALL, DepthQuery()).data.bids[0].quantity == 3
    assert len(market.list_trades(exchange, NOBODY, CALL, TradesQuery()).data.trades) == 1
    assert market.show_instrument(exchange, NOBODY, CALL).data.instruments[0].instrument_id == CALL
    assert len(market.list_instruments(exchange, NOBODY).data.instruments) == len(exchange.scenario.instruments)
    assert market.show_market(exchange, NOBODY).data.phase == "continuous"
    assert health.show_health(exchange, NOBODY).data.status == "ok"


async def test_the_organiser_commands_and_teams_are_shown(exchange, alice):
    team_id = format_team_id(alice.team_id)
    assert teams.show_team(exchange, NOBODY, team_id).data.team.team_name == "alice"
    old_key, new_key = (teams.rotate_own_key(exchange, alice, team_id).data.api_key for _ in range(2))
    assert old_key != new_key != organiser_teams.rotate_team_key(exchange, NOBODY, team_id, NO_REASON).data.api_key
    assert len(overview.list_teams(exchange, NOBODY, TeamsQuery()).data.teams) == 1
    assert organiser_instruments.halt_instrument(exchange, NOBODY, CALL, NO_REASON).data.instruments[0].halted
    assert not organiser_instruments.resume_instrument(exchange, NOBODY, CALL, NO_REASON).data.instruments[0].halted
    assert organiser_teams.suspend_team(exchange, NOBODY, team_id, NO_REASON).data.team.suspended
    assert not organiser_teams.reinstate_team(exchange, NOBODY, team_id, NO_REASON).data.team.suspended
    assert organiser_session.set_phase(exchange, NOBODY, PhaseRequest(phase="closed")).data.phase == "closed"
    refused = order_entry.submit_order(exchange, alice, limit_order("buy", 1, 100.0))
    assert refused.reject.code == ErrorCode.MARKET_CLOSED


async def test_the_organiser_settles_an_instrument(exchange, alice, bob):
    order_entry.submit_order(exchange, alice, limit_order("buy", 5, 100.0))
    order_entry.submit_order(exchange, bob, limit_order("sell", 2, 100.0))
    with pytest.raises(Refused, match="nearest is 12"):
        organiser_instruments.settle_instrument(
            exchange, NOBODY, SettleRequest(instrument_id=CALL, settlement_price=12.349)
        )
    request = SettleRequest(instrument_id=CALL, settlement_price=12.35, underlying_price=4512.35)
    [settled] = organiser_instruments.settle_instrument(exchange, NOBODY, request).data.instruments
    assert (settled.status, settled.halted, settled.settlement_price) == ("settled", False, 12.35)
    assert account.show_positions(exchange, alice).data.positions == {CALL: 0}
    assert orders.list_orders(exchange, alice, OrdersQuery()).data.orders == []
    refused = order_entry.submit_order(exchange, alice, limit_order("buy", 1, 100.0))
    assert refused.reject.code == ErrorCode.INSTRUMENT_EXPIRED
    again = organiser_instruments.settle_instrument(exchange, NOBODY, request)
    assert again.reject.code == ErrorCode.SETTLEMENT_FAILED
    unknown = SettleRequest(instrument_id="NOPE", settlement_price=12.349)
    assert organiser_instruments.settle_instrument(exchange, NOBODY, unknown).reject.code == "INVALID_INSTRUMENT"


async def test_the_organiser_busts_a_trade(exchange, alice, bob):
    order_entry.submit_order(exchange, alice, limit_order("buy", 5, 100.0))
    order_entry.submit_order(exchange, bob, limit_order("sell", 2, 100.0))
    trade_id = market.list_trades(exchange, NOBODY, CALL, TradesQuery()).data.trades[0].trade_id
    busted = organiser_trades.bust_trade(exchange, NOBODY, trade_id, NO_REASON).data
    assert (busted.trade_id, busted.instrument_id, busted.price, busted.quantity) == (trade_id, CALL, 100.0, 2)
    assert account.show_positions(exchange, alice).data.positions == {CALL: 0}
    assert [fill.busted for fill in orders.list_fills(exchange, alice, FillsQuery()).data.fills] == [True]
    again = organiser_trades.bust_trade(exchange, NOBODY, trade_id, NO_REASON)
    assert again.reject.code == ErrorCode.BUST_FAILED
    unknown = organiser_trades.bust_trade(exchange, NOBODY, "TRD_999", NO_REASON)
    assert unknown.reject.code == ErrorCode.TRADE_NOT_FOUND


def test_operations_load_nothing_of_a_gateway_nor_of_a_web_server():
    program = """
import pkgutil, sys
import openoutcry.operations as operations
for module in pkgutil.walk_packages(operations.__path__, "openoutcry.operations."):
    __import__(module.name)
found = {"openoutcry.gateway", "uvicorn", "httptools", "websockets", "starlette"} & set(sys.modules)
assert not found, found
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
