"""A scenario as the exchange uses it: checked, in integers, with the hash that names it in the journal."""

import hashlib
from typing import Literal

import msgspec
from msgspec import Struct, structs

from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.simulation.flow_rules import SimulatedFlow
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.scenarios.calendar import CalendarName
from openoutcry.scenarios.chain import ChainTemplate
from openoutcry.scenarios.timetable import Hours

SessionStart = Literal["hand", "schedule"]
"""What starts a session: an organiser's command; or the exchange, at its first full minute of wall time."""


class Rate(Struct, frozen=True, kw_only=True):
    """A token bucket: refilled `per_second`, holding at most `burst`."""

    per_second: float
    burst: int


class RateLimits(Struct, frozen=True, kw_only=True):
    """Buckets per team (orders by role) and per address."""

    orders: dict[str, Rate]
    """By role: orders, amendments, quotes and batch items."""
    cancels: dict[str, Rate]
    """By role."""
    reads: Rate
    """Queries and validations of a team."""
    anonymous: Rate
    """Registrations and unauthenticated reads of one address."""
    changed_side_tokens: float = 0.05
    """What each side that changes costs in a replacement of quotes, beside the request's token."""


class Registration(Struct, frozen=True, kw_only=True):
    """Who may register: anyone (`join_code` None), or holders of the code; in which roles.

    A role in `role_codes` is open to holders of its own code, and to nobody else.
    """

    join_code: str | None
    roles: tuple[str, ...]
    """Roles a team may choose."""
    default_role: str
    role_codes: dict[str, str] = {}
    """Join codes by role."""


class SessionPlan(Struct, frozen=True, kw_only=True):
    """How the day of a session goes. Its rules in the venue are `GameRules.day`."""

    hours: Hours = Hours()
    speed: int = 1
    """Market seconds in one second of wall time."""
    start: SessionStart = "hand"
    indicative_per_second: int = 4
    """Most `auction_indicative` messages of one instrument, in a second of wall time."""


class PricingNumbers(Struct, frozen=True, kw_only=True):
    """What theoretical values are computed from. Fractions: 0.2 is 20 %."""

    volatility: float = 0.2
    """Annual, of each underlying."""
    rate: float = 0.0
    dividend: float = 0.0
    sessions_per_year: int = 252
    greeks_interval_seconds: int = 1
    """Market seconds between two publications."""


class IndexNumbers(Struct, frozen=True, kw_only=True):
    """The index, and the tracker that stands at 1/`ratio` of it."""

    index: str = "SPX"
    tracker: str = "SPY"
    ratio: int = 10


class Scenario(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    session_date: str | None
    """ISO date of the first trading session; None: today."""
    time_zone: str
    calendar: CalendarName = "none"
    session: SessionPlan | None = None
    """None: no day. The exchange trades until an organiser closes it."""
    instruments: tuple[Instrument, ...]
    """Those that the file lists one by one; what `chain` makes is listed by command."""
    chain: ChainTemplate | None = None
    underlyings: dict[str, float]
    """Starting prices of underlyings, in currency, by symbol. Without pricing they stay."""
    index: IndexNumbers = IndexNumbers()
    pricing: PricingNumbers | None = None
    market: MarketRules | None = None
    """What the simulated market is drawn from. None: prices of underlyings stay where they start."""
    flow: SimulatedFlow = SimulatedFlow()
    scoring: ScoringRules | None = None
    """None: matches are not scored."""
    rulebook: Rulebook
    registration: Registration
    rate_limits: RateLimits
    connections_per_team: int
    """WebSocket connections that a team may have at a time."""
    heartbeat_seconds: float
    cors_origins: tuple[str, ...]
    connections_per_address: int = 2_500
    """Connections of one address, HTTP and WebSocket; past this number those that have shown no key give way."""
    hash: str
    """SHA-256 of what a session is judged and drawn by; `hashed` says what counts."""


def under_rulebook(scenario: Scenario, rulebook: Rulebook) -> Scenario:
    """The scenario with these rules, and their hash."""
    return hashed(structs.replace(scenario, rulebook=rulebook))


def hashed(scenario: Scenario) -> Scenario:
    """The scenario with the hash of what it is now: SHA-256, in hexadecimal.

    Rules of the day, the chain, and the simulated market count only where they are set: a scenario without them has the
    hash that it had before there were any, and one that sets some keeps its hash when other rules are added. With a
    simulated market, all counts that its sessions are drawn from.
    """
    rulebook = scenario.rulebook
    if rulebook.game == GameRules():
        rulebook = structs.replace(rulebook, game=msgspec.UNSET)  # the encoder leaves it out
    counted: list[object] = [scenario.instruments, rulebook]
    if scenario.chain is not None or scenario.market is not None:
        counted.append(scenario.chain)
    if scenario.market is not None:
        counted += [scenario.market, scenario.flow, drawn_from(scenario)]
    if scenario.scoring is not None:
        counted.append(scenario.scoring)
    return structs.replace(
        scenario, hash=hashlib.sha256(msgspec.json.encode(counted, order="deterministic")).hexdigest()
    )


def drawn_from(scenario: Scenario) -> dict[str, str]:
    """What the sessions of a simulated market come from, beside its rules: by the keys of the file.

    Speed, the start of the call and how often something is published change nothing of them.
    """
    hours = (scenario.session or SessionPlan()).hours
    pricing = scenario.pricing or PricingNumbers()
    return {
        "session.time_zone": scenario.time_zone,
        "session.calendar": scenario.calendar,
        "schedule.opening": str(hours.opening),
        "schedule.close": str(hours.close),
        "schedule.half_day_close": str(hours.half_day_close),
        "pricing.rate_percent": f"{100 * pricing.rate:g}",
        "pricing.dividend_percent": f"{100 * pricing.dividend:g}",
        "pricing.sessions_per_year": str(pricing.sessions_per_year),
    } | {f"underlyings.{symbol}": f"{price:g}" for symbol, price in scenario.underlyings.items()}
