"""Reading a journal: whole, torn, damaged, or growing meanwhile."""

import msgspec
import pytest
from journals import SCENARIO_HASH, SyncsAtOnce, go_on, last_segment, read_all, record, records, write_journal

from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.journal.framing import FRAME_OVERHEAD, frame, whole_frames
from openoutcry.journal.reader import JournalEnd, JournalReader
from openoutcry.journal.records import FORMAT_VERSION, UNKNOWN_HASH, CleanClose, SegmentHeader
from openoutcry.journal.segment import MAGIC, JournalCorrupt, JournalFormat, list_segments, segment_path, segment_start

ENCODE = msgspec.msgpack.encode


def header(first_sequence=1, *, epoch=1, scenario_hash=SCENARIO_HASH, rulebook_version=RULEBOOK_VERSION):
    return SegmentHeader(FORMAT_VERSION, rulebook_version, scenario_hash, epoch, first_sequence)


def write_segment(directory, number, *entries, segment_header=None):
    start = segment_start(segment_header or header())
    segment_path(directory, number).write_bytes(start + b"".join(frame(ENCODE(entry)) for entry in entries))


def frame_starts(path):
    """Where the header, and each entry after it, starts."""
    data = memoryview(path.read_bytes())
    return [len(MAGIC), *(end for end, _ in whole_frames(data, len(MAGIC)))][:-1]


def test_no_journal_reads_as_an_empty_one(tmp_path):
    assert read_all(tmp_path / "journal") == ([], JournalEnd())


def test_records_of_all_segments_come_back_in_order(tmp_path):
    write_journal(tmp_path, records(1, 4), [], records(5, 9))

    found, end = read_all(tmp_path)

    assert found == records(1, 9)
    assert len(list_segments(tmp_path)) == 3
    assert (end.last_sequence, end.last_time, end.epoch, end.clean) == (9, 1_009, 1, True)


def test_the_header_is_known_before_the_first_record(tmp_path):
    write_journal(tmp_path, records(1, 2))

    assert JournalReader(tmp_path).header == header()


def test_a_clean_close_is_told_from_a_stop(tmp_path):
    write_journal(tmp_path, records(1, 2), clean=False)
    _, stopped = read_all(tmp_path)
    write_journal(tmp_path, records(3, 4))
    _, closed = read_all(tmp_path)

    assert (stopped.clean, stopped.epoch, stopped.next_epoch) == (False, 1, 2)
    assert (closed.clean, closed.epoch, closed.next_epoch) == (True, 2, 2)


def test_a_cut_at_any_byte_of_the_last_segment_is_a_torn_tail(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 5))
    path = last_segment(tmp_path)
    whole = path.read_bytes()
    starts = frame_starts(path)

    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        found, end = read_all(tmp_path)
        kept = sum(start <= cut for start in starts[1:]) - 1 if cut >= starts[1] else 0
        assert found == records(1, 2 + kept)
        assert end.last_sequence == 2 + kept
        assert not end.clean
        good = starts[1 + kept] if cut >= starts[1] else 0
        if cut == good and cut:
            assert end.torn_tail is None
        else:
            assert (end.torn_tail.path, end.torn_tail.offset, end.torn_tail.size) == (path, good, cut - good)


def test_a_flipped_bit_is_corruption_unless_it_could_be_a_torn_tail(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4), clean=False)
    path = last_segment(tmp_path)
    whole = path.read_bytes()
    last_entry = frame_starts(path)[-1]

    for bit in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        if bit // 8 >= last_entry:
            found, end = read_all(tmp_path)
            assert found == records(1, 3)
            assert end.torn_tail.offset == last_entry
        else:
            with pytest.raises(JournalCorrupt) as raised:
                read_all(tmp_path)
            assert raised.value.path == path
            assert raised.value.offset <= bit // 8


def test_a_torn_record_with_a_segment_after_it_is_corruption(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4))
    first = segment_path(tmp_path, 1)
    data = first.read_bytes()
    first.write_bytes(data[:-1])

    with pytest.raises(JournalCorrupt, match=r"00000001\.segment.*cut short, but another segment follows"):
        read_all(tmp_path)


def test_corruption_says_where_and_what_to_do(tmp_path):
    write_journal(tmp_path, records(1, 3))
    path = last_segment(tmp_path)
    second = frame_starts(path)[2]
    data = bytearray(path.read_bytes())
    data[second + FRAME_OVERHEAD + 2] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(
        JournalCorrupt, match=rf"{path}, byte {second}: .*openoutcry verify {tmp_path.parent} --repair-tail"
    ):
        read_all(tmp_path)


def test_a_missing_segment_is_corruption(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4), records(5, 6))
    segment_path(tmp_path, 2).unlink()

    with pytest.raises(JournalCorrupt, match="segment 2 is missing"):
        read_all(tmp_path)


def test_other_files_in_the_directory_are_no_segments(tmp_path):
    write_journal(tmp_path, records(1, 2))
    (tmp_path / "00000001.segment.torn").write_bytes(b"x")
    (tmp_path / "1.segment").write_bytes(b"x")

    assert read_all(tmp_path)[0] == records(1, 2)


def test_a_file_that_is_no_segment_is_refused(tmp_path):
    segment_path(tmp_path, 1).write_bytes(b"not a journal at all")

    with pytest.raises(JournalCorrupt, match="no journal segment"):
        read_all(tmp_path)


def test_another_format_is_refused_by_its_number_whatever_else_it_holds(tmp_path):
    start = MAGIC + frame(ENCODE([FORMAT_VERSION + 1, {"new": "shape"}]))
    segment_path(tmp_path, 1).write_bytes(start)

    with pytest.raises(JournalFormat, match=rf"format {FORMAT_VERSION + 1}; .* reads .*format {FORMAT_VERSION}:"):
        JournalReader(tmp_path)


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        pytest.param([record(1), record(3)], "sequence 3 follows 1", id="a gap"),
        pytest.param([record(1), record(1)], "sequence 1 follows 1", id="a repeat"),
        pytest.param([record(1), msgspec.structs.replace(record(2), time=1)], "time goes back", id="time"),
        pytest.param(
            [record(1), CleanClose(1), record(2)],
            "mark of a clean close stands here, but something follows",
            id="after a close",
        ),
        pytest.param([record(1), CleanClose(2)], "closed after sequence 2", id="a close elsewhere"),
        pytest.param([record(1), ["not", "an", "entry"]], "no entry of a journal", id="another entry"),
    ],
)
def test_records_out_of_order_are_corruption(tmp_path, entries, problem):
    write_segment(tmp_path, 1, *entries)

    with pytest.raises(JournalCorrupt, match=problem):
        read_all(tmp_path)


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        pytest.param(header(3, epoch=2), "starts at sequence 3, but follows 1", id="sequence"),
        pytest.param(header(2, epoch=1), "is of epoch 1", id="epoch"),
        pytest.param(header(2, epoch=2, scenario_hash="other"), "another rulebook or scenario", id="scenario"),
        pytest.param(header(2, epoch=2, rulebook_version=99), "another rulebook or scenario", id="rulebook"),
    ],
)
def test_segments_that_do_not_follow_each_other_are_corruption(tmp_path, second, problem):
    write_segment(tmp_path, 1, record(1), segment_header=header(1, epoch=2))
    write_segment(tmp_path, 2, record(2), segment_header=second)

    with pytest.raises(JournalCorrupt, match=problem):
        read_all(tmp_path)


def test_a_journal_can_be_read_while_it_is_written(tmp_path):
    writer = go_on(tmp_path)
    for each in records(1, 3):
        writer.append(each)

    assert read_all(tmp_path)[0] == records(1, 3)
    writer.close()


def test_progress_reaches_the_size_of_the_journal(tmp_path):
    write_journal(tmp_path, records(1, 3), records(4, 5))
    reader = JournalReader(tmp_path)

    seen = [reader.bytes_read for _ in reader]

    assert seen == sorted(seen)
    assert reader.bytes_read == reader.bytes_total


def test_a_journal_of_the_first_format_is_read(tmp_path):
    """Hand-made: its header and its mark of a clean close tell less."""
    start = MAGIC + frame(ENCODE([1, RULEBOOK_VERSION, SCENARIO_HASH, 3, 1]))
    entries = [record(1), record(2), [2, 2]]
    segment_path(tmp_path, 1).write_bytes(start + b"".join(frame(ENCODE(entry)) for entry in entries))

    found, end = read_all(tmp_path)

    assert found == records(1, 2)
    assert (end.epoch, end.clean, end.live_hash) == (3, True, UNKNOWN_HASH)
    write_journal(tmp_path, records(3, 4))
    assert read_all(tmp_path)[0] == records(1, 4)


def test_what_the_writer_knew_of_the_state_and_the_machine_stands_in_the_journal(tmp_path):
    hashes = iter(["at the start", "after nothing", "after 1", "after 2", "at the end"])
    options = {"segment_bytes": 1, "start_helper": SyncsAtOnce}
    writer = go_on(tmp_path, live_hash=lambda: next(hashes), boot_id="this run", **options)
    for each in records(1, 3):
        writer.append(each)
    writer.close()

    reader = JournalReader(tmp_path)
    seen = [(segment.header.live_hash, [each.sequence for each in segment]) for segment in reader.segments()]

    assert seen == [("at the start", []), ("after nothing", [1]), ("after 1", [2]), ("after 2", [3])]
    assert (reader.end.live_hash, reader.boot_id) == ("at the end", "this run")


def test_each_segment_that_is_full_and_closed_is_told_of(tmp_path):
    told = []
    options = {"segment_bytes": 1, "start_helper": SyncsAtOnce}
    writer = go_on(tmp_path, on_sealed=lambda: told.append(len(list_segments(tmp_path))), **options)
    for each in records(1, 3):
        writer.append(each)
    writer.close()

    assert told == [2, 3, 4]


def test_a_reader_can_begin_after_any_segment(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4), [], records(5, 6))
    ends = []
    whole = JournalReader(tmp_path)
    for segment in whole.segments():
        list(segment)
        ends.append(segment.end)

    for number, end in enumerate(ends):
        rest = JournalReader(tmp_path, after=end)
        assert [each.sequence for each in rest] == list(range(end.last_sequence + 1, 7))
        if number < 3:
            assert rest.end == whole.end


def test_the_segments_after_the_place_are_held_to_it(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4))

    with pytest.raises(JournalCorrupt, match="starts at sequence 3, but follows 1"):
        list(JournalReader(tmp_path, after=JournalEnd(segment_number=1, last_sequence=1)))


def test_what_is_sealed_can_be_read_alone(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4), records(5, 6))

    reader = JournalReader(tmp_path, sealed_only=True)

    assert list(reader) == records(1, 4)
    assert reader.seal.first_sequence == 5
    assert JournalReader(tmp_path / "none", sealed_only=True).seal is None


def test_a_sealed_segment_has_no_torn_tail(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4))
    path = segment_path(tmp_path, 1)
    path.write_bytes(path.read_bytes()[:-1])

    reader = JournalReader(tmp_path, sealed_only=True)
    with pytest.raises(JournalCorrupt, match="cut short"):
        list(reader)


def test_commands_that_a_later_segment_quarantines_are_known_from_the_start(tmp_path):
    write_journal(tmp_path, records(1, 3))
    go_on(tmp_path, quarantined=(2,)).close(clean=False)
    write_journal(tmp_path, records(4, 5))

    assert JournalReader(tmp_path).quarantined == {2}


def test_damage_before_the_last_segment_is_not_cut_as_if_nothing_followed(tmp_path):
    write_journal(tmp_path, records(1, 2), records(3, 4))
    path = segment_path(tmp_path, 1)
    data = bytearray(path.read_bytes())
    data[frame_starts(path)[1] + FRAME_OVERHEAD] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(JournalCorrupt, match="move later segments out of it") as raised:
        read_all(tmp_path)
    assert not raised.value.in_last_segment
