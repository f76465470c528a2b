"""When snapshots are made beside a running exchange, and what follows if they fail."""

import os
import sys
import threading

import pytest
from recovery_stage import build, snapshots, start, trade, traded_directory, until

from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.schedule import (
    LONGEST_RETRY_SECONDS,
    RETRY_SECONDS,
    ChildProcess,
    SnapshotFailed,
    SnapshotSchedule,
)


class GatedBuilder:
    """Builds in the thread that asks, while the gate is open."""

    def __init__(self, path, outcome=None):
        self.path = path
        self.outcome = outcome
        self.begun = 0
        self.gate = threading.Event()
        self.is_stopped = False

    def build(self):
        self.begun += 1
        assert self.gate.wait(60)
        if self.is_stopped:
            raise SnapshotFailed("stopped")
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return build(self.path)

    def stop(self):
        self.is_stopped = True
        self.gate.set()


async def test_a_child_process_makes_one_after_a_seal_and_the_next_start_begins_with_it(tmp_path):
    exchange = start(tmp_path, builder=ChildProcess(tmp_path))
    trade(exchange, 60)

    await until(lambda: exchange.snapshots.built and not exchange.snapshots.is_building)

    assert exchange.snapshots.failures == 0
    made = exchange.snapshots.last
    assert 0 < made.sequence <= exchange.sequencer.last_sequence
    metrics = exchange.metrics.text().decode()
    assert f"openoutcry_snapshot_sequence {float(made.sequence)}" in metrics
    state_hash = exchange.sequencer.state_hash()
    exchange.close()
    exchange = start(tmp_path)
    assert exchange.sequencer.state_hash() == state_hash
    exchange.close()


async def test_what_is_sealed_while_one_is_made_is_taken_up_by_another(tmp_path):
    builder = GatedBuilder(tmp_path)
    exchange = start(tmp_path, builder=builder)
    trade(exchange, 30)
    await until(lambda: builder.begun == 1)
    trade(exchange, 60, seed=2)
    await until(lambda: exchange.snapshots.is_building)

    assert builder.begun == 1

    builder.gate.set()
    await until(lambda: builder.begun == 2 and not exchange.snapshots.is_building)

    last = JournalReader(DataDirectory(tmp_path).journal, sealed_only=True).seal.first_sequence - 1
    assert int(snapshots(tmp_path)[0].stem) == last
    exchange.close()


async def test_a_failure_harms_nothing_is_counted_and_the_next_attempt_may_do(tmp_path):
    builder = GatedBuilder(tmp_path, SnapshotFailed("the disk is full"))
    exchange = start(tmp_path, builder=builder)
    trade(exchange, 30)
    await until(lambda: builder.begun == 1)
    builder.gate.set()
    await until(lambda: exchange.snapshots.failures and not exchange.snapshots.is_building)

    assert exchange.snapshots.failure == "the disk is full"
    assert "openoutcry_snapshot_failed 1.0" in exchange.metrics.text().decode()
    builder.outcome = None
    trade(exchange, 30, seed=2)
    await until(lambda: exchange.snapshots.built)
    assert exchange.snapshots.failure is None
    exchange.close()


class Attempts:
    """A schedule whose loop and thread are this test: builds end at once, timers when it says so."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.timers = {}
        self.pauses = []
        self.schedule = SnapshotSchedule(self, lambda callback: callback(), self.call_later, self.run_beside)
        self.soon = []

    def run_beside(self, work):
        if isinstance(self.outcomes[0], RuntimeError):
            raise self.outcomes.pop(0)
        self.soon.append(work)
        return lambda: None

    def work(self):
        while self.soon:
            self.soon.pop(0)()

    def build(self):
        outcome = self.outcomes.pop(0)
        if outcome is not None:
            raise outcome

    def stop(self):
        return

    def call_later(self, delay, callback):
        self.pauses.append(delay)
        handle = Handle(self.timers)
        self.timers[handle] = callback
        return handle

    def elapse(self):
        ((handle, callback),) = self.timers.items()
        del self.timers[handle]
        callback()
        self.work()


class Handle:
    def __init__(self, timers):
        self.timers = timers

    def cancel(self):
        self.timers.pop(self, None)


FOREIGN = [
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    MemoryError(),
    AssertionError("a bug"),
    RuntimeError("can't start new thread"),
]


@pytest.mark.parametrize("error", FOREIGN, ids=lambda error: type(error).__name__)
def test_whatever_a_build_meets_is_told_counted_and_another_is_tried(error):
    attempts = Attempts(error, None)

    attempts.schedule.segment_sealed()
    attempts.work()

    assert not attempts.schedule.is_building
    assert attempts.schedule.failures == 1
    assert type(error).__name__ in attempts.schedule.failure
    attempts.elapse()
    assert (attempts.schedule.failure, attempts.outcomes, attempts.timers) == (None, [], {})


def test_the_pause_before_another_attempt_doubles_up_to_its_limit_and_begins_anew_after_a_success():
    attempts = Attempts(*[SnapshotFailed("no")] * 9, None, SnapshotFailed("no"))
    attempts.schedule.segment_sealed()
    attempts.work()
    for _ in range(9):
        attempts.elapse()
    attempts.schedule.segment_sealed()
    attempts.work()

    assert attempts.pauses[:3] == [RETRY_SECONDS, 2 * RETRY_SECONDS, 4 * RETRY_SECONDS]
    assert attempts.pauses[8:] == [LONGEST_RETRY_SECONDS, RETRY_SECONDS]


def test_a_seal_does_not_wait_for_the_pause_and_the_end_takes_it_away():
    attempts = Attempts(SnapshotFailed("no"), SnapshotFailed("no"))
    for _ in range(2):
        attempts.schedule.segment_sealed()
        attempts.work()

    assert attempts.outcomes == []
    assert len(attempts.timers) == 1
    attempts.schedule.close()
    assert attempts.timers == {}


def test_a_child_whose_words_are_no_text_is_a_failure_like_any_other(tmp_path):
    for told in ("print_bytes(1, b'\\xff')", "print_bytes(2, b'\\xff'); sys.exit(1)"):
        child = ChildProcess(tmp_path)
        child._command = [sys.executable, "-c", f"import os, sys; print_bytes = os.write; {told}"]

        with pytest.raises(SnapshotFailed):
            child.build()


def test_a_signal_of_the_terminal_does_not_reach_the_child(tmp_path):
    child = ChildProcess(tmp_path)
    child._command = [sys.executable, "-c", "import os, sys; sys.exit(str(os.getsid(0)))"]
    with pytest.raises(SnapshotFailed) as told:
        child.build()
    assert int(str(told.value)) != os.getsid(0)


async def test_the_end_of_the_exchange_does_not_wait_for_a_snapshot(tmp_path):
    builder = GatedBuilder(tmp_path)
    exchange = start(tmp_path, builder=builder)
    trade(exchange, 30)
    await until(lambda: builder.begun == 1)

    exchange.close()

    assert builder.is_stopped
    assert snapshots(tmp_path) == []


async def test_a_start_that_had_much_to_replay_makes_one(tmp_path):
    await traded_directory(tmp_path)
    builder = GatedBuilder(tmp_path)

    exchange = start(tmp_path, builder=builder)

    builder.gate.set()
    await until(lambda: exchange.snapshots.built)
    exchange.close()
    builder = GatedBuilder(tmp_path)
    exchange = start(tmp_path, builder=builder, segment_bytes=1_000_000)
    assert not exchange.snapshots.is_building
    exchange.close()


def test_a_child_s_failure_is_told_in_its_words(tmp_path):
    with pytest.raises(SnapshotFailed, match=r"NoExchangeHere: .*scenario\.json is missing"):
        ChildProcess(tmp_path).build()


def test_a_child_that_was_stopped_builds_no_more(tmp_path):
    child = ChildProcess(tmp_path)
    child.stop()

    with pytest.raises(SnapshotFailed, match="ending"):
        child.build()


async def test_a_child_that_is_stopped_at_work_leaves_nothing_that_would_be_read(tmp_path):
    await traded_directory(tmp_path)
    (DataDirectory(tmp_path).events / "TEAM_1.jsonl").write_bytes(b"")  # it waits for this log
    child = ChildProcess(tmp_path)
    failed = []

    def build_it():
        try:
            child.build()
        except SnapshotFailed as error:
            failed.append(str(error))

    thread = threading.Thread(target=build_it)
    thread.start()
    await until((DataDirectory(tmp_path).snapshots / "lock").exists)
    child.stop()
    thread.join()

    assert len(failed) == 1
    assert snapshots(tmp_path) == []
