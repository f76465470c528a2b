"""Teams."""

from msgspec import Struct

from openoutcry.protocol.responses.account import DutyInfo, LimitInfo, SanctionsInfo


class RegisteredData(Struct, kw_only=True):
    """The new team. The key is shown only here."""

    team_id: str
    team_name: str
    role: str
    api_key: str


class KeyData(Struct):
    api_key: str


class TeamInfo(Struct, kw_only=True):
    """Public facts of a team."""

    team_id: str
    team_name: str
    role: str
    suspended: bool


class TeamData(Struct):
    team: TeamInfo


class TeamOverviewInfo(Struct, kw_only=True):
    """A team as its organiser sees it."""

    team_id: str
    team_name: str
    role: str
    owner: str | None
    suspended: bool
    has_key: bool
    connections: int
    last_seen: str | None
    orders: int
    refusals: dict[str, int]
    positions: dict[str, int]
    equity: float
    pnl: float
    limits: dict[str, LimitInfo]
    duties: list[DutyInfo]
    sanctions: SanctionsInfo
    reduce_only: bool


class TeamsData(Struct):
    """`roles`: all that the scenario has. `omitted`: how many teams come after these; ask again with `after`."""

    teams: list[TeamOverviewInfo]
    omitted: int
    roles: list[str]
