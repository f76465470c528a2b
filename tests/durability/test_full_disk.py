"""A full disk: the exchange refuses commands with a reason, and continues when there is room again."""

import contextlib
import subprocess

import pytest
from durability_stage import until
from faulty_disk import disk_full
from gateway_stage import CALL, limit_order, start_api, start_exchange
from served_exchange import ServedExchange
from stream_stage import connected

from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits

QUOTE = {"instrument_id": CALL, "bid_price": 98.0, "bid_quantity": 1, "ask_price": 102.0, "ask_quantity": 1}

COMMANDS = [
    ("POST", "/orders", limit_order("buy", 1, 99.0)),
    ("POST", "/orders/batch", {"orders": [limit_order("buy", 1, 99.0)]}),
    ("PATCH", "/orders/ORD_67890", {"quantity": 1}),
    ("DELETE", "/orders/ORD_67890", None),
    ("DELETE", "/orders/by-client-id/mine", None),
    ("DELETE", "/orders", None),
    ("POST", "/orders/cancel-after", {"seconds": 60}),
    ("PUT", "/quotes", {"quotes": [QUOTE]}),
    ("POST", "/teams/TEAM_1/rotate-key", None),
    ("POST", "/teams", {"team_name": "another"}),
]

DURABILITIES = pytest.mark.parametrize("durability", ["os", "disk"])


@DURABILITIES
@pytest.mark.parametrize(("method", "path", "body"), COMMANDS)
async def test_a_command_is_refused_in_words_and_has_no_effect(tmp_path, disk, open_on, durability, method, path, body):
    exchange = open_on(tmp_path, durability=durability)
    api = start_api(exchange)
    alice = await api.team("alice")
    await alice.order("buy", 2, 99.0, client_order_id="mine")
    state_hash = exchange.sequencer.state_hash()
    disk.full_folders.add("journal")

    refused = await alice.ask(method, path, body)

    assert refused.refusal == (503, "SERVICE_UNAVAILABLE")
    assert "No space left on device" in refused.error["message"]
    assert "goes on by itself" in refused.error["message"]
    assert exchange.sequencer.state_hash() == state_hash
    disk.full_folders.clear()
    assert (await alice.ask(method, path, body)).status == 200


@DURABILITIES
async def test_queries_are_answered_meanwhile(tmp_path, disk, open_on, durability):
    api = start_api(open_on(tmp_path, durability=durability))
    alice = await api.team("alice")
    await alice.order("buy", 2, 99.0)
    disk.full_folders.add("journal")
    await alice.order("buy", 2, 99.0)

    assert len((await alice.get("/orders")).data["orders"]) == 1
    assert (await alice.post("/orders/validate", limit_order("buy", 1, 99.0))).status == 200
    assert (await api.get("/market")).status == 200
    assert "openoutcry_journal_refuses 1.0" in (await api.get("/metrics")).body.decode()


@DURABILITIES
async def test_health_says_why_and_finds_out_by_itself_that_there_is_room(tmp_path, disk, open_on, durability):
    api = start_api(open_on(tmp_path, durability=durability))
    alice = await api.team("alice")
    disk.full_folders.add("journal")
    assert (await api.get("/health")).data["status"] == "ok"  # nobody has met the full disk yet
    await alice.order("buy", 2, 99.0)

    for _ in range(2):
        health = await api.get("/health")
        assert health.refusal == (503, "SERVICE_UNAVAILABLE")
        assert health.json["data"]["status"] == "degraded"
        assert "No space left on device" in health.json["data"]["reason"]

    disk.full_folders.clear()
    health = await api.get("/health")
    assert (health.data["status"], health.data["reason"]) == ("ok", None)


async def test_room_for_a_part_of_a_record_is_no_room(tmp_path, disk, open_on):
    api = start_api(open_on(tmp_path))
    alice = await api.team("alice")
    disk.coming_writes.extend([10, 10, disk_full(), 4095])

    assert (await alice.order("buy", 2, 99.0)).refusal == (503, "SERVICE_UNAVAILABLE")
    for _ in range(3):
        assert (await api.get("/health")).json["data"]["status"] == "degraded"
    assert (await api.get("/health")).data["status"] == "ok"
    assert (await alice.order("buy", 2, 99.0)).status == 200


async def test_what_was_accepted_before_happens_and_is_told(tmp_path, disk, open_on):
    exchange = open_on(tmp_path)
    alice = await start_api(exchange).team("alice")
    async with connected(exchange, alice.headers) as client:
        await client.until(lambda message: message.type == "welcome")
        order = await alice.order("buy", 2, 99.0)
        disk.full_folders.add("journal")
        assert (await alice.order("buy", 2, 99.0)).status == 503

        assert (await client.next()).order_id == order.order_id


async def test_a_timer_that_comes_due_meanwhile_strikes_when_there_is_room(tmp_path, disk, open_on):
    exchange = open_on(tmp_path)
    alice = await start_api(exchange).team("alice")
    await alice.order("buy", 2, 99.0)
    async with connected(exchange, alice.headers) as client:
        assert (await client.ask("cancel_on_disconnect", enabled=True)).type == "ack"
        disk.full_folders.add("journal")
    assert len((await alice.get("/orders")).data["orders"]) == 1

    disk.full_folders.clear()
    await until(lambda: not exchange.sequencer.queries.open_orders(1))


@DURABILITIES
async def test_nothing_of_it_is_left_in_the_journal(tmp_path, disk, open_on, durability):
    exchange = start_exchange(tmp_path, files=disk, durability=durability)
    alice = await start_api(exchange).team("alice")
    for fault in (disk_full(), 0, 1, 20, None, 8, disk_full(), None):
        disk.coming_writes.append(fault)
        await alice.order("buy", 1, 99.0)
    state_hash = exchange.sequencer.state_hash()
    exchange.close()

    reopened = open_on(tmp_path, durability=durability)
    assert reopened.sequencer.state_hash() == state_hash
    assert reopened.sequencer.epoch == 1
    assert len(reopened.sequencer.queries.open_orders(1)) == 2


# ---- the teams' event logs, which are made from the journal and can be made again ------------------------------------


async def test_events_that_the_disk_does_not_take_are_told_all_the_same(tmp_path, disk, open_on):
    exchange = open_on(tmp_path)
    api = start_api(exchange)
    alice = await api.team("alice")
    disk.full_folders.add("events")
    events = 0
    async with connected(exchange, alice.headers) as client:
        await client.until(lambda message: message.type == "welcome")
        # More than a stream keeps in memory for its own sake, so that some have to come from the log.
        while events <= DEFAULT_LIMITS.recent_events + 100:
            order = await alice.order("buy", 1, 99.0)
            assert (await client.next()).order_id == order.order_id
            await alice.delete(f"/orders/{order.order_id}")
            assert (await client.next()).type == "order_cancelled"
            events += 2
    async with connected(exchange, alice.headers, query="after_seq=0") as client:
        await client.until(lambda message: message.type == "welcome")
        assert [message.seq for message in await client.take(events)] == list(range(1, events + 1))


async def test_health_tells_that_events_wait_and_that_they_no_longer_do(tmp_path, disk, open_on):
    exchange = open_on(tmp_path)
    api = start_api(exchange)
    alice = await api.team("alice")
    disk.full_folders.add("events")
    await alice.order("buy", 1, 99.0)
    await until(lambda: exchange.private_streams.trouble is not None)

    health = await api.get("/health")
    assert (health.status, health.data["status"]) == (200, "degraded")
    assert "does not take the teams' events (No space left on device)" in health.data["reason"]
    assert (await alice.order("buy", 1, 99.0)).status == 200

    disk.full_folders.clear()
    await until(lambda: exchange.private_streams.trouble is None)
    assert (await api.get("/health")).data["status"] == "ok"
    assert exchange.private_streams.unwritten_bytes == 0


async def test_when_as_many_events_wait_as_may_no_command_is_taken_until_they_are_written(tmp_path, disk, open_on):
    exchange = open_on(tmp_path, stream_limits=StreamLimits(max_unwritten_bytes=500))
    api = start_api(exchange)
    alice = await api.team("alice")
    disk.full_folders.add("events")
    accepted = 0
    while (reply := await alice.order("buy", 1, 99.0)).status == 200:
        accepted += 1
        await api.get("/market")  # executes it
    await until(lambda: exchange.private_streams.trouble is not None)
    reply = await alice.delete("/orders")
    assert reply.refusal == (503, "SERVICE_UNAVAILABLE")
    assert "and no more may; the exchange goes on by itself" in reply.error["message"]
    assert (await api.get("/health")).json["data"]["status"] == "degraded"
    assert len((await alice.get("/orders")).data["orders"]) == accepted

    disk.full_folders.clear()
    await until(lambda: exchange.private_streams.trouble is None)
    assert (await alice.delete("/orders")).status == 200


async def test_events_that_were_never_written_are_made_again_at_the_next_start(tmp_path, disk, open_on):
    exchange = start_exchange(tmp_path, files=disk)
    alice = await start_api(exchange).team("alice")
    disk.full_folders.add("events")
    for price in (97.0, 98.0, 99.0):
        await alice.order("buy", 1, price)
    exchange.sequencer.execute_pending()
    told = exchange.private_streams.of_team(1).read(0)
    exchange.close()
    disk.full_folders.clear()

    reopened = open_on(tmp_path)
    assert reopened.private_streams.of_team(1).read(0) == told
    assert reopened.sequencer.epoch == 1


# ---- a real one ------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A file system of a few megabytes; where none may be mounted, the test is skipped."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(mount, check=False, capture_output=True).returncode == 0:
            yield place
            subprocess.run(["umount", str(place)], check=True)
            return
    pytest.skip("no file system can be mounted here")


def fill_up(place):
    """Take all the room there is."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(64))
    return filler


@DURABILITIES
async def test_a_server_on_a_full_file_system_goes_on_when_there_is_room(small_disk, durability):
    order = limit_order("buy", 1, 90.0)
    with ServedExchange(small_disk / "data", "--durability", durability) as served:
        alice = {"X-API-Key": served.ask("POST", "/teams", {"team_name": "alice"})[1]["data"]["api_key"]}
        _, resting = served.ask("POST", "/orders", order, **alice)
        filler = fill_up(small_disk)

        # The last page that the file has been given takes some more.
        while (answer := served.ask("POST", "/orders", order | {"time_in_force": "ioc"}, **alice))[0] == 200:
            pass
        assert (answer[0], answer[1]["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
        assert served.ask("DELETE", f"/orders/{resting['order_id']}", **alice)[0] == 503
        status, health = served.ask("GET", "/health")
        assert (status, health["data"]["status"]) == (503, "degraded")
        assert served.ask("GET", "/orders", **alice)[0] == 200

        filler.unlink()
        # The journal is tried again at once, the teams' events within a second.
        await until(lambda: served.ask("GET", "/health")[1]["data"]["status"] == "ok")
        assert served.ask("DELETE", f"/orders/{resting['order_id']}", **alice)[0] == 200
        assert served.ask("POST", "/orders", order, **alice)[0] == 200
        assert served.end() == 0
        assert rerun(small_disk / "data").state_hash == served.state_hash
