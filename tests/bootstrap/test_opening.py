"""A server opens on its directory, new, closed or killed, and goes on where its journal ends."""

import asyncio
import shutil
import subprocess
import sys
import time

import pytest
from bootstrap_stage import start, streams, trade
from faulty_disk import FaultyDisk, disk_broken
from journals import last_segment, read_all
from venues import ALICE, FIRST_ORDER_ID, SCENARIO, cancel, order

from openoutcry.bootstrap.server import IDS_SKIPPED
from openoutcry.domain.commands import MassCancel, RegisterTeam, SkipIds
from openoutcry.journal.lock import DirectoryInUse
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.records import UNKNOWN_HASH
from openoutcry.journal.sync import HelperThread
from openoutcry.journal.writer import JournalUnavailable
from openoutcry.runtime.clock import SystemClock
from openoutcry.runtime.data_directory import DataDirectory, NoExchangeHere
from openoutcry.runtime.recovery.replay import OtherScenario
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.scenarios.loader import load_scenario

TRADED = """
import asyncio, os, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
import structlog
from bootstrap_stage import start, trade

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

async def main():
    exchange = start(Path(sys.argv[1]))
    trade(exchange)
    print(exchange.sequencer.state_hash(), flush=True)
    sys.stdin.read()

asyncio.run(main())
"""


def trade_and_get_killed(directory):
    """Run `trade` in another process and kill it; the state's hash before that."""
    with subprocess.Popen(
        [sys.executable, "-c", TRADED, str(directory), *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        state_hash = process.stdout.readline().strip()
        process.kill()
    return state_hash


async def test_a_new_directory_starts_from_nothing(tmp_path):
    exchange = start(tmp_path / "data")

    assert (exchange.sequencer.last_sequence, exchange.sequencer.epoch) == (0, 1)
    assert exchange.sequencer.queries.teams() == []
    exchange.close()


async def test_an_exchange_that_was_closed_goes_on_as_if_it_had_not_been(tmp_path):
    exchange = start(tmp_path)
    trade(exchange)
    state_hash, told = exchange.sequencer.state_hash(), streams(exchange)
    exchange.close()

    exchange = start(tmp_path)

    assert exchange.sequencer.state_hash() == state_hash
    assert streams(exchange) == told
    assert all(told)
    assert (exchange.sequencer.epoch, exchange.sequencer.last_sequence) == (1, 4)
    sequenced, _ = exchange.sequencer.perform(order(1, "buy", 1))
    assert (sequenced.sequence, sequenced.verdict.new_id) == (5, FIRST_ORDER_ID + 2)
    exchange.close()


async def test_a_killed_exchange_loses_nothing_and_gives_no_id_again(tmp_path):
    state_hash = trade_and_get_killed(tmp_path)

    exchange = start(tmp_path)

    records, _ = read_all(DataDirectory(tmp_path).journal)
    assert [record.command for record in records[4:]] == [SkipIds(IDS_SKIPPED)]
    assert exchange.sequencer.epoch == 2
    assert exchange.sequencer.state_hash() != state_hash  # the counters have moved on
    assert [each.remaining_quantity for each in exchange.sequencer.queries.open_orders(1)] == [2]
    assert exchange.sequencer.queries.positions(2) == {records[2].command.instrument_id: 3}
    sequenced, _ = exchange.sequencer.perform(order(1, "buy", 1))
    assert sequenced.verdict.new_id == FIRST_ORDER_ID + 2 + IDS_SKIPPED
    exchange.close()


async def test_the_epoch_rises_with_every_unclean_stop_and_with_no_clean_one(tmp_path):
    epochs = []
    for _ in range(2):
        trade_and_get_killed(tmp_path)
        for _ in range(2):
            exchange = start(tmp_path)
            epochs.append(exchange.sequencer.epoch)
            exchange.close()

    assert epochs == [2, 2, 3, 3]


async def test_a_torn_record_is_cut_off_and_kept(tmp_path):
    trade_and_get_killed(tmp_path)
    segment = last_segment(DataDirectory(tmp_path).journal)
    segment.write_bytes(segment.read_bytes()[:-5])

    exchange = start(tmp_path)

    assert [each.command for each in read_all(DataDirectory(tmp_path).journal)[0]][3:] == [SkipIds(IDS_SKIPPED)]
    assert segment.with_name(f"{segment.name}.torn").stat().st_size > 0
    assert [each.remaining_quantity for each in exchange.sequencer.queries.open_orders(1)] == [5]
    exchange.close()


async def test_private_streams_that_were_lost_are_made_again_from_the_journal(tmp_path):
    exchange = start(tmp_path)
    trade(exchange)
    told = streams(exchange)
    exchange.close()
    shutil.rmtree(DataDirectory(tmp_path).events)

    exchange = start(tmp_path)

    assert streams(exchange) == told
    exchange.close()


async def test_a_second_server_on_the_same_directory_is_refused(tmp_path):
    exchange = start(tmp_path)

    with pytest.raises(DirectoryInUse, match="is in use by another server"):
        start(tmp_path)
    exchange.close()

    start(tmp_path).close()


async def test_another_scenario_on_a_used_directory_is_refused_and_changes_nothing(tmp_path):
    exchange = start(tmp_path)
    trade(exchange)
    exchange.close()

    with pytest.raises(OtherScenario, match="another scenario"):
        start(tmp_path, load_scenario("demo"))

    assert DataDirectory(tmp_path).kept_scenario() == SCENARIO
    start(tmp_path).close()


def test_a_directory_without_an_exchange_says_so(tmp_path):
    with pytest.raises(NoExchangeHere, match=r"scenario\.json is missing"):
        DataDirectory(tmp_path / "nowhere").kept_scenario()


async def test_a_journal_that_cannot_be_begun_leaves_the_directory_to_the_next(tmp_path):
    disk = FaultyDisk()
    disk.coming_writes.append(disk_broken())

    with pytest.raises(JournalUnavailable, match="next segment"):
        start(tmp_path, files=disk)

    start(tmp_path).close()


async def test_a_start_that_failed_after_a_crash_is_no_clean_stop(tmp_path):
    trade_and_get_killed(tmp_path)
    disk = FaultyDisk()
    disk.coming_writes.extend([None, disk_broken()])  # the header goes through, the first command does not

    with pytest.raises(Unavailable, match="journal cannot be written"):
        start(tmp_path, files=disk)

    exchange = start(tmp_path)
    assert exchange.sequencer.epoch == 3
    assert read_all(DataDirectory(tmp_path).journal)[0][-1].command == SkipIds(IDS_SKIPPED)
    exchange.close()


async def test_on_disk_durability_events_and_answers_wait_for_the_disk(tmp_path):
    disk = FaultyDisk()
    exchange = start(tmp_path, durability="disk", files=disk)
    disk.may_sync.clear()
    trade(exchange)
    answer = asyncio.create_task(exchange.coordinator.until_synced(4))
    await asyncio.sleep(0)
    assert (exchange.coordinator.waiting, streams(exchange)) == (1, [[], []])

    disk.may_sync.set()
    await answer

    assert all(streams(exchange))
    exchange.close()


async def test_on_disk_durability_a_failed_sync_leaves_outcomes_unknown(tmp_path):
    disk = FaultyDisk()
    exchange = start(tmp_path, durability="disk", files=disk)
    disk.may_sync.clear()
    trade(exchange)
    disk.sync_error = disk_broken()
    disk.may_sync.set()

    with pytest.raises(ProcessingTimeout, match=r"the disk refused it .*Input/output error"):
        await exchange.coordinator.until_synced(4)
    with pytest.raises(Unavailable, match="restart the exchange"):
        exchange.sequencer.submit(order(1, "buy"))

    assert streams(exchange) == [[], []]
    exchange.close()


async def test_the_loop_executes_what_was_submitted(tmp_path):
    exchange = start(tmp_path)
    for command in (ALICE, order(1, "sell", 5)):
        exchange.sequencer.submit(command)

    await asyncio.sleep(0)

    assert len(exchange.private_streams.of_team(1).read(0)) == 1
    exchange.close()


async def test_the_metrics_tell_what_happened(tmp_path):
    exchange = start(tmp_path)
    trade(exchange)
    exchange.sequencer.perform(cancel(1, 5))
    exchange.metrics.connected_clients.inc()

    lines = exchange.metrics.text().decode().splitlines()

    for line in (
        "openoutcry_sequence 5.0",
        "openoutcry_epoch 1.0",
        "openoutcry_stopped 0.0",
        "openoutcry_commands_accepted_total 4.0",
        'openoutcry_commands_refused_total{code="CANCEL_FAILED"} 1.0',
        "openoutcry_answers_waiting 0.0",
        "openoutcry_answers_timed_out_total 0.0",
        "openoutcry_connected_clients 1.0",
        "openoutcry_journal_failed 0.0",
    ):
        assert line in lines
    exchange.close()


async def test_every_seal_notes_a_live_hash_however_many_orders_are_open(tmp_path):
    exchange = start(tmp_path, segment_bytes=4096)
    makers = range(1, 21)
    for number in makers:
        exchange.sequencer.perform(RegisterTeam(f"maker {number}", "market_maker", bytes([number]) * 32))

    def fill_segment(*, open_orders):
        for number in range(open_orders):
            exchange.sequencer.perform(order(1 + number % 20, "buy", 1))
        path = last_segment(tmp_path / "journal")
        while last_segment(tmp_path / "journal") == path:
            exchange.sequencer.perform(cancel(1, 1))
            exchange.journal.settle()
        assert sum(len(exchange.sequencer.queries.open_orders(team_id)) for team_id in makers) == open_orders
        for team_id in makers:
            exchange.sequencer.perform(MassCancel(team_id))

    fill_segment(open_orders=2)
    fill_segment(open_orders=1_000)
    state_hash = exchange.sequencer.state_hash()
    exchange.close()

    hashes = []
    for segment in JournalReader(tmp_path / "journal").segments():
        hashes.append(segment.header.live_hash)
        assert list(segment)
    assert len(set(hashes)) == len(hashes) > 3
    assert UNKNOWN_HASH not in hashes
    reopened = start(tmp_path)
    assert reopened.sequencer.state_hash() == state_hash
    reopened.close()


async def test_before_it_replays_it_tells_how_much_there_is(tmp_path, capsys):
    exchange = start(tmp_path)
    assert "recovering the state" not in capsys.readouterr().out
    trade(exchange)
    commands = exchange.sequencer.last_sequence
    exchange.close()

    start(tmp_path).close()

    (line,) = [line for line in capsys.readouterr().out.splitlines() if "recovering the state" in line]
    assert f"commands_left={commands}" in line
    assert "from_snapshot_at=None" in line


async def test_two_exchanges_in_one_process_share_nothing(tmp_path):
    one, other = start(tmp_path / "one"), start(tmp_path / "other")

    trade(one)

    assert other.sequencer.last_sequence == 0
    assert "openoutcry_sequence 0.0" in other.metrics.text().decode()
    one.close()
    other.close()


async def test_where_the_clock_was_set_back_meanwhile_time_goes_on_from_the_last_command(tmp_path, capsys):
    exchange = start(tmp_path, clock=SystemClock(lambda: time.time_ns() + 3_600_000_000_000))
    trade(exchange)
    exchange.close()
    last_time = read_all(tmp_path / "journal")[0][-1].time

    exchange = start(tmp_path)

    told = capsys.readouterr().out
    assert "the last command's time is ahead of this machine's clock" in told
    assert "ahead=0:59:" in told
    assert exchange.clock.now() >= last_time
    async with asyncio.timeout(30):
        while exchange.clock.now() <= last_time:  # noqa: ASYNC110 - nothing tells that time passes
            await asyncio.sleep(0)
    exchange.close()


@pytest.mark.parametrize(("options", "seconds"), [({}, 0.005), ({"sync_interval_seconds": 0.02}, 0.02)])
async def test_the_journal_is_synced_as_often_as_the_organiser_says(tmp_path, options, seconds):
    asked = []

    def start_helper(work, interval_seconds):
        asked.append(interval_seconds)
        return HelperThread(work, interval_seconds)

    start(tmp_path / "os", start_helper=start_helper, **options).close()
    start(tmp_path / "disk", start_helper=start_helper, durability="disk", **options).close()

    assert asked == [seconds, 0]
