"""Durability "disk", the order lane: no answer leaves before its command is on the disk, and none overtakes another."""

import dataclasses

import pytest
from wire_stage import WireServer, order

from openoutcry.gateway.app import build_gateway
from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator


@pytest.fixture
async def line(exchange):
    return WireServer(build_gateway(exchange)).connect()


def statuses(line):
    return [answer.status for answer in line.answers]


async def test_an_order_is_answered_when_it_is_on_the_disk(line, disk, alice):
    disk.hold()
    line.receive(order(alice))
    await line.settle()
    assert line.transport.written == b""

    disk.let_go()
    await line.until(lambda: line.transport.written)
    assert statuses(line) == [200]
    assert line.went_by_the_lane()


async def test_a_refusal_waits_too(line, disk, alice, bob):
    disk.hold()
    line.receive(order(alice, side="hold"))
    await line.settle()
    assert line.transport.written == b""

    disk.let_go()
    await line.until(lambda: line.transport.written)
    assert statuses(line) == [400]


async def test_orders_behind_one_that_waits_keep_their_order(line, disk, alice):
    disk.hold()
    line.receive(order(alice, request_id="1"), order(alice, request_id="2") + order(alice, request_id="3"))
    await line.settle()

    disk.let_go()
    await line.until(lambda: line.transport.writes == 3)
    assert [answer.json["request_id"] for answer in line.answers] == ["1", "2", "3"]


async def test_past_the_deadline_the_outcome_of_an_order_is_unknown(exchange, disk, alice):
    coordinator = OrderResponseCoordinator(
        exchange.sequencer.last_sequence, waits_for_disk=True, deadline_seconds=0.001
    )
    line = WireServer(build_gateway(dataclasses.replace(exchange, coordinator=coordinator))).connect()
    disk.hold()
    line.receive(order(alice, request_id="mine"))
    await line.until(lambda: line.transport.written)
    answer = line.answer.json
    assert (line.answer.status, answer["error"]["code"], answer["request_id"]) == (504, "PROCESSING_TIMEOUT", "mine")
    assert answer["order_id"] is None
    assert "x-sequence" not in line.answer.headers
    assert "x-ratelimit-remaining" in line.answer.headers


async def test_at_the_end_of_the_server_what_waits_is_still_answered(line, disk, alice):
    disk.hold()
    line.receive(order(alice))
    line.protocol.shutdown()
    assert not line.transport.is_closing()

    disk.let_go()
    await line.until(line.transport.is_closing)
    assert (statuses(line), line.answer.headers["connection"]) == ([200], "close")


async def test_at_the_end_of_the_server_so_is_what_came_after_it(line, disk, alice):
    disk.hold()
    line.receive(order(alice), order(alice))
    line.protocol.shutdown()

    disk.let_go()
    await line.until(line.transport.is_closing)
    assert statuses(line) == [200, 200]
    assert "connection" not in line.answers[0].headers
    assert line.answers[1].headers["connection"] == "close"


async def test_a_client_that_leaves_while_its_answer_waits_gets_none(line, disk, alice):
    disk.hold()
    line.receive(order(alice))
    await line.hang_up()

    disk.let_go()
    await line.until(lambda: not line.state.tasks)
    assert line.transport.written == b""
