"""Appending records, with any faults of the disk."""

from pathlib import Path

import pytest
from faulty_disk import FaultyDisk, disk_broken, disk_full
from journals import SyncsAtOnce, SyncsWhenTold, go_on, last_segment, read_all, record, records, write_journal

from openoutcry.domain.commands import MassCancel
from openoutcry.domain.sequenced import Sequenced
from openoutcry.journal.framing import MAXIMUM_PAYLOAD_BYTES
from openoutcry.journal.segment import list_segments
from openoutcry.journal.sync import HelperThread
from openoutcry.journal.writer import JournalUnavailable


@pytest.fixture
def disk():
    return FaultyDisk()


@pytest.fixture
def writer(tmp_path, disk):
    writer = go_on(tmp_path, files=disk)
    yield writer
    writer.close(clean=False)


def test_a_record_is_in_the_file_when_append_returns(tmp_path, writer):
    for sequence in (1, 2, 3):
        writer.append(record(sequence))
        assert read_all(tmp_path)[0] == records(1, sequence)


@pytest.mark.parametrize("taken", range(60))
def test_a_short_write_leaves_no_trace_and_the_next_append_works(tmp_path, writer, disk, taken):
    writer.append(record(1))
    size = last_segment(tmp_path).stat().st_size
    disk.coming_writes.append(taken if taken < 40 else 0)

    with pytest.raises(JournalUnavailable, match="only part"):
        writer.append(record(2))
    assert last_segment(tmp_path).stat().st_size == size
    assert writer.last_sequence == 1

    writer.append(record(2))
    assert read_all(tmp_path)[0] == records(1, 2)


def test_a_full_disk_refuses_until_there_is_room(tmp_path, writer, disk):
    writer.append(record(1))
    disk.coming_writes.extend([disk_full(), disk_full()])

    for _ in range(2):
        with pytest.raises(JournalUnavailable, match="No space left on device"):
            writer.append(record(2))
    writer.append(record(2))

    assert read_all(tmp_path)[0] == records(1, 2)


def test_nothing_is_written_after_a_part_that_could_not_be_cut_off(tmp_path, writer, disk):
    writer.append(record(1))
    disk.coming_writes.append(7)
    disk.truncate_error = disk_broken()
    with pytest.raises(JournalUnavailable, match="brought back to its last record"):
        writer.append(record(2))
    with pytest.raises(JournalUnavailable, match="brought back to its last record"):
        writer.append(record(2))
    found, end = read_all(tmp_path)
    assert (found, end.torn_tail.size) == (records(1, 1), 7)

    disk.truncate_error = None
    writer.append(record(2))

    assert read_all(tmp_path)[0] == records(1, 2)


def test_a_record_too_large_is_refused_and_changes_nothing(tmp_path, writer):
    large = Sequenced(1, 1_000, MassCancel(1, "X" * MAXIMUM_PAYLOAD_BYTES), record(1).verdict)

    with pytest.raises(JournalUnavailable, match="too large"):
        writer.append(large)
    writer.append(record(1))

    assert read_all(tmp_path)[0] == records(1, 1)


def test_each_session_goes_on_in_a_segment_of_its_own(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4))

    writer = go_on(tmp_path)
    writer.append(record(5))
    writer.close()

    assert [number for number, _ in list_segments(tmp_path)] == [1, 2, 3]
    assert read_all(tmp_path)[0] == records(1, 5)


def test_a_close_that_cannot_be_synced_is_no_clean_one(tmp_path, disk):
    writer = go_on(tmp_path, files=disk)
    writer.append(record(1))
    writer.settle()
    disk.sync_error = disk_broken()

    with pytest.raises(JournalUnavailable, match="cannot be synced"):
        writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.clean) == (records(1, 1), False)


def test_a_close_that_cannot_be_written_is_no_clean_one(tmp_path, disk):
    writer = go_on(tmp_path, files=disk)
    writer.append(record(1))
    disk.coming_writes.append(disk_full())

    with pytest.raises(JournalUnavailable, match="No space left"):
        writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.clean, end.torn_tail) == (records(1, 1), False, None)


def test_a_segment_that_cannot_be_begun_is_not_left_behind(tmp_path, disk):
    write_journal(tmp_path, records(1, 2))
    disk.coming_writes.append(10)

    with pytest.raises(JournalUnavailable, match="next segment"):
        go_on(tmp_path, files=disk)

    assert [number for number, _ in list_segments(tmp_path)] == [1]
    assert read_all(tmp_path)[0] == records(1, 2)


def test_a_full_disk_at_the_change_of_segments_refuses_until_there_is_room(tmp_path, disk):
    writer = go_on(tmp_path, files=disk, segment_bytes=1, start_helper=SyncsAtOnce)
    writer.append(record(1))
    disk.coming_writes.append(disk_full())

    with pytest.raises(JournalUnavailable, match="next segment"):
        writer.append(record(2))
    writer.append(record(2))
    writer.close()

    assert read_all(tmp_path)[0] == records(1, 2)


@pytest.mark.parametrize("start_helper", [SyncsAtOnce, SyncsWhenTold, HelperThread])
@pytest.mark.parametrize("clean", [True, False])
def test_a_writer_leaves_no_descriptor_open(tmp_path, start_helper, clean):
    before = len(list(Path("/dev/fd").iterdir()))

    sessions = records(1, 5), records(6, 9)
    write_journal(tmp_path, *sessions, segment_bytes=1, start_helper=start_helper, clean=clean)

    assert len(list(Path("/dev/fd").iterdir())) == before


@pytest.mark.parametrize("clean", [True, False])
def test_after_the_close_nothing_is_written(tmp_path, clean):
    writer = go_on(tmp_path)
    writer.append(record(1))
    writer.close(clean=clean)
    size = last_segment(tmp_path).stat().st_size
    with (tmp_path / "another file").open("wb") as another:  # it is likely to get the segment's descriptor
        with pytest.raises(JournalUnavailable, match="the journal is closed"):
            writer.append(record(2))
        writer.try_again()
        assert writer.obstacle == "the journal is closed"
        assert another.tell() == 0
    assert (tmp_path / "another file").stat().st_size == 0
    assert last_segment(tmp_path).stat().st_size == size
