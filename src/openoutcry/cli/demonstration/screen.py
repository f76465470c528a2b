"""The demonstration as tables: the market above, the teams below. Draws what it is given and knows nothing else."""

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openoutcry.bots import BotStats
from openoutcry.cli.demonstration.market import InstrumentState, Market

MAX_ROWS = 20
"""Instruments shown; a screen holds no more."""


def screen(url: str, seconds: float, market: Market, bots: list[BotStats]) -> RenderableType:
    """Everything at once, to be drawn anew several times a second."""
    heading = Text.assemble((url, "bold cyan"), f"   {counts(seconds, market, bots)}")
    hint = Text(f"browse {url}/docs   Ctrl-C ends it", style="dim")
    return Group(heading, market_table(list(market.instruments.values())), team_table(bots), hint)


def counts(seconds: float, market: Market, bots: list[BotStats]) -> str:
    """One line for those who watch no table."""
    orders = sum(bot.orders for bot in bots)
    refused = sum(bot.refusals for bot in bots)
    return f"{seconds:.0f} s   {orders} orders ({refused} refused)   {market.trades} trades   {market.volume} contracts"


def market_table(instruments: list[InstrumentState]) -> Table:
    """Best prices with their sizes, and what traded."""
    table = _table("instrument", numbers=("size", "bid", "ask", "size", "last", "trades", "volume"))
    for state in instruments[:MAX_ROWS]:
        table.add_row(
            state.instrument_id,
            _size(state.bid_quantity),
            _price(state.bid_price),
            _price(state.ask_price),
            _size(state.ask_quantity),
            _price(state.last_price),
            str(state.trades),
            str(state.volume),
        )
    if len(instruments) > MAX_ROWS:
        table.add_row(f"and {len(instruments) - MAX_ROWS} more")
    return table


def trades_table(instruments: list[InstrumentState]) -> Table:
    """What traded, for when the books are empty again."""
    table = _table("instrument", numbers=("last", "trades", "volume"))
    for state in instruments:
        table.add_row(state.instrument_id, _price(state.last_price), str(state.trades), str(state.volume))
    return table


def team_table(bots: list[BotStats]) -> Table:
    """How the teams stand. Position: contracts in all, and in how many instruments."""
    table = _table("team", "role", numbers=("orders", "refused", "fills", "position", "profit"))
    for bot in bots:
        table.add_row(
            bot.name,
            bot.role,
            str(bot.orders),
            str(bot.refusals),
            str(bot.fills),
            f"{sum(bot.positions.values()):+d} in {len(bot.positions)}",
            Text(f"{bot.profit:+,.2f}", style="green" if bot.profit >= 0 else "red"),
        )
    return table


def _table(*texts: str, numbers: tuple[str, ...]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for column in texts:
        table.add_column(column, no_wrap=True)
    for column in numbers:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _price(price: float | None) -> str:
    return "–" if price is None else f"{price:.2f}"


def _size(quantity: int) -> str:
    return str(quantity) if quantity else ""
