"""Requests that cannot be read are refused, and the refusal names the error."""

import json

import pytest
from gateway_stage import limit_order

JSON = {"content-type": "application/json"}
ENTRIES = ["/orders", "/orders/validate"]
GOOD = json.dumps(limit_order("buy", 1, 100.0)).encode()


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b"null",
        b"[]",
        b'"order"',
        b"7",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf" + GOOD,
        GOOD + b"x",
        GOOD + GOOD,
        GOOD.replace(b'"buy"', b'"b\xffy"'),
        GOOD.replace(b'"buy"', b'"\\ud800"'),
        GOOD.replace(b'"buy"', b'"b\x00y"'),
        GOOD.replace(b"100.0", b"NaN"),
        GOOD.replace(b"100.0", b"Infinity"),
        GOOD.replace(b"100.0", b"-Infinity"),
        b"[" * 60_000,
        b'{"instrument_id":' * 3_000,
        b'{"x":' * 10_000,
        b'{"request_id":' + b"[" * 50_000,
        b"'side'='buy'",
    ],
)
async def test_bytes_that_are_no_request_are_refused_with_a_hint(alice, path, body):
    reply = await alice.post(path, body=body, headers=JSON)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert len(reply.error["message"]) > 10


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("quantity", 10.0),
        ("quantity", "10"),
        ("quantity", True),
        ("quantity", None),
        ("quantity", [10]),
        ("quantity", 2**53),
        ("quantity", -(2**53)),
        ("quantity", 10**400),
        ("price", "100"),
        ("price", False),
        ("price", {}),
        ("price", 1.1e12),
        ("price", 10**300),
        ("side", 1),
        ("side", None),
        ("side", "b" * 65),
        ("instrument_id", None),
        ("instrument_id", "S" * 65),
        ("time_in_force", None),
        ("post_only", 1),
        ("post_only", "false"),
        ("client_order_id", ""),
        ("client_order_id", "a b"),
        ("client_order_id", "a\n"),
        ("client_order_id", "a" * 65),
        ("client_order_id", 7),
        ("request_id", "r" * 129),
        ("request_id", 12),
    ],
)
async def test_a_wrong_value_is_refused_by_the_name_of_its_field(alice, path, name, value):
    reply = await alice.post(path, limit_order("buy", 1, 100.0) | {name: value})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == name
    assert name in reply.error["message"]


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize("number", [b'"quantity":1e999', b'"quantity":1,"price":1e999', b'"quantity":1,"price":-1e999'])
async def test_a_number_that_no_double_can_hold_is_refused_by_name(alice, path, number):
    reply = await alice.post(path, body=b'{"instrument_id":"SPX","side":"buy",' + number + b"}", headers=JSON)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == ("price" if b"price" in number else "quantity")


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize("missing", ["instrument_id", "side", "quantity"])
async def test_a_missing_field_is_named(alice, path, missing):
    order = limit_order("buy", 1, 100.0)
    del order[missing]
    reply = await alice.post(path, order)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == missing


@pytest.mark.parametrize("path", ENTRIES)
async def test_a_typo_is_refused_and_the_right_name_suggested(alice, path):
    order = limit_order("buy", 1, 100.0)
    order["qantity"] = order.pop("quantity")
    reply = await alice.post(path, order)
    assert reply.error["details"]["field"] == "qantity"
    assert "did you mean 'quantity'?" in reply.error["message"]


async def test_a_message_says_what_was_wrong_and_what_would_do(alice):
    error = (await alice.post("/orders", limit_order("buy", "10", 100.0))).error
    assert error["message"] == "quantity: expected `int`, got `str` (Contracts or lots, > 0); for example 10"
    error = (await alice.post("/orders", body=b"", headers=JSON)).error
    example = '{"instrument_id":"SPX_CALL_4500_20240315","side":"buy","quantity":10,"price":100.0}'
    assert error["message"].endswith(example)
    error = (await alice.patch("/orders/ORD_1", body=b"", headers=JSON)).error
    assert error["message"].endswith('such as {"quantity":10}')


async def test_a_field_inside_a_list_is_named_with_its_place(alice):
    good, bad = limit_order("buy", 1, 100.0), limit_order("buy", "1", 100.0)
    reply = await alice.post("/orders/batch", {"orders": [good, bad]})
    assert reply.error["details"]["field"] == "orders[1].quantity"
    reply = await alice.post("/orders/batch", {"orders": [good, good | {"prize": 1}]})
    assert reply.error["details"]["field"] == "orders[1].prize"
    assert "did you mean 'price'?" in reply.error["message"]
    reply = await alice.put("/quotes", {"quotes": [{"bid_price": 1}]})
    assert reply.error["details"]["field"] == "quotes[0].instrument_id"
    reply = await alice.post("/orders/batch", {"orders": [7]})
    assert reply.error["details"]["field"] == "orders[0]"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/orders/ORD_1"),
        ("POST", "/orders/batch"),
        ("PUT", "/quotes"),
        ("POST", "/teams"),
        ("POST", "/admin/phase"),
    ],
)
async def test_every_route_that_needs_a_body_says_so_with_an_example(api, alice, method, path):
    asks = alice.with_headers(**api.organiser.headers)
    for body in (b"", b"[]"):
        reply = await asks.ask(method, path, body=body, headers=JSON)
        assert reply.refusal == (400, "MALFORMED_REQUEST")
        assert "such as {" in reply.error["message"]


async def test_not_a_number_in_a_query_or_path_is_never_an_error_of_the_server(alice):
    for path in ("/orders/\x00", "/orders/%", "/orders/[::1", "/teams/\ud7ff", "/orderbook/ ", "/trades/../x"):
        assert (await alice.get(path)).status in {400, 404}
    for query in ("depth", "depth=%", "=", "&&", "depth=\x00", "%00=1", "depth=1;depth=2", b"\xff\xfe=\xff"):
        reply = await alice.get("/orderbook/SPX_CALL_4500_20240315", query=query)
        assert reply.status in {200, 400}
