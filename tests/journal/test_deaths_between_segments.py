"""A server that dies at any step of the change from a full segment to the next: no record that counted is lost."""

import shutil
from contextlib import suppress
from random import Random

import pytest
from journals import SyncsWhenTold, go_on, killed_changing_segments, read_all, record, records

from openoutcry.journal.segment import JournalCorrupt, list_provisional, segment_path
from openoutcry.journal.tail import cut_torn_tail
from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.files import ProcessFiles
from proofs.chaos.machine.loop import VirtualLoop
from proofs.chaos.machine.process import Process, ProcessKilled

SEGMENT_BYTES = 300
"""A segment takes its header and about five records."""

STEPS = 75
"""More operations than a server does in the test that lets one die at each of them."""


def start(directory, files, **options):
    """A writer on a journal that has been put right, as a start does."""
    _, end = read_all(directory)
    for unfinished in (end.stranded, end.torn_tail):
        if unfinished is not None:
            cut_torn_tail(unfinished, files)
    return go_on(directory, files=files, **options)


class Life:
    """One server's journal on a simulated disk, which does a round of syncs after every other record."""

    def __init__(self, directory, disk, loop):
        self.process = Process("server", loop)
        self.files = ProcessFiles(disk, self.process)
        self.appended = 0
        self.helpers = []
        self.writer = start(directory, self.files, start_helper=self._start_helper, segment_bytes=SEGMENT_BYTES)

    def run(self, last):
        """Append up to `last` and close, or die over it."""
        with suppress(ProcessKilled):
            for sequence in range(self.writer.last_sequence + 1, last + 1):
                self.writer.append(record(sequence))
                self.appended = sequence
                if sequence % 2 == 0:
                    self.helpers[0].work()
        with suppress(ProcessKilled):
            self.writer.close(clean=self.process.alive)

    @property
    def synced(self):
        return self.writer.synced_sequence

    def _start_helper(self, work, interval_seconds):
        self.helpers.append(SyncsWhenTold(work, interval_seconds))
        return self.helpers[0]


@pytest.fixture
def loop():
    loop = VirtualLoop()
    yield loop
    loop.close()


@pytest.mark.parametrize("how", ["kill", "power loss"])
def test_a_death_at_any_step_loses_nothing_that_counted_and_the_next_server_goes_on(tmp_path, loop, how):
    outcomes = set()
    for step in range(STEPS):
        for seed in range(4):
            directory = tmp_path / f"{step} {seed}"
            directory.mkdir()
            disk = SimulatedDisk(Random(seed), lambda: 1.0)
            life = Life(directory, disk, loop)
            life.files.die_after(step, life.process.kill)
            life.run(24)
            if how == "power loss" and not life.process.alive:
                disk.lose_power()
            refusal = None
            try:
                found, end = read_all(directory)
            except JournalCorrupt as corrupt:
                refusal = corrupt
            if refusal is not None:
                # What the disk made of bytes that were never synced may look like anything; others are as they were.
                assert (how, refusal.in_last_segment) == ("power loss", True)
                continue
            if list_provisional(directory):
                outcomes.add("set aside" if end.stranded else "gone on after")
            assert found == records(1, len(found))
            assert len(found) >= (life.appended if how == "kill" else life.synced)

            after = Life(directory, disk, loop)
            assert list_provisional(directory) == []
            after.run(len(found) + 12)
            disk.lose_power()

            assert read_all(directory)[0] == records(1, len(found) + 12)
            assert read_all(directory)[1].clean
    assert life.process.alive, "every step was met"
    assert outcomes == ({"gone on after"} if how == "kill" else {"set aside", "gone on after"})


@pytest.mark.parametrize("how", ["kill", "power loss"])
@pytest.mark.parametrize("first", ["whole", "torn"])
def test_a_start_that_dies_at_any_step_can_be_made_again(tmp_path, loop, first, how):
    left = tmp_path / "left"
    in_first = killed_changing_segments(left, 12)
    if first == "torn":
        full = segment_path(left, 1)
        full.write_bytes(full.read_bytes()[:-3])
    kept = 12 if first == "whole" else in_first - 1
    for step in range(15):
        directory = tmp_path / str(step)
        shutil.copytree(left, directory)
        disk = SimulatedDisk(Random(step), lambda: 1.0)  # all that it finds there is durable
        process = Process("server", loop)
        files = ProcessFiles(disk, process)
        files.die_after(step, process.kill)
        with suppress(ProcessKilled):
            start(directory, files).close(clean=False)
        if how == "power loss":
            disk.lose_power()

        assert read_all(directory)[0] == records(1, kept)
        life = Life(directory, disk, loop)
        life.run(kept + 5)
        assert list_provisional(directory) == []
        assert read_all(directory)[0] == records(1, kept + 5)
        if process.alive:
            return
    pytest.fail("a start has more steps")
