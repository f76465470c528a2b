"""The log of a recorded match: its rows, typed, in the order of the file."""

import csv
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from openoutcry.domain.orders import BUY, SELL, Side

BACKGROUND = ""
"""The competitor of rows that stand for the market around the competitors."""

OrderKey = tuple[str, int]
"""Competitor and its own number for the order: numbers start anew for each competitor."""

_SIDES = {"B": BUY, "A": SELL}


class Insert(Struct, frozen=True):
    order: OrderKey
    instrument: str
    side: Side
    volume: int
    price: int


class Cancel(Struct, frozen=True):
    order: OrderKey
    volume: int
    """What was left of the order."""


class Trade(Struct, frozen=True):
    """One competitor's side of a trade; the background's sides are not logged. Makers earn, so their fee is < 0."""

    order: OrderKey
    instrument: str
    side: Side
    volume: int
    price: int
    is_maker: bool


Row = Insert | Cancel | Trade


def read_match_log(path: Path) -> Iterator[Row]:
    """The rows of the file. Hedges are left out: they never were in the book."""
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            order = (row["Competitor"], int(row["OrderId"]))
            match row["Operation"]:
                case "Insert":
                    yield Insert(order, row["Instrument"], _SIDES[row["Side"]], int(row["Volume"]), int(row["Price"]))
                case "Cancel":
                    yield Cancel(order, -int(row["Volume"]))
                case "Trade":
                    side, is_maker = _SIDES[row["Side"]], int(row["Fee"]) < 0
                    volume, price = int(row["Volume"]), int(row["Price"])
                    yield Trade(order, row["Instrument"], side, volume, price, is_maker)
                case "Hedge":
                    continue
                case unknown:
                    raise ValueError(f"{path.name}: operation {unknown!r} is not Insert, Cancel, Trade or Hedge")
