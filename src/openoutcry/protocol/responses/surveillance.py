"""What surveillance has found, for the organiser."""

from msgspec import Struct


class FindingInfo(Struct, kw_only=True):
    """Something that reached its thresholds. `excludes`: all trades between the owners leave the score."""

    kind: str
    owners: list[str]
    teams: list[str]
    measure: float
    threshold: float
    unit: str
    since: str
    until: str
    trades: list[str]
    trade_count: int
    commands: list[int]
    command_count: int
    excludes: bool
    text: str


class ExcludedPairInfo(Struct, kw_only=True):
    """Trades between two owners that are in nobody's score. `value`: what they were worth to the first of the two."""

    owners: list[str]
    teams: list[str]
    kinds: list[str]
    trades: int
    contracts: int
    value: float


class SurveillanceData(Struct, kw_only=True):
    """Of the session under way, or of the last one. `session_date`: null before the first."""

    session_date: str | None
    findings: list[FindingInfo]
    exclusions: list[ExcludedPairInfo]
