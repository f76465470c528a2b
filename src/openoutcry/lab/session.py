"""One session in virtual time: on which date, from which instant, and how it passes."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Final

from msgspec import Struct, structs

from openoutcry.domain.reasons import Reject
from openoutcry.domain.types import Sequence
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.protocol.timestamps import format_market_time
from openoutcry.runtime.exchange import Exchange
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after
from openoutcry.scenarios.loader import ScenarioError
from openoutcry.scenarios.model import Scenario, SessionPlan, hashed
from openoutcry.scenarios.timetable import Timetable, full_session, timetable

LEAPS_BETWEEN_REPORTS: Final = 2_000

SHORTEST_SECONDS: Final = 300
"""Of a session: options settle against an average of the last five minutes."""

SHORT_CALL_SECONDS: Final = 60
"""How long the call of a shortened session may last."""


class SimulationFailed(Exception):  # noqa: N818 - named for what it means
    """A day cannot go on; the text says why."""


class Progress(Struct, frozen=True):
    day: int
    """From 1."""
    date: str
    seconds: int
    """Market seconds of this session that have passed, from its call on."""
    of_seconds: int
    sequence: Sequence
    clock: str = ""
    """The time of day at the exchange, `11:05:00`."""


def plan_of(scenario: Scenario) -> SessionPlan:
    """The scenario's day. Raises `ScenarioError` if it has none."""
    if scenario.session is None:
        raise ScenarioError(
            f"scenario {scenario.name} has no [schedule]: there is no day to be simulated. intern has one, and so has"
            " each scenario file with a [schedule]"
        )
    return scenario.session


def begun_by_hand(scenario: Scenario, date: dt.date) -> tuple[Scenario, dt.date]:
    """The scenario with a first session that whoever simulates it starts, on `date` or the next trading day; and that
    day. Raises `ScenarioError` if it has no day.
    """
    plan = plan_of(scenario)
    if plan.start == "schedule":
        plan = structs.replace(plan, start="hand")
    date = trading_day_on_or_after(calendar_of(scenario.calendar), date)
    return structs.replace(scenario, session=plan, session_date=date.isoformat()), date


def hours_of(scenario: Scenario, date: dt.date) -> Timetable:
    plan = scenario.session or SessionPlan()
    return timetable(date, plan.hours, scenario.time_zone, calendar_of(scenario.calendar))


def start_session(exchange: Exchange) -> None:
    """Raises `SimulationFailed` if it cannot start."""
    verdict = exchange.driver.start_session().verdict
    if isinstance(verdict, Reject):
        raise SimulationFailed(f"the session could not start: {verdict.message}")


def pass_session(
    exchange: Exchange,
    time: VirtualTime,
    number: int,
    on_progress: Callable[[Progress], None],
    must_end: Callable[[], bool],
    hold_back: Callable[[], None] | None = None,
) -> bool:
    """Let the session under way pass; False if it was to end before. Raises `SimulationFailed`.

    `number`: of its day, for `on_progress`. `hold_back` is called before time passes, for who wants to watch.
    """
    queries = exchange.sequencer.queries
    date = str(queries.day().session_date)
    hours = hours_of(exchange.scenario, dt.date.fromisoformat(date))
    for leaps in itertools.count():
        now = queries.running_market_time()
        if now is None:
            break
        if leaps % LEAPS_BETWEEN_REPORTS == 0:
            if must_end():
                return False
            passed, whole = now - hours.call_at, hours.close_at - hours.call_at
            clock = format_market_time(now, hours.utc_offset).partition("T")[2][:8]
            on_progress(Progress(number, date, passed, whole, exchange.sequencer.last_sequence, clock))
        if hold_back is not None:
            hold_back()
        time.leap()
        trouble = exchange.sequencer.stopped_reason or exchange.driver.trouble
        if trouble is not None:
            raise SimulationFailed(f"the simulation ends here: {trouble}")
    time.pass_seconds(1)  # what is left to be done after the close is done at once
    return True


def shortened(scenario: Scenario, seconds: int) -> Scenario:
    """The scenario with sessions of so many seconds before the usual close, after a call of a minute. A second is worth
    as much volatility as before: a year has more of these sessions.

    Raises `ValueError` unless it is `SHORTEST_SECONDS` to a full session.
    """
    plan, pricing = plan_of(scenario), scenario.pricing
    whole = full_session(plan.hours)
    if not SHORTEST_SECONDS <= seconds <= whole:
        raise ValueError(f"a session of {seconds} seconds cannot be: it has {SHORTEST_SECONDS} to {whole:,} of them")
    opening = dt.datetime.combine(dt.date.min, plan.hours.close) - dt.timedelta(seconds=seconds)
    call = opening - dt.timedelta(seconds=SHORT_CALL_SECONDS)
    hours = structs.replace(plan.hours, call=call.time(), opening=opening.time(), half_day_close=plan.hours.close)
    if pricing is not None:
        pricing = structs.replace(pricing, sessions_per_year=pricing.sessions_per_year * whole // seconds)
    return hashed(structs.replace(scenario, session=structs.replace(plan, hours=hours), pricing=pricing))
