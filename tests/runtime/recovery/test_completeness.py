"""A journal that has lost its end, or everything, is refused if derived files show the loss."""

import shutil

import pytest
from journals import last_segment
from recovery_stage import TEAMS, build, snapshots, start, streams, trade, traded_directory

from openoutcry.journal.segment import list_segments
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.completeness import JournalIncomplete
from openoutcry.runtime.recovery.repair import repair_tail
from openoutcry.runtime.recovery.snapshots.files import read_snapshot
from openoutcry.runtime.recovery.verification import verify


@pytest.fixture
async def directory(tmp_path):
    """Closed, with a snapshot and segments after it."""
    await traded_directory(tmp_path)
    build(tmp_path)
    return tmp_path


def files_of(directory):
    """All but the lock, which a start that is refused has held."""
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file() and path.name != "lock"}


def covered_segment(directory):
    return read_snapshot(snapshots(directory)[0])[0].segment_number


def take_segments_away(directory, after):
    for number, path in list_segments(DataDirectory(directory).journal):
        if number > after:
            path.unlink()


async def closed_twice(path):
    """Two servers, each of which traded and was closed; the last segment is all of the second one's."""
    await traded_directory(path, segment_bytes=1_000_000)
    exchange = start(path, segment_bytes=1_000_000)
    trade(exchange, 30, seed=2)
    exchange.close()


@pytest.mark.parametrize("boot", ["the same", "another run of the system"])
async def test_an_end_that_is_gone_after_a_clean_close_shows_by_event_logs_alone(tmp_path, boot):
    await closed_twice(tmp_path)
    last_segment(DataDirectory(tmp_path).journal).unlink()
    before = files_of(tmp_path)

    with pytest.raises(JournalIncomplete, match=r"the end .* is missing: .*TEAM_\d\.jsonl holds an event of sequence"):
        start(tmp_path, **({} if boot == "the same" else {"boot_id": boot}))

    assert files_of(tmp_path) == before
    ((name, text),) = [(each.subject, each.text) for each in verify(tmp_path).findings if each.kind == "damage"]
    assert name == "journal"
    assert "the end of the journal is missing" in text
    assert "cuts them off" not in " ".join(each.text for each in verify(tmp_path).findings)


@pytest.mark.parametrize("cut", ["segments", "bytes"])
async def test_without_a_clean_close_event_logs_tell_of_a_lost_end_in_the_same_run_of_the_system(directory, cut):
    shutil.rmtree(directory / "snapshots")
    if cut == "segments":
        take_segments_away(directory, after=2)
    else:
        last = last_segment(DataDirectory(directory).journal)
        last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    before = files_of(directory)

    with pytest.raises(JournalIncomplete, match="holds an event of sequence"):
        start(directory)

    assert files_of(directory) == before
    assert not verify(directory).is_sound


async def test_the_loss_of_power_may_leave_events_whose_commands_are_lost(directory):
    last = last_segment(DataDirectory(directory).journal)
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    told = len(streams_on_disk(directory))

    start(directory, boot_id="another run of the system").close()

    assert len(streams_on_disk(directory)) < told


async def test_what_a_running_server_writes_meanwhile_is_not_missed(tmp_path):
    exchange = start(tmp_path)
    trade(exchange, 40)
    exchange.private_streams.close()  # all its events are in the logs

    assert verify(tmp_path).is_sound
    exchange.close()


def streams_on_disk(directory):
    return b"".join(path.read_bytes() for path in sorted((directory / "events").iterdir()))


@pytest.mark.parametrize("left", ["events", "snapshots"])
async def test_a_journal_that_is_gone_is_missed_and_what_was_made_of_it_is_left_alone(directory, left):
    shutil.rmtree(directory / "journal")
    shutil.rmtree(directory / ("snapshots" if left == "events" else "events"))
    before = files_of(directory)

    with pytest.raises(JournalIncomplete, match=rf"the journal is missing: .*{left}/.* was made from it"):
        start(directory)
    with pytest.raises(JournalIncomplete, match="the journal is missing"):
        start(directory, boot_id="another run of the system")

    assert files_of(directory) == before


async def test_an_end_that_is_gone_shows_by_a_snapshot_of_it(directory):
    take_segments_away(directory, after=covered_segment(directory) - 1)
    before = files_of(directory)
    snapshot = snapshots(directory)[0]

    with pytest.raises(
        JournalIncomplete, match=rf"the end .* is missing: .*{snapshot.name} .* after sequence {int(snapshot.stem)}\."
    ):
        start(directory)

    assert files_of(directory) == before
    assert not verify(directory).is_sound


async def test_its_advice_does(directory):
    whole = streams_of(directory)
    take_segments_away(directory, after=covered_segment(directory) - 1)
    for derived in ("snapshots", "events"):
        (directory / derived).rename(directory.parent / f"{directory.name} {derived}")

    exchange = start(directory)

    assert all(whole[team_id][: len(told)] == told for team_id, told in streams(exchange).items())
    trade(exchange, 10, seed=3)
    exchange.close()
    assert verify(directory).is_sound


def streams_of(directory):
    exchange = start(directory)
    told = streams(exchange)
    exchange.close()
    return told


async def test_a_journal_that_ends_where_a_snapshot_does_is_no_less_than_that_vouches_for(directory):
    """As after the loss of power in the moment in which the next segment was begun."""
    take_segments_away(directory, after=covered_segment(directory))

    exchange = start(directory, boot_id="another run of the system")

    assert exchange.sequencer.last_sequence > int(snapshots(directory)[0].stem)
    exchange.close()


async def test_a_snapshot_that_is_damaged_tells_nothing(directory):
    take_segments_away(directory, after=covered_segment(directory) - 1)
    snapshots(directory)[0].write_bytes(b"nothing")

    start(directory, boot_id="another run of the system").close()


async def test_snapshots_of_what_a_repair_cut_off_are_set_aside(directory):
    snapshot = snapshots(directory)[0]
    number, segment = list_segments(DataDirectory(directory).journal)[1]
    data = bytearray(segment.read_bytes())
    data[300] ^= 0xFF
    segment.write_bytes(data)
    take_segments_away(directory, after=number)

    repair_tail(directory)

    assert snapshots(directory) == []
    assert snapshot.with_name(f"{snapshot.name}.cut").exists()
    assert len(list((directory / "events").glob("TEAM_*.jsonl.cut"))) == TEAMS
    start(directory).close()
    assert verify(directory).is_sound


async def test_a_journal_that_was_cut_to_nothing_is_gone_on_from(tmp_path):
    await traded_directory(tmp_path, segment_bytes=100_000)
    (_, segment), *_ = list_segments(DataDirectory(tmp_path).journal)
    data = bytearray(segment.read_bytes())
    data[20] ^= 0xFF
    segment.write_bytes(data)
    take_segments_away(tmp_path, after=1)

    repair_tail(tmp_path)

    exchange = start(tmp_path)
    assert exchange.sequencer.queries.teams() == []
    exchange.close()
