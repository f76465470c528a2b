"""A journal that has lost its end, or everything: refused where what was derived from it tells, and never guessed."""

import shutil

import pytest
from recovery_stage import build, snapshots, start, streams, trade, traded_directory

from openoutcry.journal.segment import list_segments
from openoutcry.journal.snapshot_files import read_snapshot
from openoutcry.runtime.completeness import JournalIncomplete
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.repair import repair_tail
from openoutcry.runtime.verification import verify


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
        JournalIncomplete, match=rf"the end .* is missing: .*{snapshot.name} .* after {int(snapshot.stem)}\."
    ):
        start(directory)

    assert files_of(directory) == before
    assert not verify(directory).is_sound


async def test_its_advice_does(directory):
    whole = streams_of(directory)
    take_segments_away(directory, after=covered_segment(directory) - 1)
    (directory / "snapshots").rename(directory.parent / f"{directory.name} snapshots")

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

    exchange = start(directory)

    assert exchange.sequencer.last_sequence > int(snapshots(directory)[0].stem)
    exchange.close()


async def test_a_snapshot_that_is_damaged_tells_nothing(directory):
    take_segments_away(directory, after=covered_segment(directory) - 1)
    snapshots(directory)[0].write_bytes(b"nothing")

    start(directory).close()


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
