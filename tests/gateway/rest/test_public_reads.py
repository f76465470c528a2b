"""Queries about the market that need no key."""

import re

import pytest
from gateway_stage import CALL, PUT, seed_scenario, start_api


async def test_instruments_are_described_with_the_limits_of_every_role(api):
    data = (await api.get("/instruments")).data
    assert [instrument["instrument_id"] for instrument in data["instruments"]] == [CALL, PUT]
    [one] = (await api.get(f"/instruments/{CALL}")).data["instruments"]
    assert one == data["instruments"][0]
    assert (one["kind"], one["underlying"], one["option_type"], one["strike"]) == ("option", "SPX", "call", 4500.0)
    assert (one["expiry"], one["tick_size"], one["multiplier"], one["halted"]) == ("20240315", 0.01, 100, False)
    assert one["position_limits"]["market_maker"] == 50


async def test_the_order_book_is_aggregated_by_price_best_first(api, alice, bob):
    for price, quantity in ((99.0, 1), (99.5, 2), (99.0, 3)):
        await alice.order("buy", quantity, price)
    await bob.order("sell", 4, 101.0)
    book = (await api.get(f"/orderbook/{CALL}")).data
    assert book["bids"] == [{"price": 99.5, "quantity": 2}, {"price": 99.0, "quantity": 4}]
    assert book["asks"] == [{"price": 101.0, "quantity": 4}]
    assert book["book_seq"] == 4
    assert (await api.get(f"/orderbook/{CALL}", query="depth=1")).data["bids"] == book["bids"][:1]


async def test_trades_come_oldest_first_and_only_the_most_recent(api, alice, bob):
    for price in (100.0, 101.0, 102.0):
        await bob.order("sell", 1, price)
        await alice.order("buy", 1, price)
    trades = (await api.get(f"/trades/{CALL}", query="limit=2")).data["trades"]
    assert [(trade["price"], trade["aggressor_side"]) for trade in trades] == [(101.0, "buy"), (102.0, "buy")]


async def test_the_market_tells_session_phase_and_underlyings(api):
    data = (await api.get("/market")).data
    assert (data["session_date"], data["phase"], data["trading_session"]) == ("2024-01-15", "continuous", 1)
    assert (data["underlyings"], data["halted"], data["next_transition"]) == ({"SPX": 4500.0}, [], None)
    assert data["market_time"].endswith("Z")


async def test_without_a_date_of_its_own_the_session_is_today(open_on):
    api = start_api(open_on(seed_scenario(session_date=None)))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", (await api.get("/market")).data["session_date"])


async def test_health_tells_that_commands_are_taken(api, exchange):
    data = (await api.get("/health")).data
    assert (data["status"], data["reason"], data["epoch"]) == ("ok", None, exchange.sequencer.epoch)
    assert data["uptime_seconds"] >= 0


@pytest.mark.parametrize("path", ["/instruments/NOPE", "/orderbook/NOPE", "/trades/NOPE"])
async def test_unknown_instruments_are_not_found(api, path):
    assert (await api.get(path)).refusal == (404, "INVALID_INSTRUMENT")


@pytest.mark.parametrize("query", ["depth=abc", "depth=0", "depth=51", "depth=-1", "depth=", "depth=5.5"])
async def test_depth_is_a_number_from_1_to_50(api, query):
    reply = await api.get(f"/orderbook/{CALL}", query=query)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == "depth"
