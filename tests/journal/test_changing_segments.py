"""The change from a full segment to the next: no append waits for the disk, and no record that counted is lost."""

import threading
from pathlib import Path

import pytest
from faulty_disk import FaultyDisk, disk_broken, disk_full
from journals import Changes, SyncsWhenTold, go_on, read_all, record, records

from openoutcry.journal.files import SystemFiles
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.segment import list_provisional, list_segments, provisional_path, segment_path
from openoutcry.journal.sync import GroupSync, Successor
from openoutcry.journal.writer import JournalUnavailable

SEGMENT_BYTES = 300
"""A segment takes its header and about five records."""


class WatchedDisk(SystemFiles):
    """Notes what is done to it after the start, and in which thread."""

    def __init__(self):
        self.done = []

    def synchronize(self, descriptor):
        self._note("synchronize")
        super().synchronize(descriptor)

    def synchronize_path(self, path):
        self._note("synchronize_path")
        super().synchronize_path(path)

    def rename(self, path, name):
        self._note("rename")
        super().rename(path, name)

    def close(self, descriptor):
        self._note("close")
        super().close(descriptor)

    def _note(self, what):
        self.done.append((what, threading.get_ident()))


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
        options = {"files": disk, "on_change": changes, "sync_interval_seconds": 0, "segment_bytes": 1, **options}
        writers.append(go_on(tmp_path, **options))
        return writers[-1]

    yield open_writer
    disk.may_sync.set()
    for writer in writers:
        writer.close(clean=False)


def provisional_names(directory):
    return [path.name for _, path in list_provisional(directory)]


def test_no_append_ever_waits_for_the_disk(open_writer, changes):
    disk = WatchedDisk()
    writer = open_writer(files=disk, segment_bytes=SEGMENT_BYTES)
    disk.done.clear()

    for each in records(1, 500):
        writer.append(each)
    changes.until(lambda synced, _failure: synced == 500)

    done = {what for what, _ in disk.done}
    assert done == {"synchronize", "synchronize_path", "rename", "close"}
    assert threading.get_ident() not in {thread for _, thread in disk.done}


def test_what_follows_a_full_segment_is_appended_at_once_under_a_provisional_name(tmp_path, open_writer, disk, changes):
    sealed = []
    writer = open_writer(on_sealed=lambda: sealed.append(provisional_names(tmp_path)))
    disk.may_sync.clear()
    disk.sync_started.clear()
    writer.append(record(1))
    assert disk.sync_started.wait(30)

    assert provisional_names(tmp_path) == ["00000002.provisional"]
    assert read_all(tmp_path)[0] == records(1, 1)
    assert (writer.synced_sequence, sealed) == (0, [])

    disk.may_sync.set()
    changes.until(lambda synced, _failure: synced == 1)
    assert provisional_names(tmp_path) == []
    assert [number for number, _ in list_segments(tmp_path)] == [1, 2]
    assert read_all(tmp_path)[0] == records(1, 1)
    assert sealed == [[]]


def test_what_follows_counts_as_synced_only_when_what_it_follows_does_and_its_name_too(tmp_path):
    class Steps(SystemFiles):
        def __init__(self):
            self.seen = []

        def synchronize(self, descriptor):
            self._see(f"synchronize {Path(f'/dev/fd/{descriptor}').readlink().name}")

        def synchronize_path(self, path):
            self._see("synchronize the directory")

        def rename(self, path, name):
            self._see(f"rename to {name.name}")
            super().rename(path, name)

        def _see(self, what):
            if what_is_synced:
                self.seen.append((what, what_is_synced[0]()))

    what_is_synced = []
    steps = Steps()
    writer = go_on(tmp_path, files=steps, start_helper=SyncsWhenTold, segment_bytes=SEGMENT_BYTES)
    for each in records(1, 9):
        writer.append(each)
    full = JournalReader(tmp_path)
    last_of_full = next(list(segment)[-1].sequence for segment in full.segments())
    what_is_synced.append(lambda: writer.synced_sequence)
    writer.settle()
    what_is_synced.clear()

    assert 1 < last_of_full < 9
    assert steps.seen == [
        ("synchronize 00000001.segment", 0),
        ("rename to 00000002.segment", last_of_full),
        ("synchronize 00000002.segment", last_of_full),
        ("synchronize the directory", last_of_full),
    ]
    assert writer.synced_sequence == 9
    writer.close()


class Interrupted(GroupSync):
    """At the helper's look at what was appended, the other thread goes on: just before it, or just after."""

    appended_so_far = 0
    go_on_before = go_on_after = None

    @property
    def _appended(self):
        go_on, self.go_on_before = self.go_on_before, None
        if go_on is not None:
            go_on()
        seen = self.appended_so_far
        go_on, self.go_on_after = self.go_on_after, None
        if go_on is not None:
            go_on()
        return seen

    @_appended.setter
    def _appended(self, sequence):
        self.appended_so_far = sequence


@pytest.mark.parametrize(("moment", "synced"), [("go_on_before", 2), ("go_on_after", 1)])
def test_a_change_of_segments_while_the_helper_begins_is_no_reason_to_count_what_follows_too_early(
    tmp_path, moment, synced
):
    class Noted(SystemFiles):
        def synchronize(self, descriptor):
            done.append(descriptor)

    done, files = [], Noted()
    paths = segment_path(tmp_path, 1), provisional_path(tmp_path, 2), segment_path(tmp_path, 2)
    full, following = (files.create(path) for path in paths[:2])
    sync = Interrupted(files, tmp_path, full, 0, start_helper=SyncsWhenTold)
    sync.appended(1)

    def go_on():
        sync.go_on_in(Successor(following, *paths[1:], follows=1))
        sync.appended(2)

    setattr(sync, moment, go_on)
    sync.settle()

    assert (sync.synced_sequence, done) == (synced, [full, following])
    sync.settle()
    assert sync.synced_sequence == 2
    sync.close()


def test_while_the_disk_is_busy_with_one_change_the_segment_grows_on(tmp_path, open_writer, disk, changes):
    writer = open_writer()
    disk.may_sync.clear()
    for each in records(1, 50):
        writer.append(each)

    assert provisional_names(tmp_path) == ["00000002.provisional"]
    assert read_all(tmp_path)[0] == records(1, 50)
    disk.may_sync.set()
    changes.until(lambda synced, _failure: synced == 50)
    writer.append(record(51))
    changes.until(lambda synced, _failure: synced == 51)

    assert [number for number, _ in list_segments(tmp_path)] == [1, 2, 3]
    assert read_all(tmp_path)[0] == records(1, 51)


def test_the_bound_of_unsynced_records_bounds_what_grows_on(tmp_path, open_writer, disk, changes):
    writer = open_writer(maximum_unsynced=7)
    disk.may_sync.clear()
    for each in records(1, 7):
        writer.append(each)

    with pytest.raises(JournalUnavailable, match="7 records wait for the disk"):
        writer.append(record(8))
    disk.may_sync.set()
    changes.until(lambda synced, _failure: synced == 7)
    writer.append(record(8))

    assert read_all(tmp_path)[0] == records(1, 8)


def test_a_clean_close_brings_a_change_that_is_under_way_to_its_end(tmp_path):
    writer = go_on(tmp_path, start_helper=SyncsWhenTold, segment_bytes=1)
    for each in records(1, 3):
        writer.append(each)
    assert provisional_names(tmp_path)

    writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.clean, provisional_names(tmp_path)) == (records(1, 3), True, [])


def test_a_clean_close_whose_change_of_segments_fails_is_none(tmp_path, disk):
    writer = go_on(tmp_path, files=disk, start_helper=SyncsWhenTold, segment_bytes=1)
    writer.append(record(1))
    disk.rename_error = disk_broken()

    with pytest.raises(JournalUnavailable, match=r"closed in good order.*Input/output error"):
        writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.clean) == (records(1, 1), False)


def test_a_disk_too_full_for_the_name_of_a_segment_is_waited_out(tmp_path, disk):
    changes = Changes()
    writer = go_on(tmp_path, files=disk, on_change=changes, segment_bytes=SEGMENT_BYTES)
    disk.rename_error = disk_full()
    last = 0
    while not provisional_names(tmp_path):
        last += 1
        writer.append(record(last))
    changes.until(lambda synced, _failure: synced == last - 1)
    assert writer.failure is None

    disk.rename_error = None
    writer.append(record(last + 1))
    changes.until(lambda synced, failure: synced == last + 1 and failure is None)

    writer.close()
    found, end = read_all(tmp_path)
    assert (found, end.clean, provisional_names(tmp_path)) == (records(1, last + 1), True, [])


def test_a_close_while_the_disk_has_no_room_for_the_name_is_not_a_clean_one(tmp_path, disk):
    writer = go_on(tmp_path, files=disk, start_helper=SyncsWhenTold, segment_bytes=1)
    writer.append(record(1))
    disk.rename_error = disk_full()

    with pytest.raises(JournalUnavailable, match="no room for the name"):
        writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.clean) == (records(1, 1), False)


def test_a_segment_left_behind_does_not_make_a_clean_close_unclean(tmp_path, disk):
    writer = go_on(tmp_path, files=disk, start_helper=SyncsWhenTold, segment_bytes=1)
    disk.coming_writes.append(10)
    disk.remove_error = disk_broken()
    with pytest.raises(JournalUnavailable, match="only part of it"):
        writer.append(record(1))
    disk.remove_error = None

    writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.clean, end.torn_tail, provisional_names(tmp_path)) == ([], True, None, [])


def test_a_segment_begun_in_part_is_out_of_the_way_of_the_next_attempt(tmp_path, disk):
    writer = go_on(tmp_path, files=disk, start_helper=SyncsWhenTold, segment_bytes=1)
    disk.coming_writes.append(10)
    disk.remove_error = disk_broken()
    with pytest.raises(JournalUnavailable, match="only part of it"):
        writer.append(record(1))
    assert provisional_names(tmp_path)

    disk.remove_error = None
    writer.append(record(1))
    writer.close()

    assert read_all(tmp_path)[0] == records(1, 1)


def test_no_segment_follows_one_with_a_part_of_a_record_at_its_end(tmp_path, disk):
    writer = go_on(tmp_path, files=disk, start_helper=SyncsWhenTold, segment_bytes=SEGMENT_BYTES)
    last = 0
    while not provisional_names(tmp_path):
        last += 1
        writer.append(record(last))
    while list_provisional(tmp_path)[0][1].stat().st_size < SEGMENT_BYTES:  # full, while the disk is busy
        last += 1
        writer.append(record(last))
    disk.coming_writes.append(7)
    disk.truncate_error = disk_broken()
    with pytest.raises(JournalUnavailable, match="brought back to its last record"):
        writer.append(record(last + 1))
    writer.settle()
    with pytest.raises(JournalUnavailable, match="brought back to its last record"):
        writer.append(record(last + 1))
    assert provisional_names(tmp_path) == []

    disk.truncate_error = None
    disk.coming_writes.append(disk_full())  # of the next segment's header
    with pytest.raises(JournalUnavailable):
        writer.append(record(last + 1))
    writer.append(record(last + 1))
    writer.close()

    assert len(list_segments(tmp_path)) == 3
    assert read_all(tmp_path)[0] == records(1, last + 1)
