"""What a bot did and what it holds, for the table on the screen."""

from msgspec import Struct

from openoutcry.protocol.responses import AccountInfo, PnlInfo
from openoutcry.protocol.stream import ExecutionReport


class BotStats(Struct, kw_only=True):
    """Money in currency. `equity`: cash, and what is held at its marks. `profit`: how much of it was earned here."""

    name: str
    strategy: str
    role: str
    team_id: str = ""
    orders: int = 0
    """Orders, amends and quotes sent."""
    refusals: int = 0
    fills: int = 0
    contracts: int = 0
    open_orders: int = 0
    positions: dict[str, int] = {}
    equity: float = 0.0
    profit: float = 0.0
    start: float | None = None
    """Equity when the bot began."""
    explained: PnlInfo | None = None
    """The P&L of the team's session when the bot left; None where the scenario is not scored."""

    def count_fill(self, fill: ExecutionReport) -> None:
        self.fills += 1
        self.contracts += fill.quantity

    def see_account(self, account: AccountInfo) -> None:
        self.open_orders = account.open_orders
        self.start = account.equity if self.start is None else self.start
        self.equity, self.profit = account.equity, account.equity - self.start
