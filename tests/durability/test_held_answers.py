"""Durability "disk", REST: no answer that may tell of a command leaves before that command is on the disk."""

import asyncio
import dataclasses
import itertools

import pytest
from durability_stage import is_held, until
from faulty_disk import disk_broken
from gateway_stage import CALL, limit_order, start_api

from openoutcry.gateway.rest.routes import ROUTES
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator

ORDER = limit_order("buy", 1, 99.0, client_order_id="mine")
QUOTE = {"instrument_id": CALL, "bid_price": 98.0, "bid_quantity": 1, "ask_price": 102.0, "ask_quantity": 1}

BODIES = {
    ("POST", "/orders"): ORDER,
    ("POST", "/orders/batch"): {"orders": [ORDER]},
    ("POST", "/orders/validate"): ORDER,
    ("PATCH", "/orders/ORD_67890"): {"quantity": 2},
    ("POST", "/orders/cancel-after"): {"seconds": 60},
    ("PUT", "/quotes"): {"quotes": [QUOTE]},
    ("POST", "/teams"): {"team_name": "carol"},
    ("POST", "/admin/phase"): {"phase": "closed"},
}

PARAMETERS = {
    "instrument_id": CALL,
    "order_id": "ORD_67890",
    "client_order_id": "a-1",
    "team_id": "TEAM_1",
    "symbol": "SPX",
    "trade_id": "TRD_1",
}


def every_request():
    """One request for every route there is, whether or not it can succeed; a refusal must wait as well."""
    for route in ROUTES:
        yield route.method, route.path.format_map(PARAMETERS)
    yield "GET", "/metrics"
    yield "GET", "/docs"
    yield "GET", "/nowhere"
    yield "HEAD", "/market"


async def ask_everything_as(team, method, path):
    headers = team.organiser.headers if path.startswith("/admin") else {}
    return await team.ask(method, path, BODIES.get((method, path)), headers=headers)


@pytest.mark.parametrize(("method", "path"), sorted(set(every_request()) - {("GET", "/health")}))
async def test_whatever_is_asked_the_answer_waits_for_every_command_before_it(exchange, disk, alice, bob, method, path):
    disk.hold()
    unsynced = asyncio.create_task(bob.order("sell", 2, 100.0, client_order_id="a-1"))
    assert await is_held(unsynced, exchange)

    asked = asyncio.create_task(ask_everything_as(alice, method, path))
    assert await is_held(asked, exchange)

    disk.let_go()
    assert (await unsynced).status == 200
    assert (await asked).status < 500


async def test_a_refusal_waits_for_the_command_that_it_tells_of(exchange, disk, alice):
    disk.hold()
    rotated = asyncio.create_task(alice.post(f"/teams/{alice.team_id}/rotate-key"))
    assert await is_held(rotated, exchange)

    asked = asyncio.create_task(alice.get("/orders"))
    assert await is_held(asked, exchange)

    disk.let_go()
    assert (await asked).refusal == (401, "UNAUTHENTICATED")
    assert (await rotated).status == 200


async def test_answers_that_wait_together_leave_together(exchange, disk, alice, bob):
    disk.hold()
    first = asyncio.create_task(alice.order("buy", 1, 99.0))
    assert await is_held(first, exchange)
    others = [asyncio.create_task(team.order("buy", 1, 99.0)) for team in [alice, bob] * 10]
    assert await is_held(others[-1], exchange)
    syncs = disk.syncs

    disk.let_go()
    assert {reply.status for reply in await asyncio.gather(first, *others)} == {200}
    assert disk.syncs <= syncs + 2  # the one that was under way and the one after it


async def test_when_nothing_is_unsynced_nothing_waits(exchange, disk, alice):
    assert (await alice.order("buy", 1, 99.0)).status == 200
    disk.hold()
    assert len((await alice.get("/orders")).data["orders"]) == 1
    assert (await alice.get("/metrics")).status == 200


async def test_health_answers_at_once_and_tells_of_nothing_that_is_not_on_the_disk(exchange, disk, alice):
    before = (await alice.get("/health")).data["sequence"]
    disk.hold()
    order = asyncio.create_task(alice.order("buy", 1, 99.0))
    assert await is_held(order, exchange)

    health = (await alice.get("/health")).data
    assert (health["status"], health["sequence"], health["journal_lag_commands"]) == ("ok", before, 1)

    disk.let_go()
    await order
    assert (await alice.get("/health")).data["sequence"] == before + 1


def impatient(exchange):
    """The same exchange, whose answers wait but a moment."""
    coordinator = OrderResponseCoordinator(
        exchange.sequencer.last_sequence, waits_for_disk=True, deadline_seconds=0.001
    )
    return dataclasses.replace(exchange, coordinator=coordinator)


@pytest.mark.parametrize("path", ["/orders", "/orders/batch"])
async def test_past_the_deadline_the_outcome_of_a_command_is_unknown(exchange, disk, alice, path):
    hurried = start_api(impatient(exchange)).with_headers(**alice.headers)
    disk.hold()
    body = ORDER if path == "/orders" else {"orders": [ORDER], "request_id": "mine"}
    reply = await hurried.post(path, body, headers={"x-request-id": "mine"})
    assert reply.refusal == (504, "PROCESSING_TIMEOUT")
    assert "did not take it within 0.001 seconds; ask by client_order_id" in reply.error["message"]
    assert reply.json["request_id"] == "mine"
    assert (reply.order_id if reply.status == 200 else reply.json["order_id"]) is None
    assert "x-sequence" not in reply.headers
    assert "x-ratelimit-remaining" in reply.headers

    disk.let_go()
    found = await alice.get("/orders/by-client-id/mine")
    assert found.data["order"]["client_order_id"] == "mine"


@pytest.mark.parametrize("path", ["/orders", "/market", "/metrics", "/teams/TEAM_1"])
async def test_past_the_deadline_a_query_is_refused_for_now(exchange, disk, alice, path):
    hurried = start_api(impatient(exchange)).with_headers(**alice.headers)
    disk.hold()
    await hurried.order("buy", 1, 99.0)
    reply = await hurried.get(path, headers={"x-request-id": "mine"})
    assert reply.refusal == (503, "SERVICE_UNAVAILABLE")
    assert "The answer cannot be given now" in reply.error["message"]
    assert reply.json["request_id"] == "mine"


async def test_what_has_gone_wrong_within_the_server_is_told_at_once(exchange, disk, alice):
    disk.hold()
    unsynced = asyncio.create_task(alice.order("buy", 1, 99.0))
    assert await is_held(unsynced, exchange)
    exchange.sequencer.stop("executing sequence 7", AssertionError("positions do not sum to zero"))
    assert (await alice.get("/orders")).refusal == (503, "SERVICE_UNAVAILABLE")

    disk.let_go()
    assert (await unsynced).status == 200


async def test_after_a_failed_sync_nothing_unsynced_is_ever_told(exchange, disk, alice):
    disk.sync_error = disk_broken()
    order = await alice.order("buy", 1, 99.0)
    assert order.refusal == (504, "PROCESSING_TIMEOUT")
    assert "Input/output error" in order.error["message"]
    assert (await alice.get("/orders")).refusal == (503, "SERVICE_UNAVAILABLE")
    assert (await alice.order("buy", 1, 99.0)).refusal == (503, "SERVICE_UNAVAILABLE")
    assert (await alice.get("/health")).refusal == (503, "SERVICE_UNAVAILABLE")


async def test_health_tells_of_a_disk_that_does_not_answer(tmp_path, open_on, disk):
    two_seconds_pass_between_looks = itertools.count(0.0, 2.0).__next__
    exchange = open_on(tmp_path, durability="disk", stopwatch=two_seconds_pass_between_looks)
    alice = await start_api(exchange).team("alice")
    disk.hold()
    order = asyncio.create_task(alice.order("buy", 1, 99.0))
    assert await is_held(order, exchange)
    await until(lambda: exchange.journal.sync_seconds)

    health = await alice.get("/health")
    assert (health.status, health.data["status"]) == (200, "degraded")
    assert "a sync of the journal has not ended after" in health.data["reason"]

    disk.let_go()
    await order
    await until(lambda: not exchange.journal.sync_seconds)
    assert (await alice.get("/health")).data["status"] == "ok"
