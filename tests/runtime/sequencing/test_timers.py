"""Timers that cancel orders, on a clock that the test moves: each due timer strikes once, also over restarts."""

import hashlib
import sys

import pytest
from faulty_disk import FaultyDisk, disk_full

from openoutcry.bootstrap.server import open_server
from openoutcry.domain import commands
from openoutcry.domain.types import ConnectionId, InstrumentId, TimestampUs
from openoutcry.runtime.sequencing.protection import LONGEST_SLEEP_SECONDS, SLICE_WORK
from openoutcry.scenarios.loader import load_scenario

CALL = InstrumentId("SPX_CALL_4500_20240315")
STREAM = ConnectionId("ses_1")
SCENARIO = load_scenario("seed")


class HandTime:
    """A machine's clocks, and the part of an event loop that waits: its clock stands still in a suspension."""

    def __init__(self):
        self.wall_us = 1_700_000_000_000_000
        self.elapsed_us = 7_000_000
        self.loop_us = 3_000_000
        self.sleeping = {}

    def now(self):
        return TimestampUs(self.wall_us)

    def elapsed(self):
        return self.elapsed_us

    def call_later(self, delay, callback):
        handle = Handle(self.sleeping)
        self.sleeping[handle] = (self.loop_us + round(delay * 1e6), callback)
        return handle

    def call_soon(self, callback):
        return self.call_later(0, callback)

    call_soon_threadsafe = call_soon

    def pass_seconds(self, seconds):
        self.loop_us += round(seconds * 1e6)
        self.suspend(seconds)
        while self.turn():
            pass

    def turn(self):
        """One turn of the loop: what is due now; whether anything was."""
        due = [handle for handle, (when, _) in self.sleeping.items() if when <= self.loop_us]
        for handle in due:
            if handle in self.sleeping:
                self.sleeping.pop(handle)[1]()
        return bool(due)

    def suspend(self, seconds):
        self.elapsed_us += round(seconds * 1e6)
        self.set_wall(seconds)

    def set_wall(self, seconds):
        self.wall_us += round(seconds * 1e6)


class Handle:
    def __init__(self, sleeping):
        self.sleeping = sleeping

    def cancel(self):
        self.sleeping.pop(self, None)


@pytest.fixture
def time():
    return HandTime()


@pytest.fixture
def start(tmp_path, time):
    opened = []

    def start(**machine):
        exchange = open_server(SCENARIO, tmp_path, admin_key_hash=b"\0" * 32, loop=time, clock=time, **machine)
        opened.append(exchange)
        return exchange

    yield start
    opened[-1].close()


def registered(exchange, name="alice"):
    key_hash = hashlib.sha256(name.encode()).digest()
    sequenced, _ = exchange.sequencer.perform(commands.RegisterTeam(name, "market_maker", key_hash))
    return sequenced.verdict.new_id


def bid(exchange, team_id):
    exchange.sequencer.perform(commands.SubmitOrder(team_id, CALL, "buy", 1, commands.Price(10)))


def open_orders(exchange, team_id):
    return len(exchange.sequencer.queries.open_orders(team_id))


def test_the_dead_man_timer_strikes_when_it_is_due_and_not_before(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.set_cancel_after(team_id, 5)
    time.pass_seconds(4.999)
    assert open_orders(exchange, team_id) == 1
    time.pass_seconds(0.001)
    assert open_orders(exchange, team_id) == 0


def test_a_timer_that_is_renewed_in_time_never_strikes(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    for _ in range(20):
        exchange.protection.set_cancel_after(team_id, 5)
        time.pass_seconds(4)
    assert open_orders(exchange, team_id) == 1


def test_however_often_timers_are_renewed_the_loop_is_asked_for_one_wake_up(start, time):
    exchange = start()
    teams = [registered(exchange, name) for name in ("alice", "bob")]
    time.pass_seconds(60)
    asked_before = len(time.sleeping)
    for _ in range(100):
        for team_id in teams:
            exchange.protection.set_cancel_after(team_id, 500)
    assert len(time.sleeping) <= asked_before + 1


def test_a_timer_that_is_set_after_a_longer_one_strikes_in_its_own_time(start, time):
    exchange = start()
    patient, hasty = registered(exchange, "alice"), registered(exchange, "bob")
    for team_id, seconds in ((patient, 60), (hasty, 5)):
        bid(exchange, team_id)
        exchange.protection.set_cancel_after(team_id, seconds)

    time.pass_seconds(5)
    assert (open_orders(exchange, patient), open_orders(exchange, hasty)) == (1, 0)
    time.pass_seconds(55)
    assert open_orders(exchange, patient) == 0


def test_a_timer_whose_wake_up_was_for_one_renewed_since_strikes_on_time(start, time):
    exchange = start()
    early, late = registered(exchange, "alice"), registered(exchange, "bob")
    for team_id in (early, late):
        bid(exchange, team_id)
    exchange.protection.set_cancel_after(early, 5)
    exchange.protection.set_cancel_after(late, 7)
    time.pass_seconds(3)
    exchange.protection.set_cancel_after(early, 5)
    exchange.protection.set_cancel_after(late, 0)

    time.pass_seconds(4.9)
    assert (open_orders(exchange, early), open_orders(exchange, late)) == (1, 1)
    time.pass_seconds(0.1)
    assert (open_orders(exchange, early), open_orders(exchange, late)) == (0, 1)


def test_a_lost_connection_strikes_after_its_grace(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.guard(team_id, STREAM, 3)
    time.pass_seconds(100)
    assert open_orders(exchange, team_id) == 1
    exchange.protection.lose(team_id, STREAM)
    time.pass_seconds(2.9)
    assert open_orders(exchange, team_id) == 1
    time.pass_seconds(0.1)
    assert open_orders(exchange, team_id) == 0


def test_without_a_grace_it_strikes_at_once(start):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.guard(team_id, STREAM, 0)
    exchange.protection.lose(team_id, STREAM)
    assert open_orders(exchange, team_id) == 0


def test_a_bot_that_is_back_before_its_loss_can_be_told_keeps_its_orders(start, time):
    disk = FaultyDisk()
    exchange = start(files=disk)
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.guard(team_id, STREAM, 3)
    disk.coming_writes.append(disk_full())
    exchange.protection.lose(team_id, STREAM)
    assert exchange.sequencer.queries.timers() == []  # the disk did not take it

    exchange.protection.guard(team_id, ConnectionId("ses_2"), 3)
    time.pass_seconds(1)  # the loss is told again
    time.pass_seconds(60)

    assert open_orders(exchange, team_id) == 1


def test_a_timer_that_came_due_while_the_exchange_was_down_strikes_at_its_start(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.set_cancel_after(team_id, 5)
    exchange.close()
    time.pass_seconds(60)
    exchange = start()
    assert open_orders(exchange, team_id) == 0


def test_a_timer_that_is_not_due_yet_goes_on_after_a_restart(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.set_cancel_after(team_id, 5)
    exchange.close()
    time.pass_seconds(2)
    exchange = start()
    time.pass_seconds(2.9)
    assert open_orders(exchange, team_id) == 1
    time.pass_seconds(0.1)
    assert open_orders(exchange, team_id) == 0


def test_a_restart_counts_every_guarded_connection_as_lost(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.guard(team_id, STREAM, 3)
    exchange.close()
    time.pass_seconds(60)
    exchange = start()
    assert open_orders(exchange, team_id) == 1, "its grace begins with the restart"
    time.pass_seconds(3)
    assert open_orders(exchange, team_id) == 0


def test_a_bot_that_is_back_within_the_grace_after_a_restart_keeps_its_orders(start, time):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.guard(team_id, STREAM, 3)
    exchange.close()
    exchange = start()
    exchange.protection.guard(team_id, ConnectionId("ses_2"), 3)
    time.pass_seconds(60)
    assert open_orders(exchange, team_id) == 1


# ---- whatever becomes of the machine's clock


HOUR = 3_600


@pytest.mark.parametrize("step", [HOUR, -HOUR, 1, -1])
@pytest.mark.parametrize("protect", ["dead-man timer", "grace"])
def test_a_timer_strikes_in_its_time_wherever_the_clock_is_set(start, time, step, protect):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    if protect == "grace":
        exchange.protection.guard(team_id, STREAM, 5)
        exchange.protection.lose(team_id, STREAM)
    else:
        exchange.protection.set_cancel_after(team_id, 5)
    time.set_wall(step)
    time.pass_seconds(4.999)
    assert open_orders(exchange, team_id) == 1
    time.pass_seconds(0.001)
    assert open_orders(exchange, team_id) == 0


def test_a_timer_that_is_set_after_the_clock_was_does_not_wait_for_a_longer_one(start, time):
    exchange = start()
    patient, hasty = registered(exchange, "alice"), registered(exchange, "bob")
    for team_id in (patient, hasty):
        bid(exchange, team_id)
    exchange.protection.set_cancel_after(patient, 10 * HOUR)
    time.pass_seconds(1)
    time.set_wall(9 * HOUR)
    exchange.protection.set_cancel_after(hasty, 2)
    time.pass_seconds(2)
    assert (open_orders(exchange, patient), open_orders(exchange, hasty)) == (1, 0)
    time.pass_seconds(10 * HOUR - 3)
    assert open_orders(exchange, patient) == 0


def test_a_suspension_counts_and_what_came_due_in_it_strikes_soon_after(start, time):
    exchange = start()
    due, later = registered(exchange, "alice"), registered(exchange, "bob")
    for team_id, seconds in ((due, 60), (later, HOUR)):
        bid(exchange, team_id)
        exchange.protection.set_cancel_after(team_id, seconds)
    time.pass_seconds(1)
    time.suspend(HOUR / 2)
    time.pass_seconds(LONGEST_SLEEP_SECONDS)
    assert (open_orders(exchange, due), open_orders(exchange, later)) == (0, 1)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_that_was_set_before_a_restart_makes_no_timer_longer_than_it_was(start, time, step):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.set_cancel_after(team_id, 5)
    exchange.close()
    time.set_wall(step)
    exchange = start()
    time.pass_seconds(5)
    assert open_orders(exchange, team_id) == 0


# ---- many at once


def calls_of(work):
    """How many functions were called in it: a measure of work that no other load changes."""
    calls = 0

    def count(_frame, _event, _argument):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.fixture
def crowd(start):
    """An exchange on which so many more teams have each an order and a running timer of 5 seconds."""
    exchange = start()

    def crowd(count):
        first = len(exchange.sequencer.queries.teams())
        teams = [registered(exchange, f"team {number}") for number in range(first, first + count)]
        for team_id in teams:
            bid(exchange, team_id)
            exchange.protection.set_cancel_after(team_id, 5)
        return exchange, teams

    return crowd


@pytest.mark.interpreted
def test_the_work_of_timers_that_are_due_together_grows_with_their_number_only(crowd, time):
    few, many = 100, 400
    work = {}
    for count in (few, many):
        crowd(count)
        work[count] = calls_of(lambda: time.pass_seconds(5))
    assert work[many] < 1.2 * many / few * work[few]


def test_where_many_timers_are_due_at_once_others_have_their_turn_in_between(crowd, time):
    exchange, teams = crowd(200)
    late = registered(exchange, "late")
    bid(exchange, late)
    before = exchange.sequencer.last_sequence
    time.suspend(5)
    time.loop_us += 5_000_000
    turns = []
    while time.turn():
        turns.append(exchange.sequencer.last_sequence - before)
        exchange.sequencer.perform(commands.MassCancel(late, None, None))
        before = exchange.sequencer.last_sequence
    assert all(open_orders(exchange, team_id) == 0 for team_id in teams)
    assert sum(turns) >= len(teams)
    assert max(turns) <= SLICE_WORK


@pytest.mark.interpreted
def test_the_work_of_a_restart_grows_with_the_number_of_guarded_connections_only(start):
    exchange, work = start(), {}
    for count in (100, 400):
        for number in range(len(exchange.sequencer.queries.teams()), count):
            team_id = registered(exchange, f"team {number}")
            exchange.protection.guard(team_id, ConnectionId(f"ses_{number}"), 5)
        work[count] = calls_of(exchange.protection.start)
        exchange.close()
        exchange = start()
        for number, team in enumerate(exchange.sequencer.queries.teams()):
            exchange.protection.guard(team.team_id, ConnectionId(f"ses_{number}"), 5)
    assert work[400] < 1.2 * 4 * work[100]


def test_an_exception_that_is_no_timer_s_own_does_not_end_the_timers(start, time, monkeypatch):
    exchange = start()
    team_id = registered(exchange)
    bid(exchange, team_id)
    exchange.protection.set_cancel_after(team_id, 5)

    def fail():
        raise MemoryError

    monkeypatch.setattr(exchange.protection, "_due", fail)
    time.pass_seconds(5)
    assert open_orders(exchange, team_id) == 1
    monkeypatch.undo()
    time.pass_seconds(1)
    assert open_orders(exchange, team_id) == 0
