"""The results of `verify` for a data directory: nothing, faults that the next start mends, or damage."""

import pytest
from journals import last_segment
from recovery_stage import build, snapshots, start, trade, traded_directory

from openoutcry.journal.segment import list_segments, segment_path
from openoutcry.runtime.data_directory import DataDirectory, NoExchangeHere
from openoutcry.runtime.recovery.snapshots.files import read_snapshot
from openoutcry.runtime.recovery.verification import verify
from openoutcry.runtime.streams.event_logs.seal import sealed


def found(path, kind):
    return [(finding.subject, finding.text) for finding in verify(path).findings if finding.kind == kind]


def log_of(path, team):
    return DataDirectory(path).events / f"TEAM_{team}.jsonl"


@pytest.fixture
async def directory(tmp_path):
    """Closed in good order, with a snapshot and more after it."""
    await traded_directory(tmp_path)
    build(tmp_path)
    exchange = start(tmp_path)
    trade(exchange, 20, seed=2)
    exchange.close()
    return tmp_path


async def test_of_a_sound_directory_everything_is_named_and_the_state_told(directory):
    verification = verify(directory)

    assert verification.is_sound
    assert {finding.kind for finding in verification.findings} == {"sound"}
    names = [finding.subject for finding in verification.findings]
    assert names[:2] == ["00000001.segment", "00000002.segment"]
    assert names[-2:] == [snapshots(directory)[0].name, "event logs"]
    exchange = start(directory)
    assert verification.state_hash == exchange.sequencer.state_hash()
    assert verification.sequence == exchange.sequencer.last_sequence
    exchange.close()


async def test_nothing_is_changed(directory):
    log_of(directory, 1).write_bytes(log_of(directory, 1).read_bytes()[:-5])
    last = last_segment(DataDirectory(directory).journal)
    last.write_bytes(last.read_bytes()[:-5])
    before = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}

    verify(directory)

    assert {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()} == before


async def test_a_running_server_s_directory_can_be_looked_through(tmp_path):
    exchange = start(tmp_path)
    trade(exchange, 40)

    verification = verify(tmp_path)

    assert verification.is_sound
    assert verification.sequence == exchange.sequencer.last_sequence
    exchange.close()


async def test_a_torn_tail_is_a_note(directory):
    last = last_segment(DataDirectory(directory).journal)
    last.write_bytes(last.read_bytes()[:-5])

    ((name, text),) = found(directory, "note")

    assert name == last.name
    assert "belong to a record that was cut short" in text
    assert verify(directory).is_sound


async def test_a_damaged_record_is_named_by_file_and_byte_with_the_command_to_run(directory):
    path = segment_path(DataDirectory(directory).journal, 3)
    data = bytearray(path.read_bytes())
    data[300] ^= 0xFF
    path.write_bytes(data)

    verification = verify(directory)

    damage = [finding.text for finding in verification.findings if finding.kind == "damage"]
    assert len(damage) == 1
    assert f"{path}, byte 2" in damage[0]
    assert f"openoutcry verify {directory} --repair-tail" in damage[0]
    assert not verification.is_sound
    assert [finding.subject for finding in verification.findings if finding.kind == "sound"][:2] == [
        "00000001.segment",
        "00000002.segment",
    ]
    # What the damage keeps from being compared is not called damaged.
    assert "not compared" in dict(found(directory, "note"))[snapshots(directory)[0].name]


async def test_a_missing_segment_is_damage(directory):
    segment_path(DataDirectory(directory).journal, 2).unlink()

    assert "segment 2 is missing" in found(directory, "damage")[0][1]


async def test_a_snapshot_that_was_changed_is_damage(directory):
    path = snapshots(directory)[0]
    data = bytearray(path.read_bytes())
    data[-1] ^= 0x01
    path.write_bytes(data)

    ((name, text),) = found(directory, "damage")

    assert name == path.name
    assert "changed since they were written" in text
    assert "a start needs no snapshot" in text


async def test_a_sound_snapshot_of_another_state_is_damage(directory, tmp_path):
    """One that was made of a journal that went another way, as only `verify` can tell."""
    await traded_directory(tmp_path / "other", seed=8)
    build(tmp_path / "other")
    theirs, ours = snapshots(tmp_path / "other")[0], snapshots(directory)[0]
    ours.unlink()
    theirs.rename(ours.with_name(theirs.name))
    last_covered = read_snapshot(snapshots(directory)[0])[0].segment_number
    assert last_covered < len(list_segments(DataDirectory(directory).journal))

    ((name, text),) = found(directory, "damage")

    assert name == theirs.name
    assert "the journal leads to another state" in text


async def test_a_snapshot_of_no_place_in_the_journal_is_damage(directory):
    covered = read_snapshot(snapshots(directory)[0])[0].segment_number
    for number, path in list_segments(DataDirectory(directory).journal):
        if number >= covered:
            path.unlink()

    assert "at whose end it was made" in dict(found(directory, "damage"))[snapshots(directory)[0].name]


async def test_a_journal_that_ends_where_a_snapshot_does_is_sound(directory):
    covered = read_snapshot(snapshots(directory)[0])[0].segment_number
    for number, path in list_segments(DataDirectory(directory).journal):
        if number > covered:
            path.unlink()
    for log in DataDirectory(directory).events.iterdir():
        log.unlink()

    assert verify(directory).is_sound


async def test_damage_that_a_snapshot_covers_is_not_to_be_cut(directory):
    segment = segment_path(DataDirectory(directory).journal, 1)
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(data)
    newest = snapshots(directory)[0]

    notes = dict(found(directory, "note"))

    assert "a start can begin with it" in notes[newest.name]
    for team in (1, 2, 3):
        log_of(directory, team).unlink()
    assert "a start passes it over (the event log of TEAM_1" in dict(found(directory, "note"))[newest.name]


async def test_event_logs_that_lack_or_have_too_much_are_notes(directory):
    log_of(directory, 1).write_bytes(b"".join(log_of(directory, 1).read_bytes().splitlines(keepends=True)[:-3]))
    log_of(directory, 2).unlink()
    with log_of(directory, 3).open("ab") as log:
        log.write(sealed(b'{"seq":9999}') + b'{"seq"')
    log_of(directory, 77).write_bytes(sealed(b'{"seq":1}'))

    notes = dict(found(directory, "note"))

    assert notes["TEAM_1.jsonl"] == "events that are missing: 3; the next start adds them"
    assert "events that are missing" in notes["TEAM_2.jsonl"]
    assert notes["TEAM_3.jsonl"].startswith("lines that the journal does not lead to: 1;")
    assert notes["TEAM_77.jsonl"].startswith("lines that the journal does not lead to: 1;")
    assert verify(directory).is_sound


async def test_an_event_that_was_changed_is_damage_by_its_number(directory):
    lines = log_of(directory, 2).read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b"2", b"3", 1)
    log_of(directory, 2).write_bytes(b"".join(lines))

    ((name, text),) = found(directory, "damage")

    assert name == "TEAM_2.jsonl"
    assert text.startswith("event 7 is not what the journal leads to")


async def test_the_advice_for_a_damaged_event_log_mends_it(directory):
    lines = log_of(directory, 2).read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b"2", b"3", 1)
    log_of(directory, 2).write_bytes(b"".join(lines))

    DataDirectory(directory).events.rename(directory / "moved away")
    start(directory).close()

    assert verify(directory).is_sound
    assert found(directory, "note") == []


@pytest.mark.makes_money
async def test_a_live_hash_that_the_journal_does_not_lead_to_is_damage(tmp_path, monkeypatch):
    """A server whose state was not what its journal says, as one with a broken memory."""
    exchange = start(tmp_path)
    trade(exchange, 20)
    exchange.sequencer._venue._state.teams[0].account.cash += 1
    trade(exchange, 40, seed=2)
    exchange.close()

    assert "the state here differs from the one that the server noted" in found(tmp_path, "damage")[0][1]


def test_a_directory_without_an_exchange_is_refused(tmp_path):
    with pytest.raises(NoExchangeHere):
        verify(tmp_path)
