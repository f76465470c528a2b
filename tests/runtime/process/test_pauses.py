"""Garbage is collected only when the timer says so, and pauses of the loop show in the metrics."""

import gc
import weakref

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from openoutcry.runtime.process.figures import PauseMetric
from openoutcry.runtime.process.garbage import GarbageCollection
from openoutcry.runtime.process.pauses import LoopWatch


class Timers:
    """`loop.call_later`, whose time passes when the test says so."""

    def __init__(self):
        self._callbacks = {}

    def __len__(self):
        return len(self._callbacks)

    def call_later(self, _delay, callback):
        handle = _Handle(self._callbacks)
        self._callbacks[handle] = callback
        return handle

    def elapse(self):
        callbacks, self._callbacks = self._callbacks, {}
        for callback in callbacks.values():
            callback()


class _Handle:
    def __init__(self, callbacks):
        self._callbacks = callbacks

    def cancel(self):
        self._callbacks.pop(self, None)


class Node:
    """Garbage that only a collection finds, once nobody else knows it."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def timers():
    return Timers()


@pytest.fixture
def phases():
    return ["continuous"]


@pytest.fixture
def collection(timers, phases, registry):
    with GarbageCollection(
        timers.call_later, lambda: phases[-1], PauseMetric("garbage", "Pauses.", registry)
    ) as entered:
        yield entered


def shown(registry, name):
    return next(
        float(line.split()[1]) for line in generate_latest(registry).decode().splitlines() if line.startswith(name)
    )


@pytest.mark.usefixtures("collection")
def test_python_collects_nothing_by_itself():
    assert not gc.isenabled()


@pytest.mark.usefixtures("collection")
def test_young_garbage_goes_at_the_next_tick(timers, registry):
    gone = weakref.ref(Node())
    assert gone() is not None

    timers.elapse()

    assert gone() is None
    assert len(timers) == 1
    assert shown(registry, "openoutcry_garbage_seconds_count") == 1


@pytest.mark.usefixtures("collection")
def test_what_has_outlived_a_collection_is_looked_at_when_the_phase_changes(timers, phases):
    node = Node()
    gone = weakref.ref(node)
    timers.elapse()
    del node
    timers.elapse()
    assert gone() is not None

    phases.append("closed")
    timers.elapse()

    assert gone() is None


def test_afterwards_everything_is_as_it_was(timers, registry):
    with GarbageCollection(timers.call_later, lambda: "closed", PauseMetric("garbage", "Pauses.", registry)):
        assert gc.get_freeze_count() > 0

    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert len(timers) == 0


def test_the_lag_of_the_loop_is_noted_again_and_again_until_the_end(timers, registry):
    with LoopWatch(timers.call_later, PauseMetric("loop_lag", "Lags.", registry)):
        timers.elapse()
        timers.elapse()
        assert shown(registry, "openoutcry_loop_lag_seconds_count") == 2

    assert len(timers) == 0


def test_the_longest_pause_stays(registry):
    pauses = PauseMetric("pause", "Pauses.", registry)

    for seconds in (0.001, 0.25, 0.002):
        pauses.observe(seconds)

    assert shown(registry, "openoutcry_pause_longest_seconds") == 0.25


def test_a_failure_while_garbage_is_collected_does_not_end_the_collections(timers, phases, registry):
    def phase():
        return phases[-1]

    with GarbageCollection(timers.call_later, phase, PauseMetric("garbage", "Pauses.", registry)):
        said = phases.pop()
        with pytest.raises(IndexError):
            timers.elapse()
        phases.append(said)
        dropped = weakref.ref(Node())
        timers.elapse()
        assert dropped() is None


def test_a_failure_to_note_a_lag_does_not_end_the_watch(timers):
    class Broken:
        def observe(self, _seconds):
            raise ValueError("a bug")

    with LoopWatch(timers.call_later, Broken()):
        for _ in range(2):
            with pytest.raises(ValueError, match="a bug"):
                timers.elapse()
        assert len(timers) == 1
