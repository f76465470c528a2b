"""The table of where the teams' P&L comes from."""

from collections.abc import Callable, Sequence

from openoutcry.bots.statistics import BotStats
from openoutcry.cli.demonstration.tables import Column
from openoutcry.client import PnlInfo


def explained_columns(bots: Sequence[BotStats]) -> list[Column]:
    """Where the teams' P&L comes from, in the order of their table, in whole units of currency; empty if none is known.
    Settlement is shown once something is settled; the sum gives way first, for the table of teams has it too.
    """
    known = [(bot.name, bot.explained) for bot in sorted(bots, key=lambda bot: -bot.profit) if bot.explained]
    if not known:
        return []

    def money(heading: str, of: Callable[[PnlInfo], float], rank: int = 0) -> Column:
        return Column(heading=heading, cells=[f"{of(pnl):+,.0f}" for _, pnl in known], rank=rank)

    settled = money("settled", lambda pnl: pnl.settlement)
    return [
        Column(heading="team", cells=[name for name, _ in known], is_number=False),
        money("delta", lambda pnl: pnl.delta),
        money("gamma", lambda pnl: pnl.gamma),
        money("theta", lambda pnl: pnl.theta),
        money("vega", lambda pnl: pnl.vega),
        money("edge", lambda pnl: pnl.edge),
        money("fees", lambda pnl: pnl.fees),
        *([settled] if any(pnl.settlement for _, pnl in known) else []),
        money("rest", lambda pnl: pnl.rest),
        money("P&L", lambda pnl: pnl.pnl, rank=1),
    ]
