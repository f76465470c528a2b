"""Cancels, mass cancels and amendments over REST."""

import pytest
from gateway_stage import CALL, PUT, limit_order


async def test_a_cancelled_order_is_gone_before_the_answer(alice):
    placed = await alice.order("buy", 10, 100.0)
    reply = await alice.delete(f"/orders/{placed.order_id}")
    assert (reply.order_id, reply.data) == (placed.order_id, None)
    shown = (await alice.get(f"/orders/{placed.order_id}")).data["order"]
    assert shown["status"] == "cancelled"


async def test_a_failed_cancel_has_one_code_and_one_text_whatever_the_reason(alice, bob):
    cancelled = (await alice.order("buy", 1, 100.0)).order_id
    await alice.delete(f"/orders/{cancelled}")
    others = (await bob.order("buy", 1, 100.0)).order_id
    unknown_client_id = "/orders/by-client-id/a-9"
    paths = [f"/orders/{order_id}" for order_id in (cancelled, others, "ORD_1", "ORD_0", "ORD_01", "nonsense", "€")]
    replies = [await alice.delete(path) for path in [*paths, unknown_client_id]]
    assert {reply.refusal for reply in replies} == {(409, "CANCEL_FAILED")}
    assert len({repr(reply.error) for reply in replies}) == 1


async def test_an_order_can_be_cancelled_by_its_client_order_id(alice):
    placed = await alice.order("buy", 10, 100.0, client_order_id="a:1.x")
    reply = await alice.delete("/orders/by-client-id/a:1.x")
    assert reply.order_id == placed.order_id
    assert (await alice.get("/orders")).data["orders"] == []


async def test_a_mass_cancel_says_which_orders_it_cancelled_oldest_first(alice, bob):
    ids = [(await alice.order("buy", 1, 100.0, instrument_id=symbol)).order_id for symbol in (CALL, PUT, CALL)]
    await bob.order("buy", 1, 100.0)
    assert (await alice.delete("/orders")).data == {"cancelled": ids}
    assert (await alice.delete("/orders")).data == {"cancelled": []}
    assert len((await bob.get("/orders")).data["orders"]) == 1


async def test_a_mass_cancel_can_be_narrowed_to_an_instrument_and_a_side(alice):
    buy_call = (await alice.order("buy", 1, 100.0)).order_id
    sell_call = (await alice.order("sell", 1, 101.0)).order_id
    buy_put = (await alice.order("buy", 1, 100.0, instrument_id=PUT)).order_id
    one = await alice.delete("/orders", query=f"instrument_id={CALL}&side=buy")
    assert one.data == {"cancelled": [buy_call]}
    assert (await alice.delete("/orders", query="side=sell")).data == {"cancelled": [sell_call]}
    assert (await alice.delete("/orders", query=f"instrument_id={PUT}")).data == {"cancelled": [buy_put]}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("instrument_id=SPX", 404, "INVALID_INSTRUMENT"),
        ("side=hold", 400, "INVALID_SIDE"),
        ("insturment_id=SPX_CALL_4500_20240315", 400, "MALFORMED_REQUEST"),
        ("side=buy&side=sell", 400, "MALFORMED_REQUEST"),
    ],
)
async def test_a_mass_cancel_that_names_nothing_real_cancels_nothing(alice, query, status, code):
    await alice.order("buy", 1, 100.0)
    assert (await alice.delete("/orders", query=query)).refusal == (status, code)
    assert len((await alice.get("/orders")).data["orders"]) == 1


async def test_an_amendment_keeps_the_id_and_says_whether_it_kept_the_place(alice):
    placed = (await alice.order("buy", 10, 100.0)).order_id
    smaller = await alice.patch(f"/orders/{placed}", {"quantity": 5})
    assert (smaller.order_id, smaller.data) == (placed, {"kept_priority": True})
    larger = await alice.patch(f"/orders/{placed}", {"quantity": 6})
    assert larger.data == {"kept_priority": False}
    moved = await alice.patch(f"/orders/{placed}", {"price": 99.5})
    assert moved.data == {"kept_priority": False}
    [order] = (await alice.get("/orders")).data["orders"]
    assert (order["order_id"], order["price"], order["quantity"]) == (placed, 99.5, 6)


async def test_an_amended_price_that_crosses_trades_at_once(alice, bob):
    await bob.order("sell", 4, 101.0)
    placed = (await alice.order("buy", 10, 100.0)).order_id
    assert (await alice.patch(f"/orders/{placed}", {"price": 101.0})).data == {"kept_priority": False}
    shown = (await alice.get(f"/orders/{placed}")).data
    assert (shown["order"]["remaining_quantity"], shown["fills"][0]["quantity"]) == (6, 4)


@pytest.mark.parametrize(
    ("terms", "status", "code"),
    [
        ({}, 400, "MALFORMED_REQUEST"),
        ({"quantity": None, "price": None}, 400, "MALFORMED_REQUEST"),
        ({"quantity": 0}, 400, "INVALID_QUANTITY"),
        ({"quantity": 3}, 409, "AMEND_FAILED"),
        ({"price": 100.001}, 400, "INVALID_PRICE"),
        ({"quantity": 60}, 422, "POSITION_LIMIT_EXCEEDED"),
        ({"side": "sell"}, 400, "MALFORMED_REQUEST"),
    ],
)
async def test_a_refused_amendment_leaves_the_order_as_it_was(alice, bob, terms, status, code):
    placed = (await alice.order("buy", 10, 100.0)).order_id
    await bob.order("sell", 3, 100.0)
    before = (await alice.get(f"/orders/{placed}")).data["order"]
    assert (await alice.patch(f"/orders/{placed}", terms)).refusal == (status, code)
    assert (await alice.get(f"/orders/{placed}")).data["order"] == before


async def test_an_amendment_of_nothing_does_not_reach_the_venue(alice, exchange):
    placed = (await alice.order("buy", 10, 100.0)).order_id
    before = exchange.sequencer.last_sequence
    assert (await alice.patch(f"/orders/{placed}", {})).refusal == (400, "MALFORMED_REQUEST")
    assert exchange.sequencer.last_sequence == before


async def test_an_order_that_is_not_there_cannot_be_amended(alice, bob):
    others = (await bob.order("buy", 1, 100.0)).order_id
    for order_id in (others, "ORD_1", "nonsense"):
        assert (await alice.patch(f"/orders/{order_id}", {"price": 1.0})).refusal == (409, "AMEND_FAILED")


async def test_an_amendment_into_one_s_own_order_is_refused_and_neither_changes(alice, exchange):
    bid = (await alice.order("buy", 10, 100.0)).order_id
    ask = (await alice.order("sell", 10, 101.0)).order_id
    before = (await alice.get("/orders")).data
    reply = await alice.patch(f"/orders/{bid}", {"price": 101.0})
    assert reply.refusal == (409, "AMEND_FAILED")
    assert reply.error["details"] == {"own_order_id": ask, "own_price": 101.0, "nearest": 100.99}
    assert (await alice.get("/orders")).data == before


async def test_one_bad_order_does_not_change_what_an_amended_post_only_order_may_do(alice, bob):
    await bob.order("sell", 1, 101.0)
    placed = (await alice.post("/orders", limit_order("buy", 1, 100.0, post_only=True))).order_id
    assert (await alice.patch(f"/orders/{placed}", {"price": 101.0})).refusal == (422, "POST_ONLY_WOULD_TRADE")
