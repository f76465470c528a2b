"""The demonstration as a screen: the market above, teams and leaderboard below; beside or under them, where there is
room, the depth of the busiest instrument and the latest trades. Draws what it is given and knows nothing else.
"""

from collections.abc import Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from openoutcry.bots.statistics import BotStats
from openoutcry.cli.demonstration.explained import explained_columns
from openoutcry.cli.demonstration.market import InstrumentState, Market, UnderlyingState
from openoutcry.cli.demonstration.tables import Column, fitted, width_of
from openoutcry.client import Level
from openoutcry.protocol.stream import Trade

MOST_ROWS: Final = 20
"""Instruments shown; of the others it is said how many there are."""

SUMMARY_ROWS: Final = 8
"""The same in the summary, which fits on a small terminal."""

MARGIN: Final = 4
"""Blanks between what stands side by side."""

LEAST_MARKET_ROWS: Final = 5
"""Rows of the market's table with its heading, a blank line, and the heading of the teams."""

SIDE_WIDTH: Final = 38
"""Columns that depth and trades need to stand beside the tables,"""
UNDER_ROWS: Final = 5
"""and rows that they need to stand under them."""


def screen(
    url: str, seconds: float, market: Market, bots: list[BotStats], *, width: int, height: int
) -> RenderableType:
    """Everything at once for a terminal of this size, to be drawn anew several times a second."""
    parts = _heading(url, seconds, market, bots)
    room = height - len(parts)
    teams = team_columns(bots, max(1, room - LEAST_MARKET_ROWS))
    team_rows = len(teams[0].cells) + 1
    board = _leaderboard(market, width, room - team_rows - LEAST_MARKET_ROWS)
    board_rows = 0 if board is None else board.height + 1
    columns = market_columns(market.by_volume(), max(1, min(MOST_ROWS, room - team_rows - board_rows - 3)))
    tables_width = min(width, max(width_of(columns), width_of(teams), 0 if board is None else board.width))
    tables: list[RenderableType] = [fitted(columns, width), Text(), fitted(teams, width)]
    if board is not None:
        tables += [Text(), *board.parts]
    used = len(columns[0].cells) + 1 + 1 + team_rows + board_rows
    beside, under = width - tables_width - MARGIN, room - used - 1
    if beside >= SIDE_WIDTH:
        depth = _depth(market, beside, min(8, room // 3))
        trades = _trades(market, beside, room - len(depth.rows) - 5)
        parts.append(_side_by_side(Group(*tables), Group(*depth.parts, Text(), *trades.parts)))
    else:
        parts += tables
        if under >= UNDER_ROWS:
            depth = _depth(market, width // 2, under - 2)
            trades = _trades(market, width - depth.width - MARGIN, under - 2)
            parts += [Text(), _side_by_side(Group(*depth.parts), Group(*trades.parts))]
    return Group(*parts)


def counts(seconds: float, market: Market, bots: list[BotStats]) -> str:
    """One line for those who watch no table."""
    requests = sum(bot.requests for bot in bots)
    refusals = sum(bot.refusals for bot in bots)
    clock = "" if market.market_time is None else f"{market.market_time[11:19]} {market.phase}  "
    told = f"{requests} sent  {refusals} refusals  {market.trades} trades  {market.volume} contracts"
    return f"{seconds:.0f} s  {clock}{told}"


def summary(market: Market, bots: list[BotStats], width: int) -> RenderableType:
    """What traded, and how the teams stand, for when the books are empty again."""
    parts = [*prices_and_news(market), fitted(_traded(market.by_volume()), width), Text()]
    parts += [fitted(team_columns(bots, len(bots)), width), Text()]
    board = _leaderboard(market, width, MOST_ROWS)
    if board is not None:
        parts += [*board.parts, Text()]
    explained = explained_columns(bots)
    if explained:
        parts += [_line(("P&L explained", "dim")), fitted(explained, width), Text()]
    return Group(*parts)


def prices_and_news(market: Market) -> list[RenderableType]:
    """A line with the prices of underlyings, and one with the latest headline, where there are any."""
    lines: list[RenderableType] = []
    if market.underlyings:
        prices = Text("   ").join(_price_of(symbol, state) for symbol, state in market.underlyings.items())
        lines.append(_line(prices))
    if market.news is not None:
        lines.append(_line((f"{market.news.market_time[11:19]} ", "dim"), (market.news.headline, "yellow")))
    return lines


def _price_of(symbol: str, state: UnderlyingState) -> Text:
    """The price, and its change since it was first seen."""
    change = state.price / state.first - 1
    return Text.assemble(f"{symbol} {state.price:,.2f} ", (f"{change:+.2%}", "green" if change >= 0 else "red"))


def _line(*parts: str | Text | tuple[str, str]) -> Text:
    return Text.assemble(*parts, no_wrap=True, overflow="ellipsis")


def market_columns(instruments: Sequence[InstrumentState], most: int) -> list[Column]:
    """Best prices with their sizes, and what traded."""
    shown = instruments if len(instruments) <= most else instruments[: max(1, most - 1)]
    left_out = [f"and {len(instruments) - len(shown)} more"] if len(shown) < len(instruments) else []
    blank = [""] * len(left_out)

    def numbers(heading: str, cells: list[str], rank: int = 0) -> Column:
        return Column(heading=heading, cells=cells + blank, rank=rank)

    return [
        Column(heading="instrument", cells=[each.instrument_id for each in shown] + left_out, is_number=False),
        numbers("size", [_size(each.bid_quantity) for each in shown], rank=2),
        numbers("bid", [_price(each.bid_price) for each in shown]),
        numbers("ask", [_price(each.ask_price) for each in shown]),
        numbers("size", [_size(each.ask_quantity) for each in shown], rank=2),
        numbers("last", [_price(each.last_price) for each in shown]),
        numbers("trades", [str(each.trades) for each in shown], rank=3),
        numbers("volume", [str(each.volume) for each in shown], rank=1),
    ]


def team_columns(bots: Sequence[BotStats], most: int) -> list[Column]:
    """How the teams stand, the most profit first. Position: contracts in all, and in how many instruments."""
    bots, left_out = sorted(bots, key=lambda bot: -bot.profit), []
    if len(bots) > most:
        shown = max(1, most - 1)
        bots, left_out = bots[:shown], [f"and {len(bots) - shown} more"]
    blank = [""] * len(left_out)
    positions = [f"{sum(bot.positions.values()):+d} in {len(bot.positions)}" for bot in bots]
    profits = [Text(f"{bot.profit:+,.2f}", style="green" if bot.profit >= 0 else "red") for bot in bots]
    return [
        Column(heading="team", cells=[bot.name for bot in bots] + left_out, is_number=False),
        Column(heading="role", cells=[bot.role for bot in bots] + blank, is_number=False, rank=3),
        Column(heading="sent", cells=[str(bot.requests) for bot in bots] + blank, rank=4),
        Column(heading="refusals", cells=[str(bot.refusals) for bot in bots] + blank, rank=5),
        Column(heading="fills", cells=[str(bot.fills) for bot in bots] + blank, rank=1),
        Column(heading="position", cells=positions + blank),
        Column(heading="equity", cells=[f"{bot.equity:,.2f}" for bot in bots] + blank, rank=2),
        Column(heading="profit", cells=[*profits, *blank]),
    ]


def _leaderboard(market: Market, width: int, rows: int) -> "_Panel | None":
    """The scores, role by role, in so many rows at most; None where there are none, or no room for one team."""
    board = market.leaderboard
    most = rows - 3  # a blank line, the title and the heading
    if board is None or not board.teams or most < 1:
        return None
    teams = board.teams if len(board.teams) <= most else board.teams[: most - 1]
    left_out = [f"and {len(board.teams) - len(teams)} more"] if len(teams) < len(board.teams) else []
    blank = [""] * len(left_out)
    state = ", the result" if board.final else ", frozen until the close" if board.frozen else ""

    def numbers(heading: str, cells: list[str], rank: int = 0) -> Column:
        return Column(heading=heading, cells=cells + blank, rank=rank)

    sections: list[Column] = []
    if board.final:  # before, nobody is told what scores are made of
        sections = [
            numbers("for the role", [_points(team.role_points) for team in teams], rank=4),
            numbers("duties", [_points(team.compliance) for team in teams], rank=3),
            numbers("risk", [_points(team.risk) for team in teams], rank=2),
        ]
    return _Panel(
        f"leaderboard as of {board.as_of[11:19]}{state}",
        [
            Column(heading="team", cells=[team.team_name for team in teams] + left_out, is_number=False),
            Column(heading="role", cells=[team.role for team in teams] + blank, is_number=False, rank=1),
            numbers("rank", ["-" if team.inactive else str(team.rank) for team in teams]),
            numbers("score", [f"{team.score:.1f}" for team in teams]),
            *sections,
            numbers("P&L", [f"{team.pnl:+,.2f}" for team in teams], rank=5),
        ],
        width,
    )


def _points(points: float | None) -> str:
    return "" if points is None else f"{points:.1f}"


class _Panel:
    """A titled table and what it takes."""

    def __init__(self, title: str, columns: list[Column], width: int) -> None:
        self.rows = columns[0].cells
        self.height = len(self.rows) + 2
        self.width = min(width, max(len(title), width_of(columns)))
        self.parts: list[RenderableType] = [
            Text(title, style="dim", no_wrap=True, overflow="ellipsis"),
            fitted(columns, width),
        ]


def _heading(url: str, seconds: float, market: Market, bots: list[BotStats]) -> list[RenderableType]:
    where = Text.assemble((f"{url}/docs", "bold cyan"), "   Ctrl-C ends it", no_wrap=True, overflow="ellipsis")
    return [where, _line(counts(seconds, market, bots)), *prices_and_news(market), Text()]


def _side_by_side(left: RenderableType, right: RenderableType) -> Table:
    grid = Table.grid(padding=(0, MARGIN, 0, 0))
    grid.add_row(left, right)
    return grid


def _depth(market: Market, width: int, rows: int) -> _Panel:
    """Levels of the busiest instrument's book, best first; always `rows` of them, so that nothing jumps."""
    book = market.busiest_book()
    bids, asks = ([], []) if book is None else (book.bids[:rows], book.asks[:rows])
    title = "depth" if book is None else f"depth of {book.instrument_id}"

    def cells(levels: list[Level], *, is_price: bool) -> list[str]:
        told = [_price(level.price) if is_price else _size(level.quantity) for level in levels]
        return told + [""] * (rows - len(told))

    return _Panel(
        title,
        [
            Column(heading="size", cells=cells(bids, is_price=False)),
            Column(heading="bid", cells=cells(bids, is_price=True)),
            Column(heading="ask", cells=cells(asks, is_price=True)),
            Column(heading="size", cells=cells(asks, is_price=False)),
        ],
        width,
    )


def _trades(market: Market, width: int, rows: int) -> _Panel:
    latest: list[Trade] = list(market.latest)[: max(0, rows)]
    return _Panel(
        "latest trades",
        [
            Column(heading="instrument", cells=[trade.instrument_id for trade in latest], is_number=False),
            Column(heading="price", cells=[_price(trade.price) for trade in latest]),
            Column(heading="size", cells=[str(trade.quantity) for trade in latest]),
            Column(heading="taker", cells=[_side(trade) for trade in latest], is_number=False, rank=1),
        ],
        width,
    )


def _side(trade: Trade) -> Text:
    if trade.aggressor_side is None:
        return Text("auction")
    return Text(trade.aggressor_side, style="green" if trade.aggressor_side == "buy" else "red")


def _traded(instruments: Sequence[InstrumentState]) -> list[Column]:
    shown = [each for each in instruments if each.trades][:SUMMARY_ROWS]
    left_out = [f"and {len(instruments) - len(shown)} more"] if len(shown) < len(instruments) else []
    blank = [""] * len(left_out)
    return [
        Column(heading="instrument", cells=[each.instrument_id for each in shown] + left_out, is_number=False),
        Column(heading="last", cells=[_price(each.last_price) for each in shown] + blank),
        Column(heading="trades", cells=[str(each.trades) for each in shown] + blank),
        Column(heading="volume", cells=[str(each.volume) for each in shown] + blank),
    ]


def _price(price: float | None) -> str:
    return "–" if price is None else f"{price:.2f}"


def _size(quantity: int) -> str:
    return str(quantity) if quantity else ""
