"""Answers during failures: a bug, a stopped venue, a failing journal, a slow disk."""

import asyncio
import dataclasses

import pytest
import structlog
from faulty_disk import FaultyDisk, disk_broken, disk_full
from gateway_stage import CALL, limit_order, seed_scenario, start_api

from openoutcry.domain.commands import SubmitOrder
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator

# One route that the order lane serves too, and one that the router alone does.
ENTRIES = ["/orders", "/orders/batch"]


def entry(path):
    order = limit_order("buy", 1, 100.0)
    return {"orders": [order]} if path == "/orders/batch" else order


@pytest.mark.parametrize("path", ENTRIES)
async def test_a_bug_is_answered_with_a_reference_that_stands_in_the_log(exchange, path):
    api = start_api(exchange)
    team = await api.team("alpha")
    broken = start_api(dataclasses.replace(exchange, coordinator=None)).with_headers(**team.headers)
    with structlog.testing.capture_logs() as log:
        reply = await broken.post(path, entry(path), headers={"x-request-id": "mine"})
    assert reply.refusal == (500, "INTERNAL_ERROR")
    assert reply.json["request_id"] == "mine"
    reference = reply.error["details"]["reference"]
    assert reference in reply.error["message"]
    [entry_in_log] = [record for record in log if record.get("reference") == reference]
    assert entry_in_log["request"] == f"POST {path}"
    assert "AttributeError" in entry_in_log["traceback"]
    assert team.headers["x-api-key"] not in repr(entry_in_log)


async def test_a_bug_in_a_query_has_the_same_shape(exchange):
    knows_no_instrument = start_api(dataclasses.replace(exchange, translator=Translator({}.get)))
    reply = await knows_no_instrument.get(f"/orderbook/{CALL}")
    assert reply.refusal == (500, "INTERNAL_ERROR")
    assert reply.headers["x-ratelimit-remaining"] == "999999"


@pytest.mark.parametrize("path", ENTRIES)
async def test_a_venue_that_has_stopped_itself_takes_nothing_and_says_so(exchange, alice, api, path):
    exchange.sequencer.stop("executing sequence 7", AssertionError("positions do not sum to zero"))
    reply = await alice.post(path, entry(path))
    assert reply.refusal == (503, "SERVICE_UNAVAILABLE")
    assert "stopped itself" in reply.error["message"]
    assert (await alice.delete("/orders/ORD_1")).status == 503
    assert (await api.get("/market")).status == 503
    for asker in (api, alice, api.with_headers(**{"x-api-key": "nobody's"})):
        health = await asker.get("/health")
        assert health.refusal == (503, "SERVICE_UNAVAILABLE")
        assert health.json["data"]["status"] == "stopped"
        assert health.json["data"]["reason"] == health.error["message"]


async def test_while_the_journal_takes_nothing_neither_does_the_exchange(open_on):
    disk = FaultyDisk()
    team = await start_api(open_on(files=disk)).team("alpha")
    disk.coming_writes.append(disk_full())
    assert (await team.order("buy", 1, 100.0)).refusal == (503, "SERVICE_UNAVAILABLE")
    assert (await team.get("/orders")).data["orders"] == []
    assert (await team.order("buy", 1, 100.0)).status == 200


async def test_a_batch_says_which_of_its_orders_were_not_taken(open_on):
    disk = FaultyDisk()
    team = await start_api(open_on(files=disk)).team("alpha")
    disk.coming_writes.extend([None, disk_full(), None])
    reply = await team.post("/orders/batch", {"orders": [limit_order("buy", 1, 100.0, request_id=n) for n in "abc"]})
    assert [(item["request_id"], item["success"]) for item in reply.data["results"]] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]
    assert reply.data["results"][1]["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert len((await team.get("/orders")).data["orders"]) == 2


async def test_health_tells_that_the_disk_has_failed(open_on):
    disk = FaultyDisk()
    exchange = open_on(files=disk, durability="disk")
    api = start_api(exchange)
    team = await api.team("alpha")
    disk.sync_error = disk_broken()
    assert (await team.order("buy", 1, 100.0)).refusal == (504, "PROCESSING_TIMEOUT")
    health = await api.get("/health")
    assert health.refusal == (503, "SERVICE_UNAVAILABLE")
    assert "Input/output error" in health.json["data"]["reason"]


class BreaksAtOnce:
    """A projection that fails over the first order."""

    name = "scores"
    shape = "none"
    commands = ALL_COMMANDS

    def apply(self, sequenced, events):
        if type(sequenced.command) is SubmitOrder:
            raise ZeroDivisionError

    def capture(self):
        return b""

    def restore(self, state):
        pass


async def test_health_tells_what_was_dropped_while_trading_goes_on(open_on):
    api = start_api(open_on(projections_of=lambda _scenario: [BreaksAtOnce()]))
    team = await api.team("alpha")
    assert (await api.get("/health")).data["failed_projections"] == {}

    first = await team.order("buy", 1, 100.0)
    assert (await team.order("buy", 1, 101.0)).status == 200

    health = (await api.get("/health")).data
    assert health["failed_projections"] == {"scores": int(first.headers["x-sequence"])}
    assert health["status"] == "degraded"
    assert "scores" in health["reason"]


@pytest.mark.parametrize("path", ENTRIES)
async def test_with_disk_durability_an_answer_waits_for_the_disk(open_on, path):
    disk = FaultyDisk()
    exchange = open_on(files=disk, durability="disk")
    team = await start_api(exchange).team("alpha")
    disk.may_sync.clear()
    answer = asyncio.create_task(team.post(path, entry(path)))
    await asyncio.sleep(0)
    assert exchange.coordinator.waiting == 1
    assert not answer.done()
    disk.may_sync.set()
    assert (await answer).status == 200


@pytest.mark.parametrize("path", ENTRIES)
async def test_an_answer_that_waits_too_long_leaves_with_an_unknown_outcome(open_on, path):
    disk = FaultyDisk()
    exchange = open_on(files=disk, durability="disk")
    team = await start_api(exchange).team("alpha")
    impatient = OrderResponseCoordinator(exchange.sequencer.last_sequence, waits_for_disk=True, deadline_seconds=0.001)
    disk.may_sync.clear()
    hurried = start_api(dataclasses.replace(exchange, coordinator=impatient)).with_headers(**team.headers)
    reply = await hurried.post(path, entry(path))
    disk.may_sync.set()
    assert reply.refusal == (504, "PROCESSING_TIMEOUT")
    assert "client_order_id" in reply.error["message"]
    assert len((await team.get("/orders")).data["orders"]) == 1


@pytest.mark.parametrize("path", ENTRIES)
async def test_when_as_many_answers_wait_as_may_the_next_request_is_turned_away_without_effect(open_on, path):
    exchange = open_on(seed_scenario())
    team = await start_api(exchange).team("alpha")
    full = OrderResponseCoordinator(exchange.sequencer.last_sequence, waits_for_disk=True, maximum_waiting=0)
    crowded = start_api(dataclasses.replace(exchange, coordinator=full)).with_headers(**team.headers)
    reply = await crowded.post(path, entry(path))
    assert reply.refusal == (503, "SERVICE_UNAVAILABLE")
    assert (await team.get("/orders")).data["orders"] == []
