"""The machine's clock, set back and corrected again."""

import pytest

from openoutcry.runtime.clock import SystemClock

SECOND = 1_000_000


class Machine:
    """Its two clocks, in microseconds: what a person sets, and what only goes on."""

    def __init__(self):
        self.wall = 1_000 * SECOND
        self.steady = 5 * SECOND

    def passes(self, microseconds):
        self.wall += microseconds
        self.steady += microseconds


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def clock(machine):
    return SystemClock(lambda: machine.wall * 1000, lambda: machine.steady * 1000)


def test_it_tells_the_machines_time(machine, clock):
    assert clock.now() == machine.wall
    machine.passes(7)
    assert clock.now() == machine.wall
    machine.wall += 3_600 * SECOND
    assert clock.now() == machine.wall


def test_set_back_it_goes_on_at_half_its_pace_until_the_machine_has_caught_up(machine, clock):
    before = clock.now()
    machine.wall -= 10 * SECOND
    assert clock.now() == before
    for seconds in range(1, 19):
        machine.passes(SECOND)
        assert clock.now() == before + seconds * SECOND // 2
    machine.passes(2 * SECOND)
    assert clock.now() == machine.wall == before + 10 * SECOND


def test_however_often_it_is_asked_it_goes_on(machine, clock):
    before = clock.now()
    machine.wall -= 10 * SECOND
    for _ in range(1_000):
        clock.now()
        machine.passes(1)
    assert clock.now() == before + 500


def test_each_time_it_is_set_back_counts_from_then(machine, clock):
    for _ in range(3):
        before = clock.now()
        machine.wall -= 4 * SECOND
        assert clock.now() == before
        machine.passes(20 * SECOND)
        assert clock.now() == machine.wall


def test_it_goes_on_from_what_an_earlier_server_told(machine, clock):
    clock.go_on_from(machine.wall + 60 * SECOND)
    assert clock.now() == machine.wall + 60 * SECOND
    machine.passes(2 * SECOND)
    assert clock.now() == machine.wall + 59 * SECOND
    clock.go_on_from(machine.wall - SECOND)
    assert clock.now() == machine.wall + 59 * SECOND
