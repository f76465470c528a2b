"""What `openoutcry score --json` prints; the tables show the same. Its fields are told in docs/organising.md.

Points and shares have six digits, money is in currency. `inputs` are the integers of an `Entry`: there money is in 1e-4
of the currency.
"""

from typing import Any

from msgspec import Struct

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.scoring.formula.round import Ranking

FORMAT = 1
"""Changes when a reader of an older document would misread it."""


class ComponentDocument(Struct, frozen=True, kw_only=True):
    name: str
    section: str
    unit: str
    """Of the value."""
    value: float
    share: float
    points: float
    of: float


class PnlDocument(Struct, frozen=True, kw_only=True):
    """A P&L and the parts that sum to it."""

    pnl: float
    delta: float
    gamma: float
    theta: float
    vega: float
    edge: float
    fees: float
    settlement: float
    rest: float


class ExplainedDocument(Struct, frozen=True, kw_only=True):
    """By instrument, and by the first instant of each market hour. Nothing is left out of it for exclusions."""

    total: PnlDocument
    instruments: dict[str, PnlDocument]
    hours: dict[str, PnlDocument]


class TeamDocument(Struct, frozen=True, kw_only=True):
    rank: int
    """Among the teams of its role."""
    team_id: str
    team_name: str
    role: str
    owner: str
    pnl: float
    role_points: float
    compliance: float
    risk: float
    total: float
    inactive: str | None
    """Why it has no points."""
    excluded_trades: int
    excluded_value: float
    components: tuple[ComponentDocument, ...]
    inputs: dict[str, Any]
    explained: ExplainedDocument | None


class FindingDocument(Struct, frozen=True, kw_only=True):
    kind: str
    text: str
    owners: tuple[str, ...]
    teams: tuple[str, ...]
    """Ids."""
    measure: int
    threshold: int
    unit: str
    since: str
    until: str
    trades: tuple[str, ...]
    trade_count: int
    commands: tuple[int, ...]
    """Places in the journal, for `openoutcry replay --until`."""
    command_count: int
    excludes: bool


class ExclusionDocument(Struct, frozen=True, kw_only=True):
    owners: tuple[str, str]
    teams: tuple[str, ...]
    kinds: tuple[str, ...]
    trades: int
    contracts: int
    value: float
    """To the first owner."""


class MatchDocument(Struct, frozen=True, kw_only=True):
    directory: str
    session: int
    date: str
    as_of: str
    over: bool
    """False: it can still change."""
    seed: str | None
    teams: tuple[TeamDocument, ...]
    """By role, best first. In a round they are scored among the entries of all its matches."""
    findings: tuple[FindingDocument, ...]
    exclusions: tuple[ExclusionDocument, ...]


class RoundDocument(Struct, frozen=True, kw_only=True):
    matches: int
    seeds: int
    """Different ones."""
    rotated: bool
    basis: str
    rankings: tuple[Ranking, ...]


class ScoreDocument(Struct, frozen=True, kw_only=True):
    format: int
    scenario: str
    scenario_hash: str
    rulebook_version: int
    rules: ScoringRules
    matches: tuple[MatchDocument, ...]
    round: RoundDocument | None
    """None: there is one match."""
