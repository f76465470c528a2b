"""The marks of one market second as arrays, with a place for each column of the ledger."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from openoutcry.domain.types import MarketTime
from openoutcry.scoring.match.arrays import Integers

FIELDS: Final = ("value", "volatility", "delta", "gamma", "vega", "theta")
"""Of a mark, in the order of its struct."""


class Marks:
    """Units are those of `openoutcry.domain.day.marks`. What has no mark has zeros, and `is_known` says so.

    `prices`: of the index on which a column rests, in money units; its own underlying's is that divided by the
    column's `ratio`.
    """

    __slots__ = (
        "deltas",
        "gammas",
        "is_known",
        "market_time",
        "numbers",
        "prices",
        "thetas",
        "values",
        "vegas",
        "volatilities",
    )

    def __init__(
        self, market_time: MarketTime | None, numbers: Integers, prices: Integers, is_known: NDArray[np.bool_]
    ) -> None:
        """`numbers`: the fields of marks as rows."""
        self.market_time = market_time
        self.numbers = numbers
        self.values, self.volatilities, self.deltas, self.gammas, self.vegas, self.thetas = numbers
        self.prices = prices
        self.is_known = is_known


def no_marks(columns: int) -> Marks:
    return Marks(
        None,
        np.zeros((len(FIELDS), columns), dtype=np.int64),
        np.zeros(columns, dtype=np.int64),
        np.zeros(columns, dtype=np.bool_),
    )
