"""Snapshots of a data directory: made from sealed segments, used by a start, and skipped if they are not usable."""

import msgspec
import pytest
from journals import last_segment
from msgspec.structs import replace
from recovery_stage import StillClock, build, queues, snapshots, start, streams, trade, traded_directory
from venues import SCENARIO

from openoutcry.domain.rulebook import HistoryLimits
from openoutcry.journal.framing import frame
from openoutcry.journal.lock import DirectoryInUse, DirectoryLock
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.segment import MAGIC as SEGMENT_MAGIC
from openoutcry.journal.segment import JournalCorrupt, list_segments, read_header, segment_path
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import OtherScenario, StateMismatch
from openoutcry.runtime.recovery.snapshots.builder import EventsMissing
from openoutcry.runtime.recovery.snapshots.files import MAGIC, SNAPSHOT_FORMAT, read_snapshot
from openoutcry.runtime.recovery.snapshots.finding import restore_newest
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import under_rulebook
from openoutcry.venue.snapshots.state_hash import LIVE_HASH_VERSION


def began_with(path):
    """The sequence of the snapshot that a start would begin with; 0 without one."""
    directory = DataDirectory(path)
    return restore_newest(directory, directory.kept_scenario()).after.last_sequence


def rewrite(path, **changes):
    """The snapshot file with another header."""
    header, state, _ = read_snapshot(path)
    header = msgspec.structs.replace(header, **changes)
    path.write_bytes(MAGIC + frame(msgspec.msgpack.encode(header)) + state)


@pytest.fixture
async def two_snapshots(tmp_path):
    """A closed directory that has been snapshotted twice, what it was before it was closed, and the snapshots."""
    await traded_directory(tmp_path, steps=30)
    older = build(tmp_path)
    exchange = start(tmp_path)
    trade(exchange, 40, seed=2)
    exchange.close()
    newer = build(tmp_path)
    exchange = start(tmp_path)
    trade(exchange, 10, seed=3)
    before = exchange.sequencer.state_hash(), streams(exchange), queues(exchange)
    exchange.close()
    assert 0 < older.sequence < newer.sequence
    return tmp_path, before, newer.sequence, older.sequence


def goes_on(path, before):
    """A start leads to the same state, streams and queues, and trades on."""
    exchange = start(path)
    assert (exchange.sequencer.state_hash(), streams(exchange), queues(exchange)) == before
    trade(exchange, 20, seed=9)
    exchange.close()


async def test_a_start_begins_with_the_newest_and_is_the_exchange_that_was_stopped(two_snapshots):
    path, before, newer, _ = two_snapshots

    assert began_with(path) == newer
    goes_on(path, before)


async def test_with_and_without_snapshots_the_same_comes_after(tmp_path):
    hashes = []
    for name in ("with", "without"):
        path = tmp_path / name
        await traded_directory(path, clock=StillClock())
        if name == "with":
            build(path)
        exchange = start(path, clock=StillClock())
        trade(exchange, 50, seed=5)
        hashes.append((exchange.sequencer.state_hash(), streams(exchange), queues(exchange)))
        exchange.close()

    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("with_snapshot", [True, False])
async def test_a_restart_forgets_neither_more_nor_less_of_a_teams_past(tmp_path, with_snapshot):
    history = HistoryLimits(closed_orders=3, fills=4)
    scenario = under_rulebook(SCENARIO, replace(SCENARIO.rulebook, history=history))
    before, _, _ = await traded_directory(tmp_path, scenario=scenario)
    if with_snapshot:
        build(tmp_path)
    exchange = start(tmp_path, scenario)
    queries = exchange.sequencer.queries
    assert exchange.sequencer.state_hash() == before
    for team in queries.teams():
        assert len(queries.closed_orders(team.team_id, limit=100, before=None)) == history.closed_orders
        assert len(queries.fills(team.team_id, after=0, limit=100)) == history.fills
        assert queries.forgotten_orders(team.team_id) > 0
        assert queries.forgotten_fills(team.team_id) > 0
    exchange.close()


async def test_a_snapshot_covers_what_is_sealed_and_no_more(tmp_path):
    await traded_directory(tmp_path)

    built = build(tmp_path)

    open_segment = JournalReader(DataDirectory(tmp_path).journal, sealed_only=True).seal
    assert built.sequence == built.commands == open_segment.first_sequence - 1
    assert build(tmp_path) is None


async def test_a_snapshot_is_made_from_the_one_before(two_snapshots):
    path, _, newer, _ = two_snapshots
    exchange = start(path)
    trade(exchange, 30, seed=4)
    exchange.close()

    built = build(path)

    assert built.commands == built.sequence - newer


async def test_nothing_sealed_is_nothing_to_snapshot(tmp_path):
    start(tmp_path).close()

    assert build(tmp_path) is None
    assert snapshots(tmp_path) == []


async def test_two_are_kept_and_nothing_unfinished(two_snapshots):
    path, _, newer, older = two_snapshots
    unfinished = snapshots(path)[0].with_suffix(".unfinished")
    unfinished.write_bytes(b"half of")
    assert [int(each.stem) for each in snapshots(path)] == [newer, older]

    exchange = start(path)
    trade(exchange, 30, seed=4)
    exchange.close()
    newest = build(path)

    assert [int(each.stem) for each in snapshots(path)] == [newest.sequence, newer]
    assert not unfinished.exists()


async def test_a_damaged_snapshot_is_passed_over_for_the_one_before(two_snapshots, capsys):
    path, before, _, older = two_snapshots
    newest = snapshots(path)[0]
    data = bytearray(newest.read_bytes())
    for place in (0, len(MAGIC) + 3, len(MAGIC) + 40, len(data) // 2, len(data) - 1):
        damaged = bytearray(data)
        damaged[place] ^= 0x10
        newest.write_bytes(damaged)
        assert began_with(path) == older
        assert f"{newest.name}" in capsys.readouterr().out
    for size in (0, 5, 30, len(data) - 1):
        newest.write_bytes(data[:size])
        assert began_with(path) == older
    goes_on(path, before)


async def test_without_any_that_does_the_whole_journal_is_replayed(two_snapshots):
    path, before, _, _ = two_snapshots
    for each in snapshots(path):
        each.write_bytes(b"nothing")

    assert began_with(path) == 0
    goes_on(path, before)


async def test_the_next_snapshot_does_without_those_that_do_not(two_snapshots):
    path, _, newer, _ = two_snapshots
    for each in snapshots(path):
        each.write_bytes(b"nothing")
    exchange = start(path)
    trade(exchange, 30, seed=4)
    exchange.close()

    built = build(path)

    assert built.commands == built.sequence > newer
    assert began_with(path) == built.sequence


@pytest.mark.parametrize(
    "changes",
    [
        {"snapshot_format": SNAPSHOT_FORMAT + 1},
        {"shape": "another"},
        {"rulebook_version": 99},
        {"scenario_hash": "another"},
        {"live_hash": f"{LIVE_HASH_VERSION}:another"},
        {"state_hash": "another"},
        {"state_bytes": 7},
        {"segment_number": 1},
        {"segment_number": 99},
        {"event_log_bytes": (1, 2, 3)},
        {"event_log_bytes": ()},
    ],
    ids=str,
)
async def test_a_snapshot_of_anything_else_is_passed_over(two_snapshots, changes):
    path, before, _, older = two_snapshots

    rewrite(snapshots(path)[0], **changes)

    assert began_with(path) == older
    goes_on(path, before)


async def test_a_snapshot_that_the_journal_does_not_go_on_from_is_passed_over(two_snapshots):
    """As after the loss of power as soon as it was made."""
    path, _, newer, older = two_snapshots
    journal = DataDirectory(path).journal
    covered = read_snapshot(snapshots(path)[0])[0].segment_number
    for number, segment in list_segments(journal):
        if number > covered:
            segment.unlink()

    assert began_with(path) == older
    exchange = start(path, boot_id="another run of the system")
    assert exchange.sequencer.last_sequence >= newer
    exchange.close()


async def test_a_snapshot_that_the_journal_contradicts_is_passed_over(two_snapshots):
    """Another journal that happens to reach the same sequence there."""
    path, _, newer, _ = two_snapshots
    other = path / "other"
    exchange = start(other)
    trade(exchange, 120, seed=77)
    exchange.close()
    build(other)
    foreign = snapshots(other)[0]
    header, _, _ = read_snapshot(foreign)
    following = segment_path(DataDirectory(other).journal, header.segment_number + 1)
    assert following.exists()
    ours = DataDirectory(path)
    number = read_snapshot(snapshots(path)[0])[0].segment_number
    target = snapshots(path)[0]
    target.write_bytes(foreign.read_bytes())
    rewrite(target, sequence=newer, segment_number=number)

    assert restore_newest(ours, ours.kept_scenario()).after.last_sequence < newer


async def test_a_snapshot_after_which_the_journal_is_of_another_rulebook_is_passed_over(two_snapshots):
    path, _, _, older = two_snapshots
    journal = DataDirectory(path).journal
    following = segment_path(journal, read_snapshot(snapshots(path)[0])[0].segment_number + 1)
    data = following.read_bytes()
    header, offset = read_header(memoryview(data), following, in_last_segment=False)
    foreign = msgspec.structs.replace(header, rulebook_version=99)
    following.write_bytes(SEGMENT_MAGIC + frame(msgspec.msgpack.encode(foreign)) + data[offset:])

    assert began_with(path) == older
    with pytest.raises(JournalCorrupt, match="another rulebook or scenario"):
        start(path)


async def test_a_journal_that_was_tampered_with_makes_no_snapshot(tmp_path):
    """Sound records, of verdicts that come out, but not the ones that the server wrote: only the seal can tell."""
    await traded_directory(tmp_path, steps=30)
    journal = DataDirectory(tmp_path).journal
    first = segment_path(journal, 2)
    data = first.read_bytes()
    header, offset = read_header(memoryview(data), first, in_last_segment=False)
    forged = msgspec.structs.replace(header, live_hash=f"{LIVE_HASH_VERSION}:forged")
    first.write_bytes(SEGMENT_MAGIC + frame(msgspec.msgpack.encode(forged)) + data[offset:])

    with pytest.raises(StateMismatch):
        build(tmp_path)
    assert snapshots(tmp_path) == []


async def test_one_is_built_at_a_time(tmp_path):
    await traded_directory(tmp_path)
    build(tmp_path)
    lock = DirectoryLock(DataDirectory(tmp_path).snapshots / "lock")

    with pytest.raises(DirectoryInUse):
        build(tmp_path)
    lock.release()


async def test_a_snapshot_waits_for_the_event_logs_and_is_not_made_without(tmp_path):
    await traded_directory(tmp_path)
    log = DataDirectory(tmp_path).events / "TEAM_2.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(EventsMissing, match=r"TEAM_2\.jsonl does not reach event"):
        build(tmp_path, patience_seconds=0)
    log.write_bytes(whole)
    assert build(tmp_path) is not None


async def test_with_event_logs_cut_short_an_older_snapshot_brings_the_events_back(two_snapshots):
    path, before, _, older = two_snapshots
    log = DataDirectory(path).events / "TEAM_2.jsonl"
    older_size = read_snapshot(snapshots(path)[1])[0].event_log_bytes[1]
    log.write_bytes(log.read_bytes()[: older_size + 10])

    assert began_with(path) == older
    goes_on(path, before)


async def test_without_event_logs_all_are_made_again(two_snapshots):
    path, before, _, _ = two_snapshots
    for log in DataDirectory(path).events.iterdir():
        log.unlink()

    assert began_with(path) == 0
    goes_on(path, before)


async def test_after_the_system_went_down_logs_are_trusted_up_to_the_snapshot(two_snapshots):
    """What came later was perhaps not on the disk: here a stretch of zeros and a changed word stand in its place."""
    path, before, newer, _ = two_snapshots
    sizes = read_snapshot(snapshots(path)[0])[0].event_log_bytes
    for team, size in enumerate(sizes, start=1):
        log = DataDirectory(path).events / f"TEAM_{team}.jsonl"
        data = bytearray(log.read_bytes())
        assert len(data) > size + 300
        data[size + 100 : size + 200] = bytes(100)
        data[-20:-15] = b"00000"
        log.write_bytes(data)

    exchange = start(path, boot_id="another run of the system")

    assert began_with(path) == newer
    assert streams(exchange) == before[1]
    exchange.close()


async def test_after_the_system_went_down_without_snapshots_all_logs_are_made_again(tmp_path):
    before = await traded_directory(tmp_path)
    for log in DataDirectory(tmp_path).events.iterdir():
        data = bytearray(log.read_bytes())
        data[len(data) // 2] ^= 0x01
        log.write_bytes(data)

    exchange = start(tmp_path, boot_id="another run of the system")

    assert streams(exchange) == before[1]
    exchange.close()


async def test_while_the_system_stays_up_logs_are_not_written_anew(tmp_path):
    await traded_directory(tmp_path)
    logs = sorted(DataDirectory(tmp_path).events.iterdir())
    written = [log.stat().st_mtime_ns for log in logs]

    start(tmp_path).close()

    assert [log.stat().st_mtime_ns for log in logs] == written


async def test_another_scenario_is_refused_as_ever(two_snapshots):
    path, before, _, _ = two_snapshots
    with pytest.raises(OtherScenario):
        start(path, load_scenario("demo"))
    goes_on(path, before)


async def test_damage_that_a_snapshot_covers_does_not_stop_a_start(two_snapshots):
    path, before, _, _ = two_snapshots
    first = segment_path(DataDirectory(path).journal, 1)
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 0xFF
    first.write_bytes(data)

    goes_on(path, before)
    assert last_segment(DataDirectory(path).journal) != first


async def test_a_log_in_whose_middle_a_reader_found_damage_is_made_anew_at_the_next_start(two_snapshots):
    path, before, _, _ = two_snapshots
    log = DataDirectory(path).events / "TEAM_2.jsonl"
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    lines[6] = lines[6].replace(b"2", b"3", 1)
    log.write_bytes(b"".join(lines))
    exchange = start(path)
    with pytest.raises(OSError, match="damaged: event 7 is not in its place"):
        exchange.private_streams.of_team(2).read(6)
    exchange.close()

    exchange = start(path)

    assert streams(exchange) == before[1]
    exchange.close()
    assert log.read_bytes() == whole
