"""Market-maker protection over REST: settings, what is counted, a freeze and its end."""

import pytest
from gateway_stage import CALL, PUT, journaled

LIMITS = {"quantity": 6, "delta": 20.5, "vega": 0.00004, "interval_seconds": 60, "frozen_seconds": 30}
QUOTE = {"instrument_id": CALL, "bid_price": 99.0, "bid_quantity": 9, "ask_price": 101.0, "ask_quantity": 9}
OFF = {
    "group": "SPX",
    "quantity": None,
    "delta": None,
    "vega": None,
    "move": None,
    "interval_seconds": None,
    "frozen_seconds": 0,
    "counted_quantity": 0,
    "counted_delta": 0.0,
    "counted_vega": 0.0,
    "window_ends": None,
    "frozen": False,
    "frozen_until": None,
}


async def groups(team):
    return (await team.get("/quotes/protection")).data["groups"]


async def test_protection_is_off_until_it_is_asked_for_and_again_once_nothing_is(alice):
    assert await groups(alice) == [OFF]
    reply = await alice.put("/quotes/protection", LIMITS)
    assert reply.status == 200
    assert reply.data["groups"] == await groups(alice)
    assert reply.data["groups"][0] == OFF | LIMITS | {"vega": 0.0001}
    assert (await alice.put("/quotes/protection", {"group": "SPX", "move": 0.25})).data["groups"] == [
        OFF | {"move": 0.25}
    ]
    assert (await alice.put("/quotes/protection", {})).data["groups"] == [OFF]


async def test_what_quotes_fill_is_counted_and_a_limit_freezes_them_until_a_reset(alice, bob):
    await alice.put("/quotes/protection", LIMITS | {"frozen_seconds": 0})
    await alice.put("/quotes", {"quotes": [QUOTE, QUOTE | {"instrument_id": PUT}]})
    await bob.order("sell", 5, 99.0)
    (group,) = await groups(alice)
    assert (group["counted_quantity"], group["frozen"]) == (5, False)
    assert group["window_ends"].endswith("Z")
    await bob.order("sell", 1, 99.0)
    (group,) = await groups(alice)
    assert (group["counted_quantity"], group["frozen"], group["frozen_until"]) == (0, True, None)
    assert (await alice.get("/orders")).data["orders"] == []

    [result] = (await alice.put("/quotes", {"quotes": [QUOTE]})).data["results"]
    assert (result["success"], result["error"]["code"]) == (False, "QUOTES_FROZEN")
    assert result["error"]["details"] == {"side": "both", "group": "SPX", "remaining_seconds": None}
    assert (await alice.post("/quotes/protection/reset", {"group": "SPX"})).data["groups"][0]["frozen"] is False
    [result] = (await alice.put("/quotes", {"quotes": [QUOTE]})).data["results"]
    assert result["success"]


async def test_settings_that_stand_already_and_a_reset_of_nothing_are_not_journaled(alice, exchange):
    await alice.put("/quotes/protection", LIMITS)
    before = journaled(exchange)
    assert "x-sequence" not in (await alice.put("/quotes/protection", LIMITS)).headers
    assert "x-sequence" not in (await alice.post("/quotes/protection/reset", {})).headers
    assert journaled(exchange) == before


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"quantity": 5}, "MALFORMED_REQUEST", "interval_seconds"),
        ({"quantity": 5, "interval_seconds": 3601}, "MALFORMED_REQUEST", "interval_seconds"),
        ({"quantity": 5, "interval_seconds": 0}, "MALFORMED_REQUEST", "interval_seconds"),
        ({"frozen_seconds": 3601}, "MALFORMED_REQUEST", "frozen_seconds"),
        ({"move": 0.05}, "MALFORMED_REQUEST", "move"),
        ({"move": 1.5}, "MALFORMED_REQUEST", "move"),
        ({"quantity": 1.5, "interval_seconds": 1}, "MALFORMED_REQUEST", "quantity"),
        ({"delta": -1, "interval_seconds": 1}, "MALFORMED_REQUEST", "delta"),
        ({"limit": 5}, "MALFORMED_REQUEST", "limit"),
        ({"group": "NDX", "move": 0.5}, "INVALID_INSTRUMENT", None),
    ],
)
async def test_what_cannot_be_is_refused_with_what_would_do(alice, body, code, field):
    reply = await alice.put("/quotes/protection", body)
    assert reply.error["code"] == code
    assert reply.error["details"].get("field") == field
    assert await groups(alice) == [OFF]


async def test_a_role_without_quotes_has_none_to_protect(bob):
    for reply in (await bob.put("/quotes/protection", LIMITS), await bob.post("/quotes/protection/reset", {})):
        assert (reply.status, reply.error["code"]) == (403, "ROLE_NOT_PERMITTED")
    assert await groups(bob) == [OFF]
