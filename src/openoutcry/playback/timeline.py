"""What a session's timeline shows: what happened when, the prices of underlyings, the largest trades."""

import heapq
from array import array
from collections import defaultdict
from typing import Final, Literal

from msgspec import Struct

from openoutcry.playback.moments import Moment
from openoutcry.protocol.stream import Trade

LARGEST: Final = 20
"""Trades that are kept of each session."""

MarkKind = Literal["phase", "halt", "news", "announcement", "sanction", "suspension", "bust"]


class Mark(Struct, frozen=True):
    """Something that happened, in a few words."""

    kind: MarkKind
    moment: Moment
    text: str
    team_id: str | None = None
    instrument_id: str | None = None


class LargeTrade(Struct, frozen=True):
    moment: Moment
    message: Trade


class PricePoints(Struct, frozen=True):
    """Of an underlying: of each point its milliseconds, price and command."""

    ms: list[int]
    price: list[float]
    sequence: list[int]


class _Prices(Struct):
    """Of one underlying in one session: a point for each market second."""

    ms: "array[int]"
    price: "array[float]"
    sequence: "array[int]"


class Timeline:
    """Of all sessions, filled in order."""

    def __init__(self) -> None:
        self.marks: Final[list[Mark]] = []
        self.prices_count = 0
        """Of market seconds."""
        self._prices: defaultdict[int, dict[str, _Prices]] = defaultdict(dict)
        self._largest: defaultdict[int, list[tuple[float, int, LargeTrade]]] = defaultdict(list)
        self._trades = 0

    def note_price(self, symbol: str, moment: Moment, price: float) -> None:
        of_session = self._prices[moment.session]
        points = of_session.get(symbol)
        if points is None:
            points = of_session[symbol] = _Prices(array("q"), array("d"), array("q"))
        points.ms.append(moment.ms)
        points.price.append(price)
        points.sequence.append(moment.sequence)

    def is_large(self, session: int, value: float) -> bool:
        """Whether a trade of this value is among the largest so far."""
        heap = self._largest[session]
        return len(heap) < LARGEST or value > heap[0][0]

    def note_large_trade(self, value: float, trade: LargeTrade) -> None:
        heap = self._largest[trade.moment.session]
        self._trades += 1
        entry = value, -self._trades, trade
        if len(heap) < LARGEST:
            heapq.heappush(heap, entry)
        else:
            heapq.heappushpop(heap, entry)

    def prices(self, session: int, after: int) -> dict[str, PricePoints]:
        """Of each underlying the points after so many."""
        return {
            symbol: PricePoints(
                points.ms[after:].tolist(), points.price[after:].tolist(), points.sequence[after:].tolist()
            )
            for symbol, points in self._prices.get(session, {}).items()
        }

    def largest_trades(self, session: int) -> list[LargeTrade]:
        """By value, largest first; of two alike the earlier."""
        return [trade for _, _, trade in sorted(self._largest.get(session, ()), reverse=True)]
