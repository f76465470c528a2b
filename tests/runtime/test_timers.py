"""Timers of bots that die, on a clock that moves when the test says so: what is due happens once, restarts or not."""

import hashlib

import pytest

from openoutcry.bootstrap import open_exchange
from openoutcry.domain import commands
from openoutcry.domain.types import ConnectionId, InstrumentId, TimestampUs
from openoutcry.scenarios.loader import load_scenario

CALL = InstrumentId("SPX_CALL_4500_20240315")
STREAM = ConnectionId("ses_1")
SCENARIO = load_scenario("seed")


class HandTime:
    """A clock and the part of an event loop that waits on it."""

    def __init__(self):
        self.now_us = 1_700_000_000_000_000
        self.sleeping = {}

    def now(self):
        return TimestampUs(self.now_us)

    def call_later(self, delay, callback):
        handle = Handle(self.sleeping)
        self.sleeping[handle] = (self.now_us + round(delay * 1e6), callback)
        return handle

    def call_soon(self, callback):
        return self.call_later(0, callback)

    call_soon_threadsafe = call_soon

    def pass_seconds(self, seconds):
        self.now_us += round(seconds * 1e6)
        while due := [handle for handle, (when, _) in self.sleeping.items() if when <= self.now_us]:
            self.sleeping.pop(due[0])[1]()


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

    def start():
        exchange = open_exchange(SCENARIO, tmp_path, admin_key_hash=b"\0" * 32, loop=time, clock=time)
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
