"""When the session takes place, and how its day goes."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from openoutcry.domain.rulebook import OpeningPhase
from openoutcry.scenarios.calendar import CalendarName
from openoutcry.scenarios.model import SessionStart
from openoutcry.scenarios.rules import OwnRule, date_problem, time_problem, time_zone_problem, underlying_problem
from openoutcry.scenarios.schema.bounds import Percent, Seconds, SecondsOrNone

CALENDARS: Final[dict[Literal["none", "nyse"], CalendarName]] = {"none": "none", "nyse": "XNYS"}
"""Calendars by their names in the file."""

TimeOfDay = Annotated[dt.time, OwnRule(time_problem)]


class SessionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the session takes place."""

    date: Annotated[
        dt.date | None,
        OwnRule(date_problem),
        Meta(
            description="Date of the first session, such as 2024-01-15. Default: today, or the next day on which the"
            " calendar trades."
        ),
    ] = None
    calendar: Annotated[
        Literal["none", "nyse"],
        Meta(
            description="Whose holidays and half-days the sessions and expiries keep: `nyse` (New York Stock Exchange)"
            " or `none` (every day is a whole trading day)."
        ),
    ] = "none"
    time_zone: Annotated[
        str, OwnRule(time_zone_problem), Meta(description="IANA time zone of the session's date and hours.")
    ] = "America/New_York"
    opening_phase: Annotated[
        OpeningPhase | None,
        Meta(
            description="Without a `[schedule]`, the phase at the very first start: `continuous` (trading), which is"
            " the default, or `closed`."
        ),
    ] = None


class ScheduleTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of the trading day. With this table, sessions run through their phases on market time; without it, the
    exchange trades until an organiser closes it.
    """

    call: Annotated[
        TimeOfDay, Meta(description="Start of the opening call, such as 09:00:00: a session begins here.")
    ] = dt.time(9)
    opening: Annotated[
        TimeOfDay, Meta(description="Latest end of the opening call; trading begins. As early as `call`: no call.")
    ] = dt.time(9, 30)
    close: Annotated[TimeOfDay, Meta(description="End of continuous trading; options of this day expire.")] = dt.time(
        15
    )
    half_day_close: Annotated[TimeOfDay, Meta(description="The same on half-days of the calendar, if earlier.")] = (
        dt.time(13)
    )
    speed: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000,
            description="Market seconds in one second of wall time: 1 is live, up to 10 suits a competition, 30 is for"
            " demonstrations.",
        ),
    ] = 1
    start: Annotated[
        SessionStart,
        Meta(
            description="What starts a session: `hand` (an organiser's command) or `schedule` (the exchange itself, at"
            " the first full minute of wall time after it has started)."
        ),
    ] = "hand"


class CallsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls: the times in which orders come together before an auction. Needs a `[schedule]`."""

    opening_random_seconds: Annotated[
        SecondsOrNone,
        Meta(description="The opening call ends at a random instant of its last seconds, as many as these."),
    ] = 30
    reopening_seconds: Annotated[Seconds, Meta(description="Length of the call that follows a halt, at most.")] = 120
    reopening_random_seconds: Annotated[SecondsOrNone, Meta(description="Its random end, as for the opening call.")] = (
        15
    )
    indicative_per_second: Annotated[
        int,
        Meta(
            ge=1, le=100, description="Most messages a second on the price and volume that an auction would have now."
        ),
    ] = 4


class MatchingTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How orders meet."""

    mode: Annotated[
        Literal["continuous", "batch"],
        Meta(description="`continuous` (price-time priority), or `batch`: frequent auctions in place of it."),
    ] = "continuous"
    batch_interval_seconds: Annotated[Seconds, Meta(description="Market time between two batches.")] = 1


class BreakerTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The circuit breaker: halts all instruments after a large move. Needs a `[schedule]`."""

    underlying: Annotated[str, OwnRule(underlying_problem), Meta(description="Whose price is watched.")] = "SPX"
    move_percent: Annotated[Percent, Meta(description="The move, up or down, that halts trading.")] = Decimal("1.25")
    window_seconds: Annotated[Seconds, Meta(description="The move is measured against so long before.")] = 300
    most_halts: Annotated[int, Meta(ge=1, le=1_000, description="Most halts in one session.")] = 3
    quiet_seconds: Annotated[
        SecondsOrNone, Meta(description="So long before the close, the breaker halts no more.")
    ] = 900
    halt_seconds: Annotated[
        Seconds, Meta(description="How long its halt lasts. An organiser's halt lasts until it is resumed.")
    ] = 180
