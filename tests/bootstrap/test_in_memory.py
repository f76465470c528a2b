"""An exchange in memory behaves as a server's, without a disk, a thread or a socket."""

import asyncio
import random
import threading
from pathlib import Path

import pytest
from market_stage import half_hour
from operations_stage import limit_order, register
from recovery_stage import StillClock, trade
from venues import CALL, SCENARIO

from openoutcry.access.caller import Caller
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import ContinueWork, ExpireInstrument, MassCancel
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.operations import health, order_entry, protection
from openoutcry.protocol.requests import CancelAfterRequest
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS
from openoutcry.venue.tasks.slices import SLICE
from proofs.chaos.machine.projections import projections_of


def saved(files, path):
    """The journal of an exchange in memory, as a data directory."""
    directory = DataDirectory(path)
    directory.create()
    directory.keep_scenario(SCENARIO)
    files.save(directory.journal)
    return path


@pytest.mark.parametrize("segment_bytes", [4 * 1024 * 1024, 600])
async def test_its_journal_is_that_of_a_server_to_the_byte(tmp_path, segment_bytes):
    journals = []
    files = MemoryFiles()
    in_memory = open_in_memory(
        SCENARIO, loop=asyncio.get_running_loop(), clock=StillClock(), files=files, segment_bytes=segment_bytes
    )
    on_disk = open_server(
        SCENARIO,
        tmp_path / "disk",
        admin_key_hash=bytes(32),
        loop=asyncio.get_running_loop(),
        clock=StillClock(),
        boot_id="",
        segment_bytes=segment_bytes,
    )
    for exchange in (in_memory, on_disk):
        trade(exchange, 60)
        exchange.close()
    for path in (saved(files, tmp_path / "saved"), tmp_path / "disk"):
        segments = sorted((path / "journal").iterdir())
        journals.append(b"".join(segment.read_bytes() for segment in segments))
        assert rerun(path).state_hash == in_memory.sequencer.state_hash() == on_disk.sequencer.state_hash()
    if segment_bytes > 600:  # on a disk segments grow on while it is busy
        assert journals[0] == journals[1]


def test_it_needs_no_disk_no_thread_and_no_running_loop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    threads = threading.active_count()
    loop = VirtualTime()
    exchange = open_in_memory(SCENARIO, loop=loop, clock=loop, projections_of=projections_of)
    alice, bob = register(exchange, "alice"), register(exchange, "bob", "hedge_fund")
    assert order_entry.submit_order(exchange, alice, limit_order("sell", 3, 100.0)).reject is None
    assert order_entry.submit_order(exchange, bob, limit_order("buy", 2, 100.0)).reject is None
    loop.run()

    assert len(exchange.sequencer.queries.fills(bob.team_id, after=0, limit=9)) == 1
    told = health.show_health(exchange, Caller()).data
    assert (told.status, told.journal_lag_commands) == ("ok", 0)
    assert threading.active_count() == threads
    with pytest.raises(NotADirectoryError):  # or it would count what it finds there
        exchange.journal.directory.mkdir(parents=True)
    exchange.close()
    assert list(tmp_path.iterdir()) == []


def test_its_timers_strike_in_its_own_time():
    loop = VirtualTime()
    exchange = open_in_memory(SCENARIO, loop=loop, clock=loop)
    alice = register(exchange, "alice")
    order_entry.submit_order(exchange, alice, limit_order("sell", 3, 100.0))
    protection.set_cancel_after(exchange, alice, CancelAfterRequest(seconds=30))
    loop.pass_seconds(29)
    assert len(exchange.sequencer.queries.open_orders(alice.team_id)) == 1
    loop.pass_seconds(2)
    assert exchange.sequencer.queries.open_orders(alice.team_id) == []
    exchange.close()


def test_its_projections_are_fed_and_agree_with_a_rerun_of_its_journal(tmp_path):
    loop, files = VirtualTime(), MemoryFiles()
    exchange = open_in_memory(SCENARIO, loop=loop, clock=loop, files=files, projections_of=projections_of)
    trade(exchange, 60)
    come_to = exchange.projections.capture(exchange.sequencer.last_sequence)
    exchange.close()
    assert rerun(saved(files, tmp_path / "saved"), projections_of=projections_of).projections == come_to


def test_of_a_private_stream_the_newest_events_are_kept():
    loop, chance = VirtualTime(), random.Random(1)
    exchange = open_in_memory(SCENARIO, loop=loop, clock=loop)
    alice = register(exchange, "alice")
    while exchange.private_streams.of_team(alice.team_id).last_seq <= DEFAULT_LIMITS.recent_events:
        order = limit_order("sell", 1, 100.0 + chance.randint(0, 9))
        order_entry.submit_order(exchange, alice, order)
        exchange.sequencer.perform(MassCancel(alice.team_id))
    stream = exchange.private_streams.of_team(alice.team_id)

    assert stream.read(stream.last_seq - DEFAULT_LIMITS.recent_events)
    with pytest.raises(OSError, match="only the newest 1024 events"):
        stream.read(0)
    exchange.close()


def test_one_that_does_not_run_itself_gives_itself_no_command(tmp_path):
    loop = VirtualTime()
    exchange = open_in_memory(half_hour(tmp_path, minutes=5), loop=loop, clock=loop, runs_itself=False)
    loop.pass_seconds(60)
    assert exchange.sequencer.last_sequence == 0
    exchange.close()


@pytest.mark.parametrize("runs_itself", [True, False])
def test_long_work_goes_on_by_itself_unless_it_is_told_not_to(runs_itself):
    loop = VirtualTime()
    exchange = open_in_memory(SCENARIO, loop=loop, clock=loop, runs_itself=runs_itself)
    teams = [register(exchange, f"team {number}") for number in range(13)]
    for number in range(SLICE + 100):
        accepted = order_entry.submit_order(exchange, teams[number % 13], limit_order("sell", 1, 100.0))
        assert accepted.reject is None
    exchange.sequencer.perform(ExpireInstrument(CALL))
    loop.pass_seconds(60)
    assert exchange.sequencer.has_work is not runs_itself
    exchange.sequencer.perform(ContinueWork(SLICE))
    assert not exchange.sequencer.has_work
    exchange.close()


def test_files_in_memory_are_files():
    files = MemoryFiles()
    path, name = Path("journal") / "1.provisional", Path("journal") / "1.segment"
    descriptor = files.create(path)
    with pytest.raises(FileExistsError):
        files.create(path)
    assert files.write(descriptor, b"whole record, half a rec") == 24
    files.truncate(descriptor, 12)
    files.rename(path, name)
    files.write(files.open_to_append(name), b", the next")
    files.close(descriptor)
    assert files.contents == {name: b"whole record, the next"}
    files.remove(name)
    assert files.contents == {}
