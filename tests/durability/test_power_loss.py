"""The loss of power: with durability "disk" nothing that was told is lost; in the default mode, what is lost shows."""

import asyncio
import random

import pytest
from durability_stage import turns, until
from faulty_disk import disk_broken
from gateway_stage import CALL, PUT, limit_order, start_api
from stream_stage import connected

from openoutcry.bootstrap.server import IDS_SKIPPED
from openoutcry.journal.segment import list_provisional
from openoutcry.runtime.recovery.rerun import rerun

AFTER_REBOOT = "another run of the machine"

LEFTOVERS = pytest.mark.parametrize(("torn_bytes", "keeps_events"), [(0, True), (0, False), (13, True)])
SMALL_SEGMENT_BYTES = 2_000


def number(order_id):
    return int(order_id.removeprefix("ORD_"))


class Witness:
    """A team that keeps all it is told: answers, and the events of its stream."""

    def __init__(self, api):
        self.api = api
        self.answers = []
        self.events = []

    async def listen(self, client):
        while True:
            message = await client.next()
            if hasattr(message, "seq") and message.type != "heartbeat":
                self.events.append(message)

    async def trade(self, chance):
        side = chance.choice(["buy", "sell"])
        instrument_id = chance.choice([CALL, PUT])
        order = limit_order(side, chance.randint(1, 3), 100.0 + chance.randint(-2, 2), instrument_id=instrument_id)
        reply = await self.api.post("/orders", order)
        self.answers.append((order, reply))

    @property
    def accepted(self):
        return {reply.order_id: order for order, reply in self.answers if reply.status == 200}


@LEFTOVERS
@pytest.mark.parametrize("keeps_names", [True, False])
async def test_on_disk_durability_everything_that_was_told_is_there_afterwards(
    tmp_path, disk, open_on, torn_bytes, keeps_events, keeps_names
):
    chance = random.Random(7)
    exchange = open_on(tmp_path / "data", durability="disk", segment_bytes=SMALL_SEGMENT_BYTES)
    api = start_api(exchange)
    witnesses = [Witness(await api.team(name)) for name in ("alice", "bob")]
    seen = []
    async with (
        connected(exchange, witnesses[0].api.headers, query="after_seq=0") as first,
        connected(exchange, witnesses[1].api.headers, query="after_seq=0") as second,
        connected(exchange) as public,
    ):
        listeners = [
            asyncio.create_task(witness.listen(client))
            for witness, client in zip(witnesses, (first, second), strict=True)
        ]
        await public.ask("subscribe", channels=["trades:*"])
        for _ in range(60):
            await chance.choice(witnesses).trade(chance)
        disk.hold()
        waiting = [asyncio.create_task(chance.choice(witnesses).trade(chance)) for _ in range(40)]
        await until(lambda: exchange.coordinator.waiting == len(waiting))
        await turns()
        told = [(dict(witness.accepted), list(witness.events)) for witness in witnesses]
        while not public._from_server.empty():
            seen.append(await public.next())

        survivor = disk.copy_after_power_loss(
            tmp_path / "data",
            tmp_path / "after",
            torn_bytes=torn_bytes,
            keeps_events=keeps_events,
            keeps_names=keeps_names,
        )
        # The answers that wait are of more commands than one segment takes: a change is under way.
        assert list_provisional(tmp_path / "data" / "journal")
        disk.let_go()
        await asyncio.gather(*waiting)
        for listener in listeners:
            listener.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)

    assert sum(len(answers) for answers, _ in told) >= 40
    assert all(events for _, events in told)
    assert seen
    restarted = open_on(survivor, durability="disk", boot_id=AFTER_REBOOT)
    assert restarted.sequencer.epoch == exchange.sequencer.epoch + 1
    api = start_api(restarted)
    for witness, (answers, events) in zip(witnesses, told, strict=True):
        team = api.with_headers(**witness.api.headers)
        for order_id, order in answers.items():
            found = (await team.get(f"/orders/{order_id}")).data["order"]
            assert (found["side"], found["quantity"], found["price"]) == (
                order["side"],
                order["quantity"],
                order["price"],
            )
        async with connected(restarted, witness.api.headers, query="after_seq=0") as client:
            await client.until(lambda message: message.type == "welcome")
            assert await client.take(len(events)) == events
        new = await team.order("buy", 1, 50.0)
        assert number(new.order_id) > max(map(number, witness.accepted)) >= max(map(number, answers))
    trades = {
        trade["trade_id"]
        for instrument_id in (CALL, PUT)
        for trade in (await api.get(f"/trades/{instrument_id}", query="limit=1000")).data["trades"]
    }
    assert {trade.trade_id for trade in seen} <= trades


@LEFTOVERS
async def test_in_the_default_mode_what_is_lost_shows_and_nothing_else_is_different(
    tmp_path, disk, open_on, torn_bytes, keeps_events
):
    exchange = open_on(tmp_path / "data")
    alice = await start_api(exchange).team("alice")
    kept = await alice.order("buy", 1, 99.0)
    await until(lambda: not exchange.journal.unsynced)
    state_hash, synced = exchange.sequencer.state_hash(), exchange.sequencer.last_sequence
    disk.hold()
    lost = [await alice.order("buy", 1, 98.0) for _ in range(5)]
    assert {reply.status for reply in lost} == {200}
    exchange.sequencer.execute_pending()
    assert exchange.private_streams.of_team(1).last_seq == 6

    survivor = disk.copy_after_power_loss(
        tmp_path / "data", tmp_path / "after", torn_bytes=torn_bytes, keeps_events=keeps_events
    )
    disk.let_go()
    # A replay without a start shows the state before the lost commands.
    assert (rerun(survivor).state_hash, rerun(survivor).last_sequence) == (state_hash, synced)

    restarted = open_on(survivor, boot_id=AFTER_REBOOT)
    again = start_api(restarted).with_headers(**alice.headers)
    assert [order["order_id"] for order in (await again.get("/orders")).data["orders"]] == [kept.order_id]
    async with connected(restarted, alice.headers, query="after_seq=6") as client:
        welcome = await client.next()
        assert (welcome.type, welcome.next_seq, welcome.epoch) == ("welcome", 2, exchange.sequencer.epoch + 1)
        ahead = await client.next()
        assert (ahead.code, ahead.details) == ("RESUME_AHEAD", {"next_seq": 2, "epoch": welcome.epoch})
    new = await again.order("buy", 1, 98.0)
    assert number(new.order_id) == number(kept.order_id) + 1 + IDS_SKIPPED
    assert number(new.order_id) > max(number(reply.order_id) for reply in lost)


async def test_a_server_that_loses_power_in_its_first_moment_has_been_there(tmp_path, disk, open_on):
    exchange = open_on(tmp_path / "data")
    await start_api(exchange).team("alice")
    exchange.close()
    second = open_on(tmp_path / "data")
    assert second.sequencer.epoch == 1
    disk.hold()
    assert (await start_api(second).team("bob")).team_id == "TEAM_2"
    survivor = disk.copy_after_power_loss(tmp_path / "data", tmp_path / "after")
    disk.let_go()

    assert open_on(survivor, boot_id=AFTER_REBOOT).sequencer.epoch == 2


async def test_ids_are_not_given_again_by_a_second_start_that_loses_power_too(tmp_path, disk, open_on):
    given = []
    directory, alice = tmp_path / "0", None
    for life in range(4):
        exchange = open_on(directory, boot_id=f"run {life}")
        api = start_api(exchange)
        alice = await api.team("alice") if alice is None else api.with_headers(**alice.headers)
        await until(lambda journal=exchange.journal: not journal.unsynced)
        disk.hold()
        given += [(await alice.order("buy", 1, 99.0)).order_id for _ in range(3)]
        directory = disk.copy_after_power_loss(directory, tmp_path / str(life + 1))
        disk.let_go()

    assert len(set(given)) == len(given) == 12


async def test_a_start_that_loses_power_before_anyone_came_gives_no_id_again(tmp_path, disk, open_on):
    exchange = open_on(tmp_path / "0")
    alice = await start_api(exchange).team("alice")
    await until(lambda: not exchange.journal.unsynced)
    disk.hold()
    first = await alice.order("buy", 1, 99.0)
    copy = disk.copy_after_power_loss(tmp_path / "0", tmp_path / "1")
    disk.let_go()

    second_start = open_on(copy, boot_id="run 2")
    disk.hold()
    second = await start_api(second_start).with_headers(**alice.headers).order("buy", 1, 99.0)
    copy = disk.copy_after_power_loss(copy, tmp_path / "2")
    disk.let_go()

    third_start = open_on(copy, boot_id="run 3")
    third = await start_api(third_start).with_headers(**alice.headers).order("buy", 1, 99.0)
    assert number(first.order_id) < number(second.order_id) < number(third.order_id)
    assert third_start.sequencer.epoch == 3


async def test_what_a_failed_sync_left_in_memory_alone_is_written_anew_before_it_counts(tmp_path, disk, open_on):
    exchange = open_on(tmp_path / "data", durability="disk")
    alice = await start_api(exchange).team("alice")
    disk.sync_error = disk_broken()
    order = limit_order("buy", 1, 99.0, client_order_id="mine")
    assert (await alice.post("/orders", order)).refusal == (504, "PROCESSING_TIMEOUT")
    exchange.close()
    disk.sync_error = None

    restarted = open_on(tmp_path / "data", durability="disk")
    assert restarted.sequencer.epoch == 2
    team = start_api(restarted).with_headers(**alice.headers)
    told = (await team.get("/orders/by-client-id/mine")).data["order"]
    survivor = disk.copy_after_power_loss(tmp_path / "data", tmp_path / "after")

    after = open_on(survivor, durability="disk", boot_id=AFTER_REBOOT)
    team = start_api(after).with_headers(**alice.headers)
    assert (await team.get("/orders/by-client-id/mine")).data["order"] == told
