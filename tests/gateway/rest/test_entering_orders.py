"""Single orders and batches over REST: verdicts, refusals, repeated orders."""

import asyncio

import pytest
from gateway_stage import CALL, PUT, Api, limit_order, market_order, role_rules, seed_scenario, start_api

from openoutcry.venue.state.limits import VenueLimits


async def test_an_order_that_passes_has_its_id_and_no_data(alice):
    reply = await alice.order("buy", 10, 100.0, request_id="req_12345")
    assert reply.json["order_id"] == "ORD_67890"
    assert reply.json["request_id"] == "req_12345"
    assert reply.data is None
    assert reply.headers["x-sequence"] == "2"
    assert reply.headers["x-received-at"].endswith("Z")


async def test_the_answer_bears_the_time_at_which_the_order_was_sequenced(alice):
    reply = await alice.order("buy", 10, 100.0)
    shown = await alice.get(f"/orders/{reply.order_id}")
    assert reply.json["timestamp"] == shown.data["order"]["submitted_at"]


async def test_the_first_query_after_a_verdict_sees_the_order(alice):
    reply = await alice.order("buy", 10, 100.0)
    listed = (await alice.get("/orders")).data
    assert [order["order_id"] for order in listed["orders"]] == [reply.order_id]
    assert listed["as_of_seq"] == 1


async def test_a_market_order_says_so_and_has_no_price_or_a_null_one(alice, bob):
    await alice.order("sell", 10, 100.0)
    first = await bob.post("/orders", market_order("buy", 3))
    second = await bob.post("/orders", market_order("buy", 2, price=None))
    assert first.status == second.status == 200
    assert (await bob.get("/positions")).data["positions"] == {CALL: 5}


@pytest.mark.parametrize("path", ["/orders", "/orders/validate"])
@pytest.mark.parametrize("terms", [{}, {"price": None}, {"order_type": "limit"}])
async def test_a_limit_order_without_a_price_never_goes_to_market(alice, bob, path, terms):
    await alice.order("sell", 10, 999.0)
    order = {"instrument_id": CALL, "side": "buy", "quantity": 3, **terms}
    reply = await bob.post(path, order)
    assert reply.refusal == (400, "MISSING_PRICE")
    assert '"order_type":"market"' in reply.error["message"]
    assert reply.error["details"] == {"field": "price"}
    assert (await bob.get("/fills")).data["fills"] == []


@pytest.mark.parametrize("path", ["/orders", "/orders/validate"])
async def test_a_market_order_with_a_price_is_refused(alice, path):
    reply = await alice.post(path, market_order("buy", 3, price=100.0))
    assert reply.refusal == (400, "INVALID_PRICE")
    assert reply.error["details"] == {"field": "price", "price": 100.0}


@pytest.mark.parametrize("order_type", ["stop", "Market", "", None, 7])
async def test_an_invalid_order_type_is_malformed(alice, order_type):
    reply = await alice.post("/orders", limit_order("buy", 3, 100.0, order_type=order_type))
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == "order_type"
    assert "`market`" in reply.error["message"]


async def test_an_order_without_a_price_is_refused_alone_in_its_batch(alice, exchange):
    orders = [{"instrument_id": CALL, "side": "buy", "quantity": 1}, market_order("buy", 1, price=1.0)]
    reply = await alice.post("/orders/batch", {"orders": [orders[0], limit_order("buy", 2, 100.0), orders[1]]})
    codes = [(result["error"] or {}).get("code") for result in reply.data["results"]]
    assert codes == ["MISSING_PRICE", None, "INVALID_PRICE"]
    assert [order["quantity"] for order in (await alice.get("/orders")).data["orders"]] == [2]

    before = exchange.sequencer.last_sequence
    reply = await alice.post("/orders/batch", {"orders": orders})
    assert reply.status == 200
    assert not any(result["success"] for result in reply.data["results"])
    assert (exchange.sequencer.last_sequence, reply.headers.get("x-sequence")) == (before, None)


@pytest.mark.parametrize(
    ("terms", "status", "code", "named"),
    [
        ({"side": "hold"}, 400, "INVALID_SIDE", "'buy' or 'sell'"),
        ({"quantity": 0}, 400, "INVALID_QUANTITY", "from 1"),
        ({"quantity": -5}, 400, "INVALID_QUANTITY", "from 1"),
        ({"price": 100.005}, 400, "INVALID_PRICE", "nearest"),
        ({"price": -1.0}, 400, "INVALID_PRICE", "from 0.01"),
        ({"price": 0}, 400, "INVALID_PRICE", "from 0.01"),
        ({"price": 1e12}, 400, "INVALID_PRICE", "to 1000000"),
        ({"time_in_force": "gtc"}, 400, "INVALID_TIME_IN_FORCE", "'fok'"),
        ({"price": None, "order_type": "market", "post_only": True}, 400, "MISSING_PRICE", "needs a price"),
        ({"instrument_id": "SPX_CALL_9_20240315"}, 404, "INVALID_INSTRUMENT", "GET /instruments"),
        ({"quantity": 51}, 422, "POSITION_LIMIT_EXCEEDED", "limit of 50"),
        ({"quantity": 201}, 422, "ORDER_SIZE_EXCEEDED", "at most 200"),
    ],
)
async def test_a_refusal_has_its_code_and_says_what_would_do(alice, terms, status, code, named):
    reply = await alice.post("/orders", limit_order("buy", 10, 100.0) | terms)
    assert reply.refusal == (status, code)
    assert named in reply.error["message"]
    assert reply.json["order_id"] is None
    assert reply.headers["x-sequence"] == "2"


async def test_a_refused_price_names_the_grid_and_the_nearest_price_on_it(alice):
    details = (await alice.order("buy", 1, 16.996)).error["details"]
    assert details == {"tick_size": 0.01, "nearest": 17.0, "minimum": 0.01, "maximum": 1_000_000.0}


async def test_a_price_on_the_grid_is_taken_as_it_is_written_in_decimal(alice):
    for price in (0.01, 0.07, 1.1, 16.9, 100, 100.05, 4999.99):
        reply = await alice.order("buy", 1, price)
        shown = (await alice.get(f"/orders/{reply.order_id}")).data["order"]
        assert shown["price"] == price
        await alice.delete(f"/orders/{reply.order_id}")


async def test_the_position_limit_is_answered_with_the_figures_behind_it(alice, bob):
    await bob.order("sell", 45, 100.0)
    await alice.order("buy", 45, 100.0)
    error = (await alice.order("buy", 100, 100.0)).error
    assert error == {
        "code": "POSITION_LIMIT_EXCEEDED",
        "message": "Order would exceed position limit of 50",
        "details": {"current_position": 45, "order_quantity": 100, "limit": 50, "open_quantity": 0},
    }


async def test_limits_of_a_role_each_have_their_code(open_on):
    scenario = role_rules(
        seed_scenario(), "hedge_fund", maximum_open_orders=1, total_option_exposure=10, may_rest_both_sides=False
    )
    fund = await start_api(open_on(scenario)).team("fund", "hedge_fund")
    await fund.order("buy", 6, 10.0)
    assert (await fund.order("buy", 1, 10.0)).refusal == (422, "OPEN_ORDER_LIMIT_EXCEEDED")
    total = await fund.order("buy", 5, 10.0, instrument_id=PUT, time_in_force="ioc")
    assert total.refusal == (422, "TOTAL_POSITION_LIMIT_EXCEEDED")
    scenario = role_rules(scenario, "hedge_fund", maximum_open_orders=5)
    fund = await start_api(open_on(scenario)).team("fund", "hedge_fund")
    await fund.order("buy", 6, 10.0)
    assert (await fund.order("sell", 1, 11.0)).refusal == (422, "TWO_SIDED_QUOTING_NOT_ALLOWED")


async def test_a_post_only_order_that_would_trade_is_refused(alice, bob):
    await alice.order("sell", 1, 100.0)
    reply = await bob.order("buy", 1, 100.0, post_only=True)
    assert reply.refusal == (422, "POST_ONLY_WOULD_TRADE")
    assert reply.error["details"]["nearest"] == 99.99


async def test_the_same_client_order_id_and_terms_answer_with_the_first_order(alice):
    first = await alice.order("buy", 10, 100.0, client_order_id="a-1")
    again = await alice.order("buy", 10, 100.0, client_order_id="a-1")
    assert again.order_id == first.order_id
    assert again.data == {"duplicate": True}
    assert len((await alice.get("/orders")).data["orders"]) == 1


async def test_the_same_client_order_id_with_other_terms_is_refused(alice):
    await alice.order("buy", 10, 100.0, client_order_id="a-1")
    reply = await alice.order("buy", 11, 100.0, client_order_id="a-1")
    assert reply.refusal == (409, "DUPLICATE_CLIENT_ORDER_ID")


async def test_client_order_ids_have_a_limit(open_on):
    api = start_api(open_on(venue_limits=VenueLimits(max_client_order_ids=1)))
    alice = await api.team("alice")
    await alice.order("buy", 1, 100.0, client_order_id="a-1")
    assert (await alice.order("buy", 1, 100.0, client_order_id="a-2")).refusal == (422, "CLIENT_ORDER_ID_LIMIT")


async def test_validation_alone_answers_as_an_order_would_and_submits_nothing(alice):
    passed = await alice.post("/orders/validate", limit_order("buy", 10, 100.0, client_order_id="a-1"))
    assert (passed.data, passed.order_id) == (None, None)
    refused = await alice.post("/orders/validate", limit_order("buy", 10, 100.005))
    assert refused.refusal == (400, "INVALID_PRICE")
    assert "x-sequence" not in passed.headers
    assert (await alice.get("/orders")).data == {"orders": [], "as_of_seq": 0, "forgotten": 0, "omitted": 0}


async def test_a_batch_answers_each_order_on_its_own_and_in_order(alice):
    reply = await alice.post(
        "/orders/batch",
        {
            "request_id": "the batch",
            "orders": [
                limit_order("buy", 10, 100.0, client_order_id="a-1", request_id="the first"),
                limit_order("buy", 10, 100.005),
                limit_order("buy", 10, 100.0, client_order_id="a-1"),
            ],
        },
    )
    first, second, third = reply.data["results"]
    assert (first["order_id"], first["request_id"], first["error"]) == ("ORD_67890", "the first", None)
    assert (second["success"], second["error"]["code"], second["request_id"]) == (False, "INVALID_PRICE", "the batch")
    assert (third["order_id"], third["data"]) == ("ORD_67890", {"duplicate": True})
    assert reply.json["order_id"] is None
    assert reply.headers["x-sequence"] == "4"


@pytest.mark.parametrize("count", [0, 51])
async def test_a_batch_has_from_one_to_fifty_orders(alice, count):
    reply = await alice.post("/orders/batch", {"orders": [limit_order("buy", 1, 100.0)] * count})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == "orders"


async def test_orders_of_a_batch_meet_each_other_in_turn(alice, bob):
    await alice.order("sell", 5, 100.0)
    reply = await bob.post(
        "/orders/batch",
        {"orders": [limit_order("buy", 5, 100.0, time_in_force="ioc"), limit_order("buy", 5, 100.0)]},
    )
    assert all(result["success"] for result in reply.data["results"])
    orders = (await bob.get("/orders")).data["orders"]
    assert [order["remaining_quantity"] for order in orders] == [5]


@pytest.mark.http
async def test_the_verdict_is_handed_on_before_the_order_is_matched(exchange, alice):
    stream = exchange.private_streams.of_team(1)
    events_when_sent = []

    async def app(scope, receive, send):
        async def watch(message):
            events_when_sent.append(stream.last_seq)
            await send(message)

        await alice.app(scope, receive, watch)

    assert (await Api(app, alice.headers).order("buy", 1, 100.0)).status == 200
    assert events_when_sent == [0, 0]
    await asyncio.sleep(0)
    assert stream.last_seq == 1
