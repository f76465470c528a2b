"""The log of a team's private events on disk."""

import contextlib
import json

import pytest
from faulty_disk import FaultyDisk, disk_full
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain.types import TeamId
from openoutcry.runtime.streams.event_logs.folder import FLUSH_PHASES, EventLogs
from openoutcry.runtime.streams.event_logs.lines import LogDamaged
from openoutcry.runtime.streams.event_logs.log import FLUSH_BYTES, FLUSH_SECONDS, EventLog
from openoutcry.runtime.streams.event_logs.seal import SEAL_BYTES, message_of, sealed
from openoutcry.runtime.streams.event_logs.unwritten import WRITE_BYTES


def line(seq, padding=0):
    return json.dumps({"type": "order_cancelled", "seq": seq, "padding": "x" * padding}).encode()


def fill(log, last, *, first=1, padding=0):
    for seq in range(first, last + 1):
        log.append(seq, line(seq, padding))


def seqs(lines):
    return [json.loads(text)["seq"] for text in lines]


EVERYTHING = 1 << 30

MANY = 200
"""Events that take more than a few reads of the file to find one among them."""


def test_what_was_appended_is_read_back_before_and_after_it_is_on_disk(tmp_path):
    path = tmp_path / "TEAM_1.jsonl"
    log = EventLog(path)
    fill(log, 3)

    assert not path.exists()
    assert seqs(log.read(1, EVERYTHING)) == [2, 3]
    log.flush()
    assert path.read_bytes() == b"".join(sealed(line(seq)) for seq in (1, 2, 3))
    assert seqs(EventLog(path).read(0, EVERYTHING)) == [1, 2, 3]


def test_lines_are_written_when_enough_of_them_wait(tmp_path):
    path = tmp_path / "TEAM_1.jsonl"
    log = EventLog(path)

    fill(log, 3, padding=FLUSH_BYTES // 2)

    assert path.stat().st_size > FLUSH_BYTES


def test_logs_that_begin_to_fill_together_are_written_one_after_the_other(tmp_path):
    asked = []
    logs = EventLogs(tmp_path, lambda seconds, _callback: asked.append(seconds))

    for number in range(1, FLUSH_PHASES + 1):
        logs.of_team(TeamId(number)).append(1, line(1))

    assert len(set(asked)) == FLUSH_PHASES
    assert all(FLUSH_SECONDS / 2 < seconds <= FLUSH_SECONDS for seconds in asked)


def test_lines_are_written_when_the_timer_says_so(tmp_path):
    path = tmp_path / "TEAM_1.jsonl"
    timers = []
    log = EventLog(path, lambda _seconds, callback: timers.append(callback))

    fill(log, 2)
    assert len(timers) == 1
    timers.pop()()

    assert path.read_bytes().count(b"\n") == 2
    log.append(3, line(3))
    assert len(timers) == 1


@pytest.mark.parametrize("taken", range(120))
def test_everything_can_be_read_wherever_a_full_disk_has_stopped(tmp_path, taken):
    path = tmp_path / "TEAM_1.jsonl"
    disk = FaultyDisk()
    log = EventLog(path, files=disk)
    fill(log, 3)
    log.flush()
    fill(log, 5, first=4)
    disk.coming_writes.extend([taken, disk_full()])
    with contextlib.suppress(OSError):
        log.flush()
    fill(log, 6, first=6)

    for after_seq in range(7):
        assert seqs(log.read(after_seq, EVERYTHING)) == list(range(after_seq + 1, 7))

    disk.coming_writes.clear()
    log.flush()
    assert path.read_bytes() == b"".join(sealed(line(seq)) for seq in range(1, 7))
    assert seqs(log.read(0, EVERYTHING)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("torn", [b"{", sealed(line(4))[:-1], line(4) + b"\n"])
def test_an_incomplete_last_line_is_cut_off_and_written_anew(tmp_path, torn):
    path = tmp_path / "TEAM_1.jsonl"
    log = EventLog(path)
    fill(log, 3)
    log.flush()
    whole = path.read_bytes()
    path.write_bytes(whole + torn)

    log = EventLog(path)

    assert log.last_seq == 3
    assert path.read_bytes() == whole
    log.append(4, line(4))
    log.flush()
    assert seqs(EventLog(path).read(0, EVERYTHING)) == [1, 2, 3, 4]


@pytest.mark.parametrize("content", [b"not json\n", sealed(line(7)), line(1) + b"\n", b"\n\n", b"\xff\n"])
def test_a_file_that_is_no_such_log_is_derived_again_from_nothing(tmp_path, content):
    path = tmp_path / "TEAM_1.jsonl"
    path.write_bytes(content)

    log = EventLog(path)

    assert log.last_seq == 0
    fill(log, 2)
    log.flush()
    assert seqs(EventLog(path).read(0, EVERYTHING)) == [1, 2]


def test_a_replay_adds_only_what_is_missing(tmp_path):
    path = tmp_path / "TEAM_1.jsonl"
    log = EventLog(path)
    fill(log, 5)
    log.flush()
    log = EventLog(path)

    fill(log, 8)

    assert seqs(log.read(0, EVERYTHING)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_gap_is_a_bug(tmp_path):
    log = EventLog(tmp_path / "TEAM_1.jsonl")
    log.append(1, line(1))

    with pytest.raises(AssertionError, match="event 3 follows 1"):
        log.append(3, line(3))


@given(
    last=st.integers(min_value=0, max_value=MANY),
    after=st.integers(min_value=0, max_value=MANY + 2),
    limit=st.integers(min_value=0, max_value=4_000),
    reopened=st.booleans(),
)
def test_reading_starts_anywhere_and_gives_whole_lines_within_the_limit(tmp_path_factory, last, after, limit, reopened):
    path = tmp_path_factory.mktemp("log") / "TEAM_1.jsonl"
    log = EventLog(path)
    fill(log, last)
    if reopened:
        log.flush()
        log = EventLog(path)

    lines = log.read(after, limit)

    assert seqs(lines) == list(range(after + 1, after + 1 + len(lines)))
    assert bool(lines) == (after < last)
    if len(lines) > 1:
        assert sum(len(text) + SEAL_BYTES for text in lines) <= limit
    if lines and after + len(lines) < last:
        assert sum(len(text) + SEAL_BYTES for text in (*lines, line(after + len(lines) + 1))) > limit


@given(last=st.integers(min_value=0, max_value=MANY), kept=st.integers(min_value=0, max_value=200))
def test_after_truncation_the_log_goes_on_from_there(tmp_path_factory, last, kept):
    path = tmp_path_factory.mktemp("log") / "TEAM_1.jsonl"
    log = EventLog(path)
    fill(log, last)

    log.truncate(kept)

    kept = min(kept, last)
    assert log.last_seq == kept
    fill(log, kept + MANY, first=kept + 1, padding=1)
    assert seqs(log.read(0, EVERYTHING)) == list(range(1, kept + MANY + 1))
    log.flush()
    assert EventLog(path).last_seq == kept + MANY


@given(paddings=st.lists(st.sampled_from([0, 1, 300, 5_000]), min_size=1, max_size=40), data=st.data())
def test_any_event_is_found_among_lines_of_any_length(tmp_path_factory, paddings, data):
    path = tmp_path_factory.mktemp("log") / "TEAM_1.jsonl"
    log = EventLog(path)
    for seq, padding in enumerate(paddings, start=1):
        log.append(seq, line(seq, padding))
    log.flush()
    log = EventLog(path)
    after = data.draw(st.integers(min_value=0, max_value=len(paddings) - 1))

    assert log.last_seq == len(paddings)
    assert seqs(log.read(after, EVERYTHING)) == list(range(after + 1, len(paddings) + 1))
    log.truncate(after)
    assert EventLog(path).last_seq == after


def test_damage_that_a_reader_comes_upon_is_an_error_and_no_event(tmp_path):
    path = tmp_path / "TEAM_1.jsonl"
    log = EventLog(path)
    fill(log, MANY)
    log.flush()
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4_000] = bytes(4_000)
    path.write_bytes(data)
    log = EventLog(path)

    assert seqs(log.read(MANY - 1, EVERYTHING)) == [MANY]
    with pytest.raises(OSError, match="damaged"):
        log.read(MANY // 2 + 5, EVERYTHING)


def damaged_log(path, change):
    """A log whose 100th line was changed so on the disk."""
    log = EventLog(path)
    fill(log, MANY)
    log.flush()
    lines = path.read_bytes().splitlines(keepends=True)
    lines[99:100] = change(lines[99])
    path.write_bytes(b"".join(lines))
    return EventLog(path)


CHANGES = {
    "a letter is another": lambda line: [line.replace(b"order", b"ordes", 1)],
    "it is valid, and another": lambda line: [sealed(message_of(line).replace(b"100", b"101", 1))],
    "the checksum is another": lambda line: [line[:2] + bytes([line[2] ^ 1]) + line[3:]],
    "it is gone": lambda _line: [],
    "it stands twice": lambda line: [line, line],
    "it is cut in two": lambda line: [line[:20] + b"\n" + line[20:]],
    "its end is gone": lambda line: [line[:-1]],
    "zeros stand in its place": lambda line: [bytes(len(line))],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_damaged_line_in_the_middle_is_never_given_out(tmp_path, change):
    path = tmp_path / "TEAM_1.jsonl"
    log = damaged_log(path, change)

    given = log.read(90, EVERYTHING)
    assert given in ([line(seq) for seq in range(91, 91 + count)] for count in (9, 10))
    with pytest.raises(LogDamaged, match="damaged"):
        log.read(90 + len(given), EVERYTHING)


def test_a_log_that_was_found_damaged_is_removed_at_the_next_start_and_no_other_is(tmp_path):
    log = damaged_log(tmp_path / "TEAM_1.jsonl", CHANGES["a letter is another"])
    fill(EventLogs(tmp_path).of_team(TeamId(2)), 3, padding=FLUSH_BYTES)
    with pytest.raises(LogDamaged):
        log.read(99, EVERYTHING)

    assert [path.name for path in EventLogs(tmp_path).remove_damaged()] == ["TEAM_1.jsonl"]
    assert [path.name for path in tmp_path.iterdir()] == ["TEAM_2.jsonl"]
    assert EventLogs(tmp_path).remove_damaged() == []


def test_what_waits_is_written_in_pieces(tmp_path):
    sizes = []

    class Disk(FaultyDisk):
        def write(self, descriptor, data):
            sizes.append(len(data))
            return super().write(descriptor, data)

    folder = tmp_path / "events"
    log = EventLog(folder / "TEAM_1.jsonl", lambda _seconds, _callback: None, files=Disk())
    fill(log, 60, padding=WRITE_BYTES // 10)
    folder.mkdir()
    log.flush()

    assert len(sizes) == 6
    assert seqs(log.read(0, EVERYTHING)) == list(range(1, 61))


def test_a_first_line_that_is_cut_short_is_nothing(tmp_path):
    path = tmp_path / "TEAM_1.jsonl"
    path.write_bytes(sealed(line(1))[:-1])

    assert EventLog(path).last_seq == 0
    assert path.read_bytes() == b""


def test_while_the_disk_refuses_lines_wait_and_are_written_later(tmp_path):
    folder = tmp_path / "events"
    log = EventLog(folder / "TEAM_1.jsonl")

    fill(log, 3, padding=FLUSH_BYTES)
    with pytest.raises(FileNotFoundError):
        log.flush()
    folder.mkdir()
    log.flush()

    assert seqs(log.read(0, EVERYTHING)) == [1, 2, 3]


def test_while_the_disk_refuses_it_is_asked_again_by_the_timer_and_not_by_every_event(tmp_path):
    disk = FaultyDisk()
    timers = []
    log = EventLog(tmp_path / "TEAM_1.jsonl", lambda _seconds, callback: timers.append(callback), disk)
    disk.coming_writes.extend([disk_full(), disk_full()])

    fill(log, 5, padding=FLUSH_BYTES)
    assert (len(disk.coming_writes), len(timers)) == (1, 1)
    assert "No space left" in str(log.refusal)
    timers.pop()()
    assert (len(disk.coming_writes), len(timers)) == (0, 1)
    timers.pop()()

    assert (log.refusal, timers) == (None, [])
    assert seqs(EventLog(tmp_path / "TEAM_1.jsonl").read(0, EVERYTHING)) == [1, 2, 3, 4, 5]


def test_what_is_unwritten_is_counted_over_all_teams(tmp_path):
    disk = FaultyDisk()
    logs = EventLogs(tmp_path, files=disk)
    for team_id in (1, 2):
        logs.of_team(TeamId(team_id)).append(1, line(1))
    assert logs.unwritten_bytes == 2 * (len(line(1)) + SEAL_BYTES)

    disk.coming_writes.append(disk_full())
    with pytest.raises(OSError, match="No space left"):
        logs.flush()
    assert logs.unwritten_bytes == len(line(1)) + SEAL_BYTES
    assert "No space left" in str(logs.refusal)
    logs.flush()

    assert (logs.unwritten_bytes, logs.refusal) == (0, None)


def test_logs_of_teams_that_the_venue_does_not_know_are_removed(tmp_path):
    logs = EventLogs(tmp_path)
    for team_id in (1, 2):
        fill(logs.of_team(TeamId(team_id)), 2)
    logs.flush()

    logs.remove_strangers({TeamId(1)})

    assert [path.name for path in tmp_path.iterdir()] == ["TEAM_1.jsonl"]
    assert logs.of_team(TeamId(2)).last_seq == 0
