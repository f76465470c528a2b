"""Queries of a team about its own orders, fills, positions and account."""

import json

import pytest
from gateway_stage import CALL, PUT, role_rules, seed_scenario, start_api
from msgspec.structs import replace

from openoutcry.domain import commands
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.rulebook import HistoryLimits
from openoutcry.domain.types import TeamId, Ticks
from openoutcry.scenarios.model import under_rulebook


async def test_an_order_is_shown_with_its_fills(alice, bob):
    await bob.order("sell", 3, 99.5)
    placed = await alice.order("buy", 10, 100.0, client_order_id="a-1")
    shown = (await alice.get(f"/orders/{placed.order_id}")).data
    order, [fill] = shown["order"], shown["fills"]
    assert order == {
        "order_id": "ORD_67891",
        "client_order_id": "a-1",
        "instrument_id": CALL,
        "side": "buy",
        "price": 100.0,
        "quantity": 10,
        "remaining_quantity": 7,
        "status": "partially_filled",
        "time_in_force": "day",
        "post_only": False,
        "submitted_at": placed.json["timestamp"],
    }
    assert (fill["trade_id"], fill["price"], fill["quantity"]) == ("TRD_11111", 99.5, 3)
    assert (fill["liquidity_type"], fill["fees"]) == ("taker", 0.06)
    assert shown["as_of_seq"] == 3
    assert (await alice.get("/orders/by-client-id/a-1")).data == shown


async def test_an_order_that_is_not_the_teams_is_not_found(alice, bob):
    others = (await bob.order("buy", 1, 100.0, client_order_id="b-1")).order_id
    for path in (f"/orders/{others}", "/orders/ORD_1", "/orders/x", "/orders/by-client-id/b-1"):
        assert (await alice.get(path)).refusal == (404, "ORDER_NOT_FOUND")


async def test_closed_orders_come_newest_first_in_pages(alice):
    ids = [(await alice.order("buy", 1, 100.0)).order_id for _ in range(5)]
    await alice.delete("/orders")
    first = (await alice.get("/orders", query="status=closed&limit=2")).data["orders"]
    assert [order["order_id"] for order in first] == [ids[4], ids[3]]
    rest = (await alice.get("/orders", query=f"status=closed&limit=9&before={ids[3]}")).data["orders"]
    assert [order["order_id"] for order in rest] == [ids[2], ids[1], ids[0]]
    assert (await alice.get("/orders")).data["orders"] == []


async def test_open_orders_come_oldest_first_in_pages_and_an_amended_one_keeps_its_place(alice):
    ids = [(await alice.order("buy", 1, 100.0)).order_id for _ in range(5)]
    await alice.patch(f"/orders/{ids[1]}", {"price": 99.0})
    first = (await alice.get("/orders", query="limit=2")).data
    assert ([order["order_id"] for order in first["orders"]], first["omitted"]) == (ids[:2], 3)
    await alice.delete(f"/orders/{ids[1]}")
    await alice.delete(f"/orders/{ids[2]}")
    rest = (await alice.get("/orders", query=f"limit=3&after={ids[1]}")).data
    assert ([order["order_id"] for order in rest["orders"]], rest["omitted"]) == (ids[3:], 0)
    assert rest["as_of_seq"] == first["as_of_seq"] + 2
    assert (await alice.get("/orders", query=f"after={ids[4]}")).data["orders"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [("before=ORD_7", "before"), ("status=closed&after=ORD_7", "after"), ("after=7", "after"), ("limit=1001", "limit")],
)
async def test_a_page_that_cannot_be_is_malformed(alice, query, field):
    reply = await alice.get("/orders", query=query)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == field


async def test_no_answer_grows_with_the_number_of_open_orders(open_on, clock):
    scenario = role_rules(seed_scenario(), "market_maker", maximum_open_orders=100_000, option_position_limit=10**6)
    scenario = role_rules(scenario, "market_maker", maximum_open_orders=100_000, total_option_exposure=10**6)
    exchange = open_on(scenario)
    team = await start_api(exchange, clock).team("team")
    for number in range(80_000):
        price = commands.Price(Ticks(1 + number % 5_000))
        exchange.sequencer.perform(commands.SubmitOrder(TeamId(1), CALL, "buy", 1, price))
    seen, after = [], ""
    while True:
        reply = await team.get("/orders", query=after)
        assert len(reply.body) < 300_000
        page = reply.data
        seen += [order["order_id"] for order in page["orders"]]
        assert page["omitted"] == 80_000 - len(seen)
        if not page["omitted"]:
            break
        assert len(page["orders"]) == 1_000
        after = f"after={seen[-1]}"
    assert seen == [f"ORD_{67_890 + number}" for number in range(80_000)]


async def test_positions_name_every_instrument_ever_traded(alice, bob):
    await bob.order("sell", 3, 100.0)
    await alice.order("buy", 3, 100.0)
    await bob.order("buy", 3, 100.0)
    await alice.order("sell", 3, 100.0)
    await alice.order("buy", 3, 50.0, instrument_id=PUT)
    assert (await alice.get("/positions")).data == {
        "positions": {CALL: 0},
        "holdings": {CALL: {"average_price": None, "realized_pnl": 0.0}},
        "as_of_seq": 7,
    }


async def test_positions_tell_their_cost_and_what_was_realized(alice, bob):
    for side, quantity, price in (("buy", 2, 100.0), ("buy", 2, 101.0), ("sell", 1, 103.0)):
        await bob.order("sell" if side == "buy" else "buy", quantity, price)
        await alice.order(side, quantity, price)
    data = (await alice.get("/positions")).data
    assert (data["positions"], data["holdings"]) == ({CALL: 3}, {CALL: {"average_price": 100.5, "realized_pnl": 250.0}})
    data = (await bob.get("/positions")).data
    assert data["holdings"] == {CALL: {"average_price": 100.5, "realized_pnl": -250.0}}


async def test_the_account_shows_use_of_limits_beside_the_limits(alice):
    await alice.order("buy", 10, 100.0)
    account = (await alice.get("/account")).data["account"]
    assert account["team_id"] == alice.team_id
    assert (account["cash"], account["open_orders"], account["maximum_open_orders"]) == (20_000_000.0, 1, 400)
    assert account["exposure"][CALL] == {
        "position": 0,
        "open_buy_quantity": 10,
        "open_sell_quantity": 0,
        "limit": 50,
    }
    assert account["sanctions"] == {"level": 0, "since": None}
    assert (account["delta"], account["duties"], account["reduce_only"]) == (0.0, [], False)
    assert account["limits"]["open_orders"] == {"used": account["open_orders"], "limit": account["maximum_open_orders"]}


async def test_fills_come_oldest_first_after_a_trade(alice, bob):
    for price in (100.0, 101.0, 102.0):
        await bob.order("sell", 1, price)
        await alice.order("buy", 1, price)
    fills = (await alice.get("/fills", query="limit=2")).data["fills"]
    assert [fill["price"] for fill in fills] == [100.0, 101.0]
    rest = (await alice.get("/fills", query=f"after={fills[-1]['trade_id']}")).data["fills"]
    assert [fill["price"] for fill in rest] == [102.0]


@pytest.fixture
async def forgetful(open_on):
    """An exchange that keeps two closed orders and two fills of each team."""
    history = HistoryLimits(closed_orders=2, fills=2)
    scenario = seed_scenario()
    return open_on(under_rulebook(scenario, replace(scenario.rulebook, history=history)))


async def trades(exchange, number):
    """So many trades of one lot; the client of the buyer, and its orders' ids."""
    api = start_api(exchange)
    buyer, seller = await api.team("buyer"), await api.team("seller", "hedge_fund")
    ids = []
    for _ in range(number):
        await seller.order("sell", 1, 100.0)
        ids.append((await buyer.order("buy", 1, 100.0, client_order_id=f"mine-{len(ids)}")).order_id)
    return buyer, ids


async def test_what_is_forgotten_is_counted_in_answers(forgetful):
    buyer, ids = await trades(forgetful, 5)
    closed = (await buyer.get("/orders", query="status=closed")).data
    assert ([order["order_id"] for order in closed["orders"]], closed["forgotten"]) == ([ids[4], ids[3]], 3)
    fills = (await buyer.get("/fills")).data
    assert ([fill["trade_id"] for fill in fills["fills"]], fills["forgotten"]) == (["TRD_11114", "TRD_11115"], 3)
    assert (await buyer.get("/fills", query="after=TRD_11111")).data == fills
    assert (await buyer.get("/orders")).data["forgotten"] == 0


async def test_a_forgotten_order_is_not_found_and_the_answer_says_what_is_kept_and_where_the_rest_is(forgetful):
    buyer, ids = await trades(forgetful, 3)
    for path in (f"/orders/{ids[0]}", "/orders/by-client-id/mine-0"):
        reply = await buyer.get(path)
        assert reply.refusal == (404, "ORDER_NOT_FOUND")
        assert "its last 2 closed ones" in reply.error["message"]
        assert "after_seq=0" in reply.error["message"]
    assert (await buyer.get("/orders/by-client-id/mine-1")).data["order"]["order_id"] == ids[1]


async def test_a_client_order_id_is_free_again_when_its_order_is_forgotten(forgetful):
    buyer, ids = await trades(forgetful, 3)
    terms = {"client_order_id": "mine-1"}
    assert (await buyer.order("buy", 1, 100.0, **terms)).data == {"duplicate": True}
    again = await buyer.order("buy", 1, 100.0, client_order_id="mine-0")
    assert again.data is None
    assert again.order_id not in ids


async def test_the_private_stream_has_what_queries_have_forgotten(forgetful):
    buyer, _ = await trades(forgetful, 5)
    assert (await buyer.get("/fills")).data["forgotten"] == 3
    stream = forgetful.private_streams.of_team(parse_team_id(buyer.team_id))
    reports = [message for message in map(json.loads, stream.read(0)) if message["type"] == "execution_report"]
    assert [report["trade_id"] for report in reports] == [f"TRD_{number}" for number in range(11111, 11116)]


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/orders", "status=dead", "status"),
        ("/orders", "before=ORD_5", "before"),
        ("/orders", "status=closed&limit=0", "limit"),
        ("/orders", "status=closed&limit=1001", "limit"),
        ("/orders", "status=closed&limit=ten", "limit"),
        ("/orders", "status=closed&limit=null", "limit"),
        ("/orders", "limit=null", "limit"),
        ("/orders", "status=closed&before=5", "before"),
        ("/orders", "status=closed&before=", "before"),
        ("/fills", "limit=-1", "limit"),
        ("/fills", "limit=1.5", "limit"),
        ("/fills", "after=TRD_x", "after"),
        ("/fills", "afterr=TRD_1", "afterr"),
        ("/fills", "limit=1&limit=2", "limit"),
        ("/positions", "x=1", "x"),
        ("/account", "%FF=%FE", "�"),
    ],
)
async def test_a_bad_query_parameter_is_named(alice, path, query, field):
    reply = await alice.get(path, query=query)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == field
    assert field in reply.error["message"]
