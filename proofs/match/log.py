"""The log of a recorded match: its rows, typed, in the order of the file."""

import csv
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from openoutcry.domain.orders import BUY, SELL, Side

BACKGROUND = ""
"""The competitor of rows that belong to the rest of the market."""

OrderKey = tuple[str, int]
"""The competitor and its number for the order. Each competitor counts its own orders."""

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
    """The quantity of the order that was still open."""


class Trade(Struct, frozen=True):
    """One competitor's side of a trade. The background's sides are not logged. A negative fee marks a maker."""

    order: OrderKey
    instrument: str
    side: Side
    volume: int
    price: int
    is_maker: bool


Row = Insert | Cancel | Trade


def read_match_log(path: Path) -> Iterator[Row]:
    """The rows of the file. Hedges are left out because they were never in the book."""
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
