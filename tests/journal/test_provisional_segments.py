"""Segments with a provisional name at a start: the last segment, or one that a loss of power has displaced."""

import shutil

import pytest
from journals import go_on, killed_changing_segments, read_all, record, records, write_journal

from openoutcry.journal.framing import whole_frames
from openoutcry.journal.reader import JournalReader, TornTail
from openoutcry.journal.segment import (
    MAGIC,
    JournalCorrupt,
    list_provisional,
    list_segments,
    provisional_path,
    segment_path,
)
from openoutcry.journal.tail import cut_torn_tail


def ends_of_frames(path):
    return [end for end, _ in whole_frames(memoryview(path.read_bytes()), len(MAGIC))]


def cut_off(path, size):
    path.write_bytes(path.read_bytes()[:size])


@pytest.fixture
def in_first(tmp_path):
    """How many of the twelve records of a server that was killed stand in the first of its two segments."""
    return killed_changing_segments(tmp_path, 12)


@pytest.fixture
def first(tmp_path):
    return segment_path(tmp_path, 1)


@pytest.fixture
def provisional(tmp_path, in_first):
    assert 1 < in_first < 11
    return provisional_path(tmp_path, 2)


def test_after_a_whole_segment_it_is_the_last_and_gets_its_own_name(tmp_path, provisional):
    found, end = read_all(tmp_path)
    assert (found, end.last_path, end.stranded, end.torn_tail) == (records(1, 12), provisional, None, None)

    writer = go_on(tmp_path)
    writer.append(record(13))
    writer.close()

    assert [number for number, _ in list_segments(tmp_path)] == [1, 2, 3]
    assert list_provisional(tmp_path) == []
    assert read_all(tmp_path)[0] == records(1, 13)


def test_its_own_end_may_be_torn(tmp_path, provisional):
    size = provisional.stat().st_size
    cut_off(provisional, size - 3)

    found, end = read_all(tmp_path)
    assert (found, end.torn_tail.path, end.stranded) == (records(1, 11), provisional, None)
    cut_torn_tail(end.torn_tail)
    go_on(tmp_path).close()

    assert [number for number, _ in list_segments(tmp_path)] == [1, 2, 3]
    assert read_all(tmp_path)[0] == records(1, 11)


@pytest.mark.parametrize("left", [b"", bytes(40), MAGIC[:3], MAGIC + bytes(30)])
def test_one_without_a_whole_header_goes_altogether(tmp_path, in_first, provisional, left):
    provisional.write_bytes(left)

    found, end = read_all(tmp_path)
    assert (found, end.torn_tail) == (records(1, in_first), TornTail(provisional, 0, len(left)))
    cut_torn_tail(end.torn_tail)
    go_on(tmp_path).close()

    assert list_provisional(tmp_path) == []
    assert read_all(tmp_path)[0] == records(1, in_first)


def test_after_a_segment_that_has_lost_its_end_it_does_not_count(tmp_path, first, in_first, provisional):
    whole, ends = first.read_bytes(), ends_of_frames(first)
    size = provisional.stat().st_size
    for cut in range(len(whole)):
        first.write_bytes(whole[:cut])
        found, end = read_all(tmp_path)
        kept = sum(each <= cut for each in ends[1:])
        assert found == records(1, kept)
        assert kept < in_first
        assert end.stranded == TornTail(provisional, 0, size)
        assert (end.torn_tail is None) == (cut in ends)
        assert not end.clean


@pytest.mark.parametrize("lost", [3, None], ids=["in a record", "between two"])
def test_one_that_does_not_count_is_kept_as_a_copy_and_its_number_given_again(
    tmp_path, first, in_first, provisional, lost
):
    cut_off(first, -lost if lost else ends_of_frames(first)[-2])
    stranded = provisional.read_bytes()
    _, end = read_all(tmp_path)

    copy = cut_torn_tail(end.stranded)
    if end.torn_tail is not None:
        cut_torn_tail(end.torn_tail)
    writer = go_on(tmp_path)
    writer.append(record(in_first))
    writer.close()

    assert (copy.name, copy.read_bytes()) == ("00000002.provisional.torn", stranded)
    assert [number for number, _ in list_segments(tmp_path)] == [1, 2]
    assert list_provisional(tmp_path) == []
    assert read_all(tmp_path)[0] == records(1, in_first)


def test_a_start_that_dies_between_the_two_cuts_can_be_made_again(tmp_path, first, in_first, provisional):
    cut_off(first, -3)
    cut_torn_tail(read_all(tmp_path)[1].torn_tail)  # the other way round: the worse case

    found, end = read_all(tmp_path)

    assert (found, end.stranded.path) == (records(1, in_first - 1), provisional)


def test_holes_in_it_are_cut_where_they_begin_for_nothing_in_it_ever_counted(tmp_path, in_first, provisional):
    first_end, second_end = ends_of_frames(provisional)[:2]
    data = bytearray(provisional.read_bytes())
    data[first_end:second_end] = bytes(second_end - first_end)
    provisional.write_bytes(data)

    found, end = read_all(tmp_path)
    assert (found, end.torn_tail) == (records(1, in_first), TornTail(provisional, first_end, len(data) - first_end))
    cut_torn_tail(end.torn_tail)
    go_on(tmp_path).close()

    assert read_all(tmp_path)[0] == records(1, in_first)


def test_damage_before_it_is_refused_as_in_a_last_segment(tmp_path, first, provisional):
    data = bytearray(first.read_bytes())
    data[ends_of_frames(first)[0] + 10] ^= 0xFF
    first.write_bytes(data)

    with pytest.raises(JournalCorrupt, match=rf"{first}.*whole ones follow it") as raised:
        read_all(tmp_path)
    assert raised.value.in_last_segment


def test_a_second_name_for_one_segment_is_refused(tmp_path, provisional):
    shutil.copy(provisional, segment_path(tmp_path, 2))

    with pytest.raises(JournalCorrupt, match=rf"{provisional}.*its name ends in .provisional"):
        read_all(tmp_path)


def test_two_segments_under_provisional_names_are_refused(tmp_path, provisional):
    shutil.copy(provisional, provisional_path(tmp_path, 3))

    with pytest.raises(JournalCorrupt, match="only one segment may"):
        read_all(tmp_path)


def test_a_segment_missing_before_it_is_not_passed_over(tmp_path, first, provisional):
    provisional.rename(provisional_path(tmp_path, 3))
    with pytest.raises(JournalCorrupt, match="only one segment may"):
        read_all(tmp_path)

    first.unlink()
    with pytest.raises(JournalCorrupt, match="only one segment may"):
        read_all(tmp_path)


def test_one_of_another_journal_is_refused(tmp_path, provisional):
    write_journal(tmp_path / "other", records(1, 30), segment_bytes=1_000_000)
    shutil.copy(segment_path(tmp_path / "other", 1), provisional)

    with pytest.raises(JournalCorrupt, match="starts at sequence 1, but follows"):
        read_all(tmp_path)


def test_a_reader_can_begin_right_before_it(tmp_path, in_first, provisional):
    whole = JournalReader(tmp_path)
    ends = []
    for segment in whole.segments():
        list(segment)
        ends.append(segment.end)

    rest = JournalReader(tmp_path, after=ends[0])

    assert rest.header.first_sequence == in_first + 1
    assert list(rest) == records(in_first + 1, 12)
    assert (rest.end, rest.bytes_read) == (whole.end, rest.bytes_total)


def test_what_is_sealed_ends_before_the_segment_that_it_follows(tmp_path, provisional):
    reader = JournalReader(tmp_path, sealed_only=True)

    assert list(reader) == []
    assert reader.seal.first_sequence == 1


def test_one_that_gets_its_own_name_while_the_journal_is_read_ends_it(tmp_path, in_first, provisional):
    reader = JournalReader(tmp_path)
    provisional.rename(segment_path(tmp_path, 2))

    assert list(reader) == records(1, in_first)
    assert read_all(tmp_path)[0] == records(1, 12)
