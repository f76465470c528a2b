"""A torn end is cut off the journal and kept in a file beside it."""

import pytest
from journals import go_on, last_segment, read_all, record, records, write_journal

from openoutcry.journal.segment import MAGIC, JournalCorrupt, list_segments, segment_path
from openoutcry.journal.tail import cut_torn_tail


def torn_journal(directory, bytes_left):
    write_journal(directory, records(1, 2), records(3, 4), clean=False)
    path = last_segment(directory)
    data = path.read_bytes()
    path.write_bytes(data[:bytes_left])
    return path, data[:bytes_left]


def test_what_is_torn_is_cut_off_and_kept_beside(tmp_path):
    path, torn = torn_journal(tmp_path, -3)
    _, end = read_all(tmp_path)

    copy = cut_torn_tail(end.torn_tail)

    assert copy == tmp_path / "00000002.segment.torn"
    assert path.read_bytes() + copy.read_bytes() == torn
    found, end = read_all(tmp_path)
    assert (found, end.torn_tail, end.clean) == (records(1, 3), None, False)


def test_the_journal_goes_on_after_the_cut(tmp_path):
    torn_journal(tmp_path, -3)
    cut_torn_tail(read_all(tmp_path)[1].torn_tail)

    writer = go_on(tmp_path)
    writer.append(record(4))
    writer.close()

    found, end = read_all(tmp_path)
    assert (found, end.epoch, end.clean) == (records(1, 4), 2, True)


def test_a_segment_torn_within_its_header_goes_altogether(tmp_path):
    path, torn = torn_journal(tmp_path, 20)

    copy = cut_torn_tail(read_all(tmp_path)[1].torn_tail)

    assert not path.exists()
    assert copy.read_bytes() == torn
    writer = go_on(tmp_path)
    writer.append(record(3))
    writer.close()
    assert read_all(tmp_path)[0] == records(1, 3)
    assert [number for number, _ in list_segments(tmp_path)] == [1, 2]


@pytest.mark.parametrize("left", [bytes(40), MAGIC[:3] + bytes(90), bytes(3)])
def test_a_segment_whose_size_outlived_its_bytes_goes_altogether(tmp_path, left):
    write_journal(tmp_path, records(1, 2))
    segment_path(tmp_path, 2).write_bytes(left)

    copy = cut_torn_tail(read_all(tmp_path)[1].torn_tail)

    assert copy.read_bytes() == left
    assert [number for number, _ in list_segments(tmp_path)] == [1]
    assert read_all(tmp_path)[0] == records(1, 2)


def test_a_segment_with_a_damaged_start_and_whole_records_is_no_torn_tail(tmp_path):
    path, data = torn_journal(tmp_path, None)
    path.write_bytes(bytes(4) + data[4:])

    with pytest.raises(JournalCorrupt, match="byte 0: this is no journal segment"):
        read_all(tmp_path)


def test_a_cut_that_a_crash_stopped_can_be_made_again(tmp_path):
    path, torn = torn_journal(tmp_path, -3)
    tail = read_all(tmp_path)[1].torn_tail
    cut_torn_tail(tail)
    path.write_bytes(torn)  # as if only the copy had reached the disk

    copy = cut_torn_tail(tail)

    assert path.read_bytes() + copy.read_bytes() == torn


def test_what_was_cut_off_earlier_is_kept_too(tmp_path):
    path, first = torn_journal(tmp_path, 20)
    cut_torn_tail(read_all(tmp_path)[1].torn_tail)
    path.write_bytes(first[:15])

    copy = cut_torn_tail(read_all(tmp_path)[1].torn_tail)

    assert copy.name == "00000002.segment.2.torn"
    assert (copy.read_bytes(), copy.with_name("00000002.segment.torn").read_bytes()) == (first[:15], first)
