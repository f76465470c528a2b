"""What a bot did and what it holds, for the table on the screen."""

from msgspec import Struct

from openoutcry.protocol.responses import PnlInfo


class BotStats(Struct, frozen=True, kw_only=True):
    """Money in currency. `equity`: cash, and what is held at its marks. `profit`: how much of it was earned here."""

    name: str
    role: str
    team_id: str = ""
    requests: int = 0
    """Orders, quotes, amends and cancels sent."""
    refusals: int = 0
    fills: int = 0
    contracts: int = 0
    open_orders: int = 0
    positions: dict[str, int] = {}
    equity: float = 0.0
    profit: float = 0.0
    explained: PnlInfo | None = None
    """The P&L of the team's session when the bot has left; None before, and where the scenario is not scored."""
