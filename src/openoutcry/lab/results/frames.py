"""A match's tables as polars frames: money and prices in currency, instants on the exchange's clocks.

Imported only where polars is installed.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from openoutcry.domain.identifiers import format_order_id, format_trade_id
from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.lab.results.result import BotResult, Tables


def fills_of(tables: Tables) -> pl.DataFrame:
    rows = tables.fills
    return _frame(
        tables,
        {
            "market_time": (pl.Int64, [row.market_time for row in rows]),
            "sequence": (pl.Int64, [row.sequence for row in rows]),
            "bot": (pl.String, [tables.names[row.team_id] for row in rows]),
            "instrument_id": (pl.String, [row.instrument_id for row in rows]),
            "side": (pl.String, [SIDE_NAMES[row.side] for row in rows]),
            "quantity": (pl.Int64, [row.quantity for row in rows]),
            "price": (pl.Float64, [_price(tables, row.instrument_id, row.price) for row in rows]),
            "fees": (pl.Float64, [row.fees / MONEY_UNITS for row in rows]),
            "liquidity": (pl.String, [row.liquidity for row in rows]),
            "order_id": (pl.String, [format_order_id(row.order_id) for row in rows]),
            "trade_id": (pl.String, [format_trade_id(row.trade_id) for row in rows]),
        },
    )


def orders_of(tables: Tables) -> pl.DataFrame:
    rows = tables.orders
    return _frame(
        tables,
        {
            "market_time": (pl.Int64, [row.market_time for row in rows]),
            "sequence": (pl.Int64, [row.sequence for row in rows]),
            "bot": (pl.String, [tables.names[row.team_id] for row in rows]),
            "order_id": (pl.String, [format_order_id(row.order_id) for row in rows]),
            "instrument_id": (pl.String, [row.instrument_id for row in rows]),
            "side": (pl.String, [SIDE_NAMES[row.side] for row in rows]),
            "quantity": (pl.Int64, [row.quantity for row in rows]),
            "price": (
                pl.Float64,
                [None if row.price is None else _price(tables, row.instrument_id, row.price) for row in rows],
            ),
            "time_in_force": (pl.String, [row.time_in_force for row in rows]),
            "filled_quantity": (pl.Int64, [row.filled_quantity for row in rows]),
            "average_price": (
                pl.Float64,
                [
                    _price(tables, row.instrument_id, row.filled_value) / row.filled_quantity
                    if row.filled_quantity
                    else None
                    for row in rows
                ],
            ),
            "ended": (pl.String, [row.ended for row in rows]),
        },
    )


def equity_of(tables: Tables) -> pl.DataFrame:
    names = [tables.names[team_id] for team_id in sorted(tables.names)]
    rows = [(at, name, money) for at, all_money in tables.equity for name, money in zip(names, all_money, strict=True)]
    frame = _frame(
        tables,
        {
            "market_time": (pl.Int64, [at for at, _, _ in rows]),
            "bot": (pl.String, [name for _, name, _ in rows]),
            "equity": (pl.Float64, [money / MONEY_UNITS for _, _, money in rows]),
        },
    )
    return frame.with_columns(pnl=pl.col("equity") - pl.col("equity").first().over("bot"))


def prices_of(tables: Tables) -> pl.DataFrame:
    columns: dict[str, tuple[Any, list[Any]]] = {"market_time": (pl.Int64, [at for at, _ in tables.prices])}
    for place, symbol in enumerate(tables.symbols):
        columns[symbol] = (pl.Float64, [prices[place] / MONEY_UNITS for _, prices in tables.prices])
    return _frame(tables, columns)


def scores_of(bots: Sequence[BotResult]) -> pl.DataFrame:
    rows = [(bot.name, each) for bot in bots if bot.score is not None for each in bot.score.components]
    return pl.DataFrame(
        {
            "bot": [name for name, _ in rows],
            "component": [each.name for _, each in rows],
            "section": [each.section for _, each in rows],
            "value": [each.value for _, each in rows],
            "share": [each.share for _, each in rows],
            "points": [each.points for _, each in rows],
            "of": [each.of for _, each in rows],
        },
        schema={
            "bot": pl.String,
            "component": pl.String,
            "section": pl.String,
            "value": pl.Float64,
            "share": pl.Float64,
            "points": pl.Float64,
            "of": pl.Float64,
        },
    )


def _price(tables: Tables, instrument_id: str, ticks: int) -> float:
    return ticks * tables.tick_sizes[instrument_id] / MONEY_UNITS


def _frame(tables: Tables, columns: dict[str, tuple[Any, list[Any]]]) -> pl.DataFrame:
    """`market_time` in seconds becomes an instant on the exchange's clocks."""
    frame = pl.DataFrame(
        {name: values for name, (_, values) in columns.items()},
        schema={name: kind for name, (kind, _) in columns.items()},
    )
    at = pl.from_epoch("market_time", time_unit="s").dt.cast_time_unit("ms").dt.replace_time_zone("UTC")
    return frame.with_columns(market_time=at.dt.convert_time_zone(tables.time_zone))
