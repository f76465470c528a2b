"""A helper syncs records to the disk. It reports its progress and its failures."""

from contextlib import suppress

import pytest
from faulty_disk import FaultyDisk, disk_broken
from journals import Changes, SyncsAtOnce, go_on, read_all, record, records

from openoutcry.journal.writer import JournalUnavailable


@pytest.fixture
def disk():
    return FaultyDisk()


@pytest.fixture
def changes():
    return Changes()


@pytest.fixture
def open_writer(tmp_path, disk, changes):
    writers = []

    def open_writer(**options):
        writer = go_on(tmp_path, files=disk, on_change=changes, sync_interval_seconds=0, **options)
        writers.append(writer)
        return writer

    yield open_writer
    disk.may_sync.set()
    for writer in writers:
        writer.close(clean=False)


def test_what_is_appended_gets_synced_without_being_asked(open_writer, changes):
    writer = open_writer()

    writer.append(record(1))
    changes.until(lambda synced, _failure: synced == 1)

    assert (writer.synced_sequence, writer.unsynced) == (1, 0)


def test_records_appended_during_a_sync_go_with_the_next_one_together(open_writer, disk, changes):
    writer = open_writer()
    disk.may_sync.clear()
    disk.sync_started.clear()
    before = disk.syncs
    writer.append(record(1))
    assert disk.sync_started.wait(30)
    for each in records(2, 50):
        writer.append(each)

    assert (writer.last_sequence, writer.synced_sequence, writer.unsynced) == (50, 0, 50)
    disk.may_sync.set()
    changes.until(lambda synced, _failure: synced == 50)
    assert disk.syncs - before == 2


def test_a_failed_sync_is_final(tmp_path, disk, changes):
    writer = go_on(tmp_path, files=disk, on_change=changes)
    disk.sync_error = disk_broken()
    writer.append(record(1))
    changes.until(lambda _synced, failure: failure is not None)
    disk.sync_error = None

    for _ in range(2):
        with pytest.raises(JournalUnavailable, match=r"Input/output error.*restart"):
            writer.append(record(2))
    writer.close()

    found, end = read_all(tmp_path)
    assert (writer.synced_sequence, found, end.clean) == (0, records(1, 1), False)


def test_at_the_bound_of_unsynced_records_none_is_taken(tmp_path, open_writer, disk, changes):
    writer = open_writer(maximum_unsynced=3)
    disk.may_sync.clear()
    for each in records(1, 3):
        writer.append(each)

    with pytest.raises(JournalUnavailable, match="3 records wait for the disk"):
        writer.append(record(4))
    disk.may_sync.set()
    changes.until(lambda synced, _failure: synced == 3)
    writer.append(record(4))

    assert read_all(tmp_path)[0] == records(1, 4)


def test_closing_syncs_what_was_not(open_writer, tmp_path, disk):
    writer = go_on(tmp_path, files=disk, sync_interval_seconds=3_600)
    for each in records(1, 3):
        writer.append(each)
    before = disk.syncs

    writer.close()

    assert disk.syncs > before
    assert read_all(tmp_path)[1].clean


def test_the_time_of_each_sync_is_told(tmp_path, disk):
    seconds = []
    writer = go_on(tmp_path, files=disk, observe_seconds=seconds.append, start_helper=SyncsAtOnce)
    for each in records(1, 3):
        writer.append(each)
    writer.close()

    assert len(seconds) >= 2
    assert all(each >= 0 for each in seconds)


@pytest.mark.parametrize("where", ["on_sealed", "observe_seconds", "the disk"])
def test_an_exception_that_is_not_the_disk_s_ends_the_syncs_in_words_and_not_in_silence(
    tmp_path, open_writer, disk, changes, where
):
    def fail(*_):
        raise ValueError("a bug")

    options = {where: fail} if where != "the disk" else {}
    writer = open_writer(segment_bytes=1, **options)
    if where == "the disk":
        disk.sync_error = ValueError("a bug")
    writer.append(record(1))
    with suppress(JournalUnavailable):  # the first sync may have failed already
        writer.append(record(2))
    changes.until(lambda _synced, failure: failure is not None)

    assert "ValueError: a bug" in writer.failure
    with pytest.raises(JournalUnavailable, match="a bug"):
        writer.append(record(3))
    disk.sync_error = None
