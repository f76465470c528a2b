"""A scenario as the exchange uses it: checked, in integers, with the hash that names it in the journal."""

import hashlib

import msgspec
from msgspec import Struct, structs

from openoutcry.domain.game_rules import GameRules
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import Rulebook


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


class Registration(Struct, frozen=True, kw_only=True):
    """Who may register: anyone (`join_code` None), or holders of the code; in which roles."""

    join_code: str | None
    roles: tuple[str, ...]
    """Roles a team may choose."""
    default_role: str


class Scenario(Struct, frozen=True, kw_only=True):
    name: str
    title: str
    session_date: str | None
    """ISO date of the first trading session; None: today."""
    time_zone: str
    instruments: tuple[Instrument, ...]
    underlyings: dict[str, float]
    """Fixed prices of underlyings, in currency, by symbol."""
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
    """SHA-256 of the fields above on which the venue's behaviour depends (instruments and rulebook)."""


def under_rulebook(scenario: Scenario, rulebook: Rulebook) -> Scenario:
    """The scenario with these rules, and their hash."""
    return structs.replace(scenario, rulebook=rulebook, hash=scenario_hash(scenario.instruments, rulebook))


def scenario_hash(instruments: tuple[Instrument, ...], rulebook: Rulebook) -> str:
    """SHA-256, in hexadecimal, of everything that the venue's behaviour depends on: instruments in order, and rules.

    Rules of the day count only where they are set: a scenario without them has the hash that it had before there were
    any, and one that sets some keeps its hash when other rules are added.
    """
    if rulebook.game == GameRules():
        rulebook = structs.replace(rulebook, game=msgspec.UNSET)  # the encoder leaves it out
    canonical = msgspec.json.encode((instruments, rulebook), order="deterministic")
    return hashlib.sha256(canonical).hexdigest()
