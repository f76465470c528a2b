"""Durability "disk", WebSocket: no event, answer or snapshot leaves before the commands that it tells of are safe."""

import asyncio
import dataclasses

import pytest
from durability_stage import is_held, turns
from faulty_disk import disk_broken
from gateway_stage import CALL
from stream_stage import connected

from openoutcry.runtime.sequencing.coordination import OrderResponseCoordinator


async def welcomed(client):
    return await client.until(lambda message: message.type == "welcome")


async def hears_nothing(client):
    await turns()
    return client._from_server.empty()


def hurried(exchange):
    """The same exchange, whose answers wait but a moment."""
    coordinator = OrderResponseCoordinator(
        exchange.sequencer.last_sequence, waits_for_disk=True, deadline_seconds=0.001
    )
    return dataclasses.replace(exchange, coordinator=coordinator)


async def test_private_events_wait(exchange, disk, alice):
    async with connected(exchange, alice.headers) as client:
        await welcomed(client)
        disk.hold()
        order = asyncio.create_task(alice.order("buy", 1, 99.0))
        assert await is_held(order, exchange)
        assert await hears_nothing(client)

        disk.let_go()
        assert (await client.next()).order_id == (await order).order_id


@pytest.mark.parametrize("channel", [f"book:{CALL}", f"top:{CALL}", f"trades:{CALL}", "market"])
async def test_public_messages_wait(exchange, disk, alice, bob, api, channel):
    await bob.order("sell", 1, 100.0)
    async with connected(exchange) as client:
        await client.ask("subscribe", channels=[channel])
        if channel.startswith(("book", "top")):
            await client.next()
        disk.hold()
        if channel == "market":
            command = asyncio.create_task(api.organiser.post("/admin/phase", {"phase": "closed"}))
        else:
            command = asyncio.create_task(alice.order("buy", 1, 100.0))
        assert await is_held(command, exchange)
        assert await hears_nothing(client)

        disk.let_go()
        assert (await client.next()).type in {"book_update", "book_snapshot", "top_of_book", "trade", "session_status"}
        await command


async def test_the_welcome_waits_for_the_state_that_it_shows(exchange, disk, alice):
    disk.hold()
    order = asyncio.create_task(alice.order("buy", 1, 99.0))
    assert await is_held(order, exchange)
    async with connected(exchange, alice.headers) as client:
        assert await hears_nothing(client)

        disk.let_go()
        told = await client.next()
        assert [(each.order_id, told.next_seq) for each in told.orders] == [((await order).order_id, 2)]
        await alice.order("buy", 1, 98.0)
        assert (await client.next()).seq == 2


@pytest.mark.parametrize("channel", [f"book:{CALL}", f"top:{CALL}"])
async def test_a_snapshot_waits_for_the_state_that_it_shows_and_the_updates_follow_it(exchange, disk, alice, channel):
    await alice.order("buy", 1, 97.0)
    disk.hold()
    orders = [asyncio.create_task(alice.order("buy", 1, price)) for price in (98.0, 99.0)]
    assert await is_held(orders[-1], exchange)
    async with connected(exchange) as client:
        assert await hears_nothing(client)
        client.say({"op": "subscribe", "channels": [channel]})
        assert await hears_nothing(client)

        disk.let_go()
        assert (await client.next()).type == "welcome"
        assert (await client.next()).type == "ack"
        shown = await client.next()
        if channel.startswith("book"):
            assert (shown.type, shown.bids[0].price, len(shown.bids)) == ("book_snapshot", 99.0, 3)
        else:
            assert (shown.type, shown.bid_price) == ("top_of_book", 99.0)
        await alice.order("buy", 1, 99.5)
        update = await client.next()
        if channel.startswith("book"):
            assert (update.type, update.prev_book_seq) == ("book_update", shown.book_seq)
        else:
            assert update.bid_price == 99.5
    await asyncio.gather(*orders)


@pytest.mark.parametrize(
    ("op", "fields"),
    [
        ("ping", {}),
        ("resume", {"after_seq": 0}),
        ("resume", {"after_seq": 7}),
        ("subscribe", {"channels": ["market"]}),
        ("cancel_on_disconnect", {"enabled": True}),
        ("login", {"api_key": "nobody's"}),
    ],
)
async def test_whatever_is_said_the_answer_waits_for_every_command_before_it(exchange, disk, alice, bob, op, fields):
    async with connected(exchange, alice.headers) as client:
        await welcomed(client)
        disk.hold()
        unsynced = asyncio.create_task(bob.order("sell", 1, 100.0))
        assert await is_held(unsynced, exchange)
        client.say({"op": op, **fields})
        assert await hears_nothing(client)

        disk.let_go()
        assert (await client.next()).op == op
        await unsynced


async def test_a_replay_ends_where_the_disk_does_and_goes_on_from_there(exchange, disk, alice):
    await alice.order("buy", 1, 97.0)
    disk.hold()
    order = asyncio.create_task(alice.order("buy", 1, 98.0))
    assert await is_held(order, exchange)
    async with connected(exchange, alice.headers, query="after_seq=0") as client:
        assert await hears_nothing(client)
        disk.let_go()
        assert (await client.next()).type == "welcome"
        await alice.order("buy", 1, 99.0)
        assert [(await client.next()).seq for _ in range(3)] == [1, 2, 3]
    await order


async def test_a_refused_login_waits_for_the_rotation_that_it_tells_of(exchange, disk, alice):
    disk.hold()
    rotated = asyncio.create_task(alice.post(f"/teams/{alice.team_id}/rotate-key"))
    assert await is_held(rotated, exchange)
    async with connected(exchange, alice.headers) as client:
        assert await hears_nothing(client)

        disk.let_go()
        assert (await client.next()).code == "UNAUTHENTICATED"
        assert await client.close_code() == 4001
    await rotated


async def test_a_connection_whose_answer_cannot_be_told_in_time_is_closed_without_it(exchange, disk, alice):
    impatient = hurried(exchange)
    disk.hold()
    rotated = asyncio.create_task(alice.post(f"/teams/{alice.team_id}/rotate-key"))
    assert await is_held(rotated, exchange)
    async with connected(impatient, alice.headers) as client:
        assert await client.close_code() == 1013
    disk.let_go()
    await rotated


async def test_an_unknown_outcome_is_told_although_the_disk_does_not_answer(exchange, disk, alice):
    async with connected(hurried(exchange), alice.headers) as client:
        await welcomed(client)
        disk.hold()
        answer = await client.ask("cancel_on_disconnect", enabled=True)
        assert (answer.type, answer.code) == ("error", "PROCESSING_TIMEOUT")
        disk.let_go()


async def test_after_a_failed_sync_streams_tell_nothing_more(exchange, disk, alice):
    async with connected(exchange, alice.headers) as client:
        await welcomed(client)
        disk.sync_error = disk_broken()
        assert (await alice.order("buy", 1, 99.0)).refusal == (504, "PROCESSING_TIMEOUT")
        assert await hears_nothing(client)
        client.say({"op": "ping"})
        assert await client.close_code() == 1013
    async with connected(exchange, alice.headers) as client:
        assert await client.close_code() == 1013
