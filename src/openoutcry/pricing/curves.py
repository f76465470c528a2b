"""Smooth curves through given nodes: between two of them a cubic through the nearest four."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from openoutcry.pricing.black_scholes import Floats

_POINTS: Final = 4


class Curves:
    """Many functions of one number, smooth within each of some pieces, which meet at their ends."""

    def __init__(self, pieces: Sequence[Floats], values: Callable[[Floats], Floats]) -> None:
        """`pieces`: rising nodes, at least four of each piece; the last node of a piece is the first of the next one.
        `values` has a row for each node.
        """
        self._nodes = np.concatenate([pieces[0][:1], *(piece[1:] for piece in pieces)])
        self._values = values(self._nodes)
        first, rows = 0, []
        for piece in pieces:
            last = first + len(piece) - 1
            rows.append(np.clip(np.arange(first, last) - 1, first, last - _POINTS + 1))
            first = last
        self._rows = np.concatenate(rows)[:, None] + np.arange(_POINTS)
        """Of each interval between two nodes, the four that it goes by."""
        around = self._nodes[self._rows]
        apart = around[:, :, None] - around[:, None, :] + np.eye(_POINTS)
        self._apart: Floats = apart.prod(axis=2)

    def at(self, numbers: Floats) -> Floats:
        """Values at numbers of any shape; what is outside of the nodes goes on as the cubic at the end."""
        intervals = np.clip(np.searchsorted(self._nodes, numbers) - 1, 0, len(self._rows) - 1)
        rows = self._rows[intervals]
        away = numbers[..., None] - self._nodes[rows]
        # Lagrange: each node's weight has the distances to the three others.
        others = np.where(np.eye(_POINTS, dtype=np.bool_), 1.0, away[..., None, :]).prod(axis=-1)
        found: Floats = np.einsum("...p,...pqr->...qr", others / self._apart[intervals], self._values[rows])
        return found
