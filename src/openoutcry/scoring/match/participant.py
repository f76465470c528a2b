"""A team as the ledger has it."""

from msgspec import Struct

from openoutcry.domain.types import TeamId


class Participant(Struct, frozen=True, kw_only=True):
    """A team that is scored. The exchange's own are not among them."""

    row: int
    """Its place in the ledger's arrays."""
    team_id: TeamId
    team_name: str
    role: str
    owner: str
    """The same for all teams of one owner."""
