"""What was found, with what it rests on."""

from collections.abc import Sequence as List
from typing import Final, Literal

from msgspec import Struct

from openoutcry.domain.types import MarketTime, Money, Sequence, TeamId, TradeId

Kind = Literal["transfer", "round_trips", "pair_share", "messages", "layering", "stuffing"]
Unit = Literal["currency", "round trips", "ppm", "messages a fill", "trades", "bursts"]

MAX_EVENTS: Final = 100
"""Most events of a kind that a finding names; it counts all."""


class Finding(Struct, frozen=True, kw_only=True):
    """Something that reached its thresholds. It can be looked at: `openoutcry replay --until SEQUENCE`."""

    kind: Kind
    owners: tuple[str, ...]
    """As `Participant.owner`. Where something goes from one to the other, who gives it is first."""
    teams: tuple[TeamId, ...]
    """Those that had a part in it, in order of their ids."""
    measure: int
    threshold: int
    """Of the measure; thresholds of other measures are reached, too."""
    unit: Unit
    since: MarketTime
    until: MarketTime
    trades: tuple[TradeId, ...]
    """The first ones, `MAX_EVENTS` at most,"""
    trade_count: int
    """of so many."""
    commands: tuple[Sequence, ...]
    """Places in the journal of what it rests on: trades' ones too; the first ones, as many at most,"""
    command_count: int
    """of so many."""
    excludes: bool
    """Whether all trades between the two owners leave the score."""
    text: str
    """In a sentence, for the organiser."""


class Exclusion(Struct, frozen=True, kw_only=True):
    """Trades between two owners, of one session, that are in nobody's score."""

    owners: tuple[str, str]
    teams: tuple[TeamId, ...]
    kinds: tuple[Kind, ...]
    """For which they are excluded."""
    trades: int
    """So far valued; a trade is excluded once it is."""
    contracts: int
    value: Money
    """What they were worth to the first owner; to the second as much less."""


def first_of(events: List[TradeId]) -> tuple[TradeId, ...]:
    return tuple(events[:MAX_EVENTS])


def first_commands(sequences: List[Sequence]) -> tuple[Sequence, ...]:
    return tuple(sequences[:MAX_EVENTS])
