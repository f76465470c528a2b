"""P&L, and how equity went from minute to minute."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct

from openoutcry.domain.types import PPM, MarketTime
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.trade import ValuedTrade

MINUTE: int = 60


class EquityState(Struct):
    minutes: list[MarketTime]
    equities: list[Packed]


class Equity(Part):
    name = "equity"
    state_type = EquityState

    def __init__(self, ledger: Ledger, tail_ppm: int) -> None:
        self._ledger = ledger
        self._tail_ppm = tail_ppm
        self._minutes: list[MarketTime] = []
        self._equities: list[Integers] = []
        """Above what each began with, of all participants of that minute; who registered later had none."""

    def session_began(self, *_of_session: object) -> None:
        self._minutes, self._equities = [], []

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        """A minute that ends within a longer tick is told by the tick's marks."""
        ledger = self._ledger
        now = ledger.marks.market_time
        if now is not None and now % MINUTE < max(seconds, 1):
            self._minutes.append(now)
            self._equities.append(ledger.equity() - ledger.start)

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:
        ledger = self._ledger
        values = [(trade.trade.market_time, value_to(row, trade)) for trade in excluded]
        path = [
            (int(equities[row]) if row < len(equities) else 0)
            - sum(value for market_time, value in values if market_time < minute)
            for minute, equities in zip(self._minutes, self._equities, strict=True)
        ]
        excluded_value = sum(value for _, value in values)
        return {
            "pnl": int(ledger.equity()[row] - ledger.start[row]) - excluded_value,
            "fees": int(ledger.fees[row] - ledger.fees_before[row]),
            "excluded_value": excluded_value,
            "excluded_trades": sum(row in (each.trade.buyer.row, each.trade.seller.row) for each in excluded),
            "drawdown": drawdown(path),
            "tail": tail([later - earlier for earlier, later in pairwise(path)], self._tail_ppm),
        }

    def state(self) -> EquityState:
        return EquityState(self._minutes, [packed(each) for each in self._equities])

    def restore(self, state: EquityState) -> None:
        self._minutes, self._equities = state.minutes, [unpacked(each) for each in state.equities]


def value_to(row: int, trade: ValuedTrade) -> int:
    """What the trade was worth to this participant."""
    bought, sold = trade.trade.buyer.row == row, trade.trade.seller.row == row
    return trade.value * (bought - sold)


def drawdown(path: Sequence[int]) -> int:
    """The largest fall from one point of the path to a later one."""
    most = highest = 0
    for number, equity in enumerate(path):
        highest = equity if number == 0 else max(highest, equity)
        most = max(most, highest - equity)
    return most


def tail(changes: Sequence[int], tail_ppm: int) -> int:
    """The mean of the worst changes, rounded down: of this share of them, their number rounded up. None: 0."""
    number = -(-len(changes) * tail_ppm // PPM)
    return sum(sorted(changes)[:number]) // number if number else 0
