"""Practice: session after session on one exchange, until the day is another, and then on a new one."""

import datetime as dt
import gc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import typer
from msgspec import Struct, structs

from openoutcry.cli.practice.days import Days
from openoutcry.cli.process.exchange import Settings, run_exchange
from openoutcry.cli.process.interrupts import Interrupts
from openoutcry.domain.types import TimestampUs
from openoutcry.gateway.server import bind
from openoutcry.journal.lock import DirectoryLock
from openoutcry.runtime.exchange import Server
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.scenarios.loader import ScenarioError
from openoutcry.scenarios.model import Scenario

PAUSE_SECONDS: Final = 5.0

Today = Callable[[], dt.date]


class Practice(Struct, frozen=True, kw_only=True):
    """`folder`: where the days are. `keep`: how many of them, with the present one."""

    scenario: Scenario
    folder: Path
    host: str
    port: int
    keep: int
    with_bots: bool
    pause_seconds: float = PAUSE_SECONDS
    """Between two sessions, in wall time."""


def practise(practice: Practice, interrupts: Interrupts, today: Today) -> None:
    """Run until a signal comes.

    Raises `ScenarioError`, `Failure`, `DirectoryInUse`, `CannotListen`, and what a start raises.
    """
    if practice.scenario.session is None:
        raise ScenarioError(
            f"scenario {practice.scenario.name} has no [schedule], so it has no sessions to practise in;"
            " give another --scenario"
        )
    listener = bind(practice.host, practice.port)  # first of all: a port in use leaves no directory behind
    address = practice.host, listener.getsockname()[1]
    with listener:
        practice.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock, days = DirectoryLock(practice.folder / "lock"), Days(practice.folder)
    try:
        while interrupts.count == 0:
            date = today()
            with bind(*address) as listener:
                settings = Settings(scenario=practice.scenario, data=days.open(date), with_bots=practice.with_bots)
                for removed in days.remove_older(date, practice.keep):
                    typer.echo(f"removed {removed}", err=True)
                run_exchange(settings, listener, interrupts, _SessionAfterSession(practice, date, today))
            gc.collect()  # what a day leaves: the next one would keep it, with what its recovery makes
    finally:
        lock.release()


def at_speed(scenario: Scenario, speed: int) -> Scenario:
    """The scenario with sessions of this speed. Greeks come as often as before in wall time."""
    session, pricing = scenario.session, scenario.pricing
    if session is None:
        return scenario
    if pricing is not None:
        interval = max(1, pricing.greeks_interval_seconds * speed // session.speed)
        pricing = structs.replace(pricing, greeks_interval_seconds=interval)
    return structs.replace(scenario, session=structs.replace(session, speed=speed), pricing=pricing)


class _SessionAfterSession:
    """Plans the next session when none is under way; the exchange is over when the date is another one by then."""

    def __init__(self, practice: Practice, date: dt.date, today: Today) -> None:
        self._pause_us = round(practice.pause_seconds * 1_000_000)
        self._date = date
        self._today = today

    def __call__(self, exchange: Server) -> bool:
        day = exchange.sequencer.queries.day()
        if day.is_running or exchange.sequencer.has_work:
            return False
        if self._today() != self._date:
            return True
        if day.planned_start is None:
            start = TimestampUs(exchange.sequencer.time + self._pause_us)
            with suppress(Unavailable):  # the next time, then
                exchange.driver.plan_session(start)
        return False
