"""A key that occurs twice in an object of a request is refused and named, on REST and on the WebSocket."""

import json

import msgspec
import pytest
from gateway_stage import CALL, limit_order
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.gateway.http.repeated_keys import repeated_key
from openoutcry.protocol.requests import BatchRequest, OrderRequest
from openoutcry.protocol.stream import ClientMessage

JSON = {"content-type": "application/json"}
ORDER = {
    "instrument_id": st.sampled_from([CALL, "a:b"]),
    "side": st.sampled_from(["buy", "sell"]),
    "quantity": st.integers(0, 300),
    "price": st.sampled_from([None, 1.0, 100.5]),
    "order_type": st.sampled_from(["limit", "market"]),
    "time_in_force": st.sampled_from(["day", "ioc"]),
    "post_only": st.booleans(),
    "client_order_id": st.sampled_from([None, "a", "a:1", "price"]),
    "request_id": st.sampled_from([None, "r", '"price":1,"price":2']),
}


def written(name, value, *, escaped, space):
    """A member of an object, as a client may write it."""
    key = "".join(f"\\u{ord(letter):04x}" for letter in name) if escaped else name
    return f'"{key}"{space}:{space}{json.dumps(value)}'


@st.composite
def orders(draw):
    """An order as it may be written, and whether a key stands in it twice."""
    names = ["instrument_id", "side", "quantity", *draw(st.lists(st.sampled_from(sorted(ORDER)), max_size=6))]
    names = draw(st.permutations(names))
    space = draw(st.sampled_from(["", " ", "\n\t"]))
    members = [written(name, draw(ORDER[name]), escaped=draw(st.booleans()), space=space) for name in names]
    return "{" + ",".join(members) + "}", len(set(names)) < len(names)


@given(order=orders())
def test_a_key_that_stands_twice_in_an_order_is_found_however_it_is_written(order):
    text, repeats = order
    msgspec.json.decode(text, type=OrderRequest)  # all else about it is right
    found = repeated_key(text.encode())
    assert (found is not None) == repeats
    assert found is None or found in ORDER


@given(batch=st.lists(orders(), min_size=1, max_size=4))
def test_so_it_is_in_an_order_of_a_batch(batch):
    text = '{"orders":[' + ",".join(text for text, _ in batch) + "]}"
    msgspec.json.decode(text, type=BatchRequest)
    found = repeated_key(text.encode())
    assert (found is not None) == any(repeats for _, repeats in batch)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"op":"ping"}', None),
        ('{"op":"ping","op":"ping"}', "op"),
        ('{"op":"ping","request_id":"a","request_id":"a"}', "request_id"),
        ('{"op":"subscribe","channels":["book:*","top:*"]}', None),
        ('{"op":"subscribe","channels":["market"],"channels":["book:*"]}', "channels"),
        ('{"op":"cancel_on_disconnect","enabled":true,"grace_seconds":0}', None),
        ('{"op":"cancel_on_disconnect","enabled":false,"enabled":true}', "enabled"),
    ],
)
def test_so_it_is_in_a_message_to_the_stream(text, found):
    msgspec.json.decode(text, type=ClientMessage)
    assert repeated_key(text.encode()) == found


QUOTES = b'{"quotes":[{"instrument_id":"%s","bid_price":1,"bid_price":null}]}' % CALL.encode()
GOOD = json.dumps(limit_order("buy", 1, 100.0)).encode()


@pytest.mark.parametrize(
    ("method", "path", "body", "key"),
    [
        ("POST", "/orders", GOOD.replace(b'"price": 100.0', b'"price":1.0,"price":null'), "price"),
        ("POST", "/orders", GOOD.replace(b'"price": 100.0', b'"price":1.0,"pr\\u0069ce":100.0'), "price"),
        ("POST", "/orders/validate", GOOD[:-1] + b',"side":"buy"}', "side"),
        ("POST", "/orders/batch", b'{"orders":[' + GOOD + b"," + GOOD[:-1] + b',"quantity":1}]}', "quantity"),
        ("POST", "/orders/batch", b'{"orders":[' + GOOD + b'],"orders":[' + GOOD + b"]}", "orders"),
        ("PATCH", "/orders/ORD_1", b'{"quantity":1,"quantity":5}', "quantity"),
        ("DELETE", "/orders", b'{"request_id":"a","request_id":"b"}', "request_id"),
        ("POST", "/orders/cancel-after", b'{"seconds":0,"seconds":10}', "seconds"),
        ("PUT", "/quotes", QUOTES, "bid_price"),
        ("POST", "/teams", b'{"team_name":"a","team_name":"b"}', "team_name"),
    ],
)
async def test_a_request_with_such_a_key_is_refused_by_name_and_does_nothing(alice, exchange, method, path, body, key):
    before = exchange.sequencer.last_sequence
    reply = await alice.ask(method, path, body=body, headers=JSON)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"] == {"field": key}
    assert f"'{key}' stands more than once" in reply.error["message"]
    assert exchange.sequencer.last_sequence == before


@pytest.mark.parametrize("price", ["1" * 12, "9." + "9" * 5_000, "1e-999", "0." + "0" * 5_000 + "1"])
def test_numbers_that_an_order_may_have_are_read_however_long_they_are(price):
    text = f'{{"instrument_id":"{CALL}","side":"buy","quantity":1,"price":{price},"post_only":false}}'
    msgspec.json.decode(text, type=OrderRequest)
    assert repeated_key(text.encode()) is None


async def test_a_key_that_stands_in_several_objects_is_no_repetition(alice):
    reply = await alice.post("/orders/batch", {"orders": [limit_order("buy", 1, 100.0)] * 3})
    assert [result["success"] for result in reply.data["results"]] == [True] * 3
