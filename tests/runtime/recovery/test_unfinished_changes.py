"""Servers that stopped while the disk was busy with a full segment: nothing is lost, or the loss is reported."""

import shutil

import pytest
from journals import SyncsAtOnce, read_all
from recovery_stage import build, queues, start, streams, trade, traded_directory
from structlog.testing import capture_logs

from openoutcry.bootstrap.server import IDS_SKIPPED
from openoutcry.domain.commands import SkipIds
from openoutcry.journal.framing import whole_frames
from openoutcry.journal.segment import MAGIC, JournalCorrupt, list_provisional, list_segments
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.repair import repair_tail
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.recovery.verification import verify


class DiskThatFallsBehind(SyncsAtOnce):
    """A journal's helper that does no work from some moment on."""

    def __init__(self, work, interval_seconds):
        self.is_behind = False
        self._work = work

    def wake(self):
        if not self.is_behind:
            self._work()


@pytest.fixture
async def left(tmp_path):
    """The directory of a server that was killed over a change of segments; hash, streams and queues at that moment."""
    helpers = []

    def start_helper(work, interval_seconds):
        helpers.append(DiskThatFallsBehind(work, interval_seconds))
        return helpers[0]

    await traded_directory(tmp_path / "running")
    build(tmp_path / "running")
    exchange = start(tmp_path / "running", start_helper=start_helper)
    trade(exchange, 10, seed=2)
    helpers[0].is_behind = True
    seed = 3
    while not list_provisional(journal(tmp_path / "running")):
        trade(exchange, 1, seed=seed)
        seed += 1
    trade(exchange, 5, seed=seed)
    seen = exchange.sequencer.state_hash(), streams(exchange), queues(exchange)
    shutil.copytree(tmp_path / "running", tmp_path / "left")
    exchange.close()
    return tmp_path / "left", seen


def journal(path):
    return DataDirectory(path).journal


def files_of(path):
    """The last segment with its own name, and the one after it."""
    return list_segments(journal(path))[-1][1], list_provisional(journal(path))[-1][1]


def number_of_records(path):
    return len(read_all(journal(path))[0])


async def test_after_a_kill_the_exchange_goes_on_with_all_that_was_appended(left):
    directory, (state_hash, told, standing) = left
    _, provisional = files_of(directory)
    commands = number_of_records(directory)
    assert rerun(directory).state_hash == state_hash
    assert verify(directory).is_sound
    assert provisional.name in {finding.subject for finding in verify(directory).findings}

    exchange = start(directory)

    assert list_provisional(journal(directory)) == []
    assert number_of_records(directory) == commands + 1
    assert read_all(journal(directory))[0][-1].command == SkipIds(IDS_SKIPPED)
    assert (streams(exchange), queues(exchange)) == (told, standing)
    exchange.close()
    assert verify(directory).is_sound


async def test_without_the_end_of_the_full_segment_it_goes_on_before_that_and_says_so(left):
    directory, (state_hash, *_) = left
    full, provisional = files_of(directory)
    size, stranded = full.stat().st_size, provisional.read_bytes()
    commands = number_of_records(directory)
    with full.open("r+b") as file:
        file.truncate(size - 5)
    notes = {finding.subject: finding.text for finding in verify(directory).findings if finding.kind == "note"}
    assert "power was lost before the segment before it was on the disk" in notes[provisional.name]
    assert "cut short" in notes[full.name]
    assert verify(directory).is_sound
    report = rerun(directory)
    assert (report.stranded_bytes, report.torn_bytes > 0, report.state_hash != state_hash) == (
        len(stranded),
        True,
        True,
    )
    kept = number_of_records(directory)
    assert kept < commands - 1

    with capture_logs() as logs:
        exchange = start(directory, boot_id="after the loss of power")

    copy = provisional.with_name(f"{provisional.name}.torn")
    assert copy.read_bytes() == stranded
    assert [entry["copy"] for entry in logs if entry["event"].startswith("segment set aside")] == [str(copy)]
    assert exchange.sequencer.epoch == 2
    assert number_of_records(directory) == kept + 1
    trade(exchange, 10, seed=9)
    exchange.close()
    assert list_provisional(journal(directory)) == []
    assert verify(directory).is_sound


async def test_what_a_repair_cuts_off_takes_what_follows_under_a_provisional_name_with_it(left):
    directory, _ = left
    full, provisional = files_of(directory)
    before = read_all(journal(directory))[0]
    data = bytearray(full.read_bytes())
    end_of_header, *ends = [end for end, _ in whole_frames(memoryview(bytes(data)), len(MAGIC))]
    data[end_of_header + 12] ^= 0xFF
    full.write_bytes(data)
    with pytest.raises(JournalCorrupt, match="--repair-tail") as raised:
        start(directory)
    assert "move later segments" not in str(raised.value)
    stranded = provisional.read_bytes()

    cut = repair_tail(directory)

    remaining = read_all(journal(directory))[0]
    assert remaining == before[: len(remaining)]
    # The damaged record cannot be read; all others are told.
    assert len([line for line in cut.lost if "cannot be read" not in line]) == len(before) - len(remaining) - 1
    assert len(before) - len(remaining) > len(ends)
    assert provisional.with_name(f"{provisional.name}.torn").read_bytes() == stranded
    start(directory).close()
    assert verify(directory).is_sound
