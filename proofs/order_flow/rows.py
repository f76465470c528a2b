"""The recorded order flow: its rows, typed, in the order of the file."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from openoutcry.domain.orders import SideName

WHOLE_FILE_FILLS: Final = 8_128
WHOLE_FILE_LOTS: Final = 584_330
"""What a plain price-time replay of the whole file trades, as published beside the data."""


class Insert(Struct, frozen=True):
    order: int
    instrument: str
    side: SideName
    volume: int
    price: int
    is_day: bool
    """Whether what does not trade at once rests; else it is cancelled (`FAK`)."""


class Amend(Struct, frozen=True):
    order: int
    change: int
    """Negative: by how much the order becomes smaller."""


class Cancel(Struct, frozen=True):
    order: int


Row = Insert | Amend | Cancel

_SIDES: Final[dict[str, SideName]] = {"B": "buy", "A": "sell"}
_IS_DAY: Final = {"GFD": True, "FAK": False}


def read_order_flow(path: Path) -> Iterator[Row]:
    return (row for _, row in read_timed_order_flow(path))


def read_timed_order_flow(path: Path) -> Iterator[tuple[float, Row]]:
    """Each row with its time, in seconds from the first one on."""
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            time, order = float(row["Time"]), int(row["OrderId"])
            match row["Operation"]:
                case "Insert":
                    side, is_day = _SIDES[row["Side"]], _IS_DAY[row["Lifespan"]]
                    insert = Insert(order, row["Instrument"], side, int(row["Volume"]), int(row["Price"]), is_day)
                    yield time, insert
                case "Amend":
                    yield time, Amend(order, int(row["Volume"]))
                case "Cancel":
                    yield time, Cancel(order)
                case unknown:
                    raise ValueError(f"{path.name}: operation {unknown!r} is not Insert, Amend or Cancel")
