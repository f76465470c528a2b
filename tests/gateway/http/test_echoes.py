"""No answer grows with a client's text: long names are cut, and not compared with others."""

import json

import pytest
from gateway_stage import limit_order

from openoutcry.access.echoes import MAX_ECHO

JSON = {"content-type": "application/json"}
LONG = 60_000
ANSWER_BYTES = 1_500
"""More than any refusal with all its hints has, and far less than what was sent."""


def with_field(name):
    return json.dumps(limit_order("buy", 1, 100.0) | {name: 1}).encode()


def with_value(name, value):
    return json.dumps(limit_order("buy", 1, 100.0) | {name: value}).encode()


BODIES = {
    "an unknown field": with_field("quantity" * (LONG // 8)),
    "control characters": with_field("\x01" * (LONG // 6)),
    "line ends": with_field("\n" * (LONG // 2)),
    "what looks like an error": with_field(" - at `$.x`" * (LONG // 11)),
    "an unknown order type": with_value("order_type", "m" * LONG),
    "a long instrument": with_value("instrument_id", "i" * LONG),
    "a long id": with_value("client_order_id", "c" * LONG),
    "many digits": with_field("x").replace(b'"quantity": 1', b'"quantity": ' + b"9" * LONG),
    "a key that stands twice": b'{"' + b"k" * LONG + b'":1,"' + b"k" * 9 + b'":1}',
    "no JSON": b'{"' + b"j" * LONG,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_body_is_never_repeated_at_length(alice, body):
    reply = await alice.post("/orders", body=body, headers=JSON)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert len(reply.body) < ANSWER_BYTES


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/orders", "a" * LONG + "=1"),
        ("GET", "/orders", "a" * 900 + "=1"),
        ("GET", "/orders", "status=closed&before=" + "9" * 900),
        ("GET", "/orders", "status=" + "s" * 900),
        ("GET", "/fills", "limit=" + "9" * 900),
        ("GET", "/fills", "&".join(f"a{number}=1" for number in range(6_000))),
        ("DELETE", "/orders", "side=" + "b" * 900),
        ("DELETE", "/orders", "instrument_id=" + "i" * 900),
        ("GET", "/" + "p" * LONG, b""),
        ("GET", "/orders/" + "9" * LONG, b""),
        ("DELETE", "/orders/by-client-id/" + "c" * LONG, b""),
        ("GET", "/orders" + "/a" * (LONG // 2), b""),
        ("GET", "//" + "/a" * (LONG // 2), b""),
        ("GET", "/instruments/" + "i" * LONG, b""),
        ("GET", "/instruments/" + "i" * MAX_ECHO, b""),
        ("GET", "/teams/" + "t" * LONG, b""),
        ("TRACE", "/orders", b""),
    ],
)
async def test_a_path_and_a_query_are_never_repeated_at_length(alice, exchange, method, path, query):
    before = exchange.sequencer.last_sequence
    reply = await alice.ask(method, path, query=query)
    assert 400 <= reply.status < 500
    assert len(reply.body) < ANSWER_BYTES
    assert exchange.sequencer.last_sequence == before


async def test_a_header_is_never_repeated_at_length(alice):
    reply = await alice.post("/orders", body=b"{}", headers={"content-type": "t" * LONG})
    assert reply.refusal == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert len(reply.body) < ANSWER_BYTES


@pytest.mark.parametrize("depth", ["1e1", "+5", "1.0", " 5", "5 ", "-1", "0x5", "1_0", "٥", "", "true", "1" * 17])
async def test_a_number_in_a_query_is_written_in_digits(alice, depth):
    reply = await alice.get("/orderbook/SPX_CALL_4500_20240315", query=f"depth={depth}".encode())
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == "depth"
