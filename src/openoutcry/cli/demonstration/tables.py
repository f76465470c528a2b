"""Tables that fit their width: where it is short, whole columns go, so that no number is ever cut."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from rich.table import Table
from rich.text import Text

GAP: Final = 2
"""Blanks between two columns."""


class Column(Struct, frozen=True, kw_only=True):
    """`rank`: where there is no room, those with the highest go first, and those with 0 never."""

    heading: str
    cells: Sequence[str | Text]
    rank: int = 0
    is_number: bool = True

    @property
    def width(self) -> int:
        return max(len(each) for each in (self.heading, *self.cells))


def width_of(columns: Sequence[Column]) -> int:
    """What all of the columns take, side by side."""
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def fitted(columns: Sequence[Column], width: int) -> Table:
    """The columns that fit into `width`. If not even those of rank 0 do, texts are shortened, and numbers are not."""
    shown = list(columns)
    while width_of(shown) > width and any(column.rank for column in shown):
        rank = max(column.rank for column in shown)
        shown = [column for column in shown if column.rank != rank]
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    missing = max(0, width_of(shown) - width)
    for column in shown:
        is_shortened = not column.is_number and missing > 0
        table.add_column(
            column.heading,
            justify="right" if column.is_number else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=max(1, column.width - missing) if is_shortened else column.width,
        )
        missing = 0 if is_shortened else missing
    for row in zip(*(column.cells for column in shown), strict=True):
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    return table
