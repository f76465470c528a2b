"""P&L, and how equity went from minute to minute."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from operator import sub

from msgspec import Struct

from openoutcry.domain.types import PPM, MarketTime
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.trade import ValuedTrade

MINUTE: int = 60


class EquityState(Struct):
    opening_at: MarketTime
    minutes: list[MarketTime]
    gains: list[list[int]]


class Equity(Part):
    """Minutes are full ones of market time, from the last that is not after the opening; for who registers later, from
    the last before that. An excluded trade's value is out of equity from the first minute after the trade.
    """

    name = "equity"
    state_type = EquityState

    def __init__(self, ledger: Ledger, tail_ppm: int) -> None:
        self._ledger = ledger
        self._tail_ppm = tail_ppm
        self._opening_at = MarketTime(0)
        self._minutes: list[MarketTime] = []
        self._gains: list[list[int]] = []
        """Equity above what each began with, of all participants of that minute."""

    def session_began(self, opening_at: MarketTime, *_of_session: object) -> None:
        self._opening_at = opening_at
        self._minutes, self._gains = [], []

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        """A minute that ends within a longer tick is told by the tick's marks."""
        ledger = self._ledger
        now = ledger.marks.market_time
        if now is not None and now % MINUTE < max(seconds, 1) and now > self._opening_at - MINUTE:
            self._minutes.append(now)
            self._gains.append((ledger.equity() - ledger.start).tolist())

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:
        ledger = self._ledger
        known = [gains[row] for gains in self._gains if row < len(gains)]
        missing = len(self._gains) - len(known)
        if missing:
            known.insert(0, 0)
        minutes = self._minutes[max(missing - 1, 0) :]
        left_out = [0] * (len(minutes) + 1)
        for trade in excluded:
            left_out[bisect_right(minutes, trade.trade.market_time)] += trade.value_to(row)
        so_far = list(accumulate(left_out))
        path = list(map(sub, known, so_far))
        excluded_value = so_far[-1]
        return {
            "pnl": int(ledger.equity()[row] - ledger.start[row]) - excluded_value,
            "fees": int(ledger.fees[row] - ledger.fees_before[row]),
            "excluded_value": excluded_value,
            "excluded_trades": sum(row in (each.trade.buyer.row, each.trade.seller.row) for each in excluded),
            "drawdown": drawdown(path),
            "tail": tail(list(map(sub, path[1:], path)), self._tail_ppm),
        }

    def state(self) -> EquityState:
        return EquityState(self._opening_at, self._minutes, self._gains)

    def restore(self, state: EquityState) -> None:
        self._opening_at = state.opening_at
        self._minutes, self._gains = state.minutes, state.gains


def drawdown(path: Sequence[int]) -> int:
    """The largest fall from one point of the path to a later one."""
    return max(map(sub, accumulate(path, max), path), default=0)


def tail(changes: Sequence[int], tail_ppm: int) -> int:
    """The mean of the worst changes, rounded down: of this share of them, their number rounded up. None: 0."""
    number = -(-len(changes) * tail_ppm // PPM)
    return sum(sorted(changes)[:number]) // number if number else 0
