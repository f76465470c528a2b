"""P&L, and how equity went from minute to minute."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import sub

from msgspec import Struct

from openoutcry.domain.types import PPM, MarketTime
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade

MINUTE: int = 60


class EquityState(Struct):
    opening_at: MarketTime
    minutes: list[MarketTime]
    paths: list[list[int]]


class Path:
    """Gains of one participant from minute to minute; what is asked of all of them is kept up to date."""

    __slots__ = ("changes", "drawdown", "gains", "highest")

    def __init__(self, gains: Iterable[int] = ()) -> None:
        self.gains: list[int] = []
        self.highest = 0
        self.drawdown = 0
        """The largest fall from one of them to a later one."""
        self.changes: list[int] = []
        """From one to the next, in ascending order."""
        for gain in gains:
            self.add(gain)

    def add(self, gain: int) -> None:
        if self.gains:
            insort(self.changes, gain - self.gains[-1])
            self.highest = max(self.highest, gain)
        else:
            self.highest = gain
        self.drawdown = max(self.drawdown, self.highest - gain)
        self.gains.append(gain)

    def tail(self, ppm: int) -> int:
        """The mean of the worst changes, rounded down: of this share of them, their number rounded up. None: 0."""
        number = -(-len(self.changes) * ppm // PPM)
        return sum(self.changes[:number]) // number if number else 0


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
        self._paths: list[Path] = []
        """Of each participant: equity above what it began with, at all minutes or at the last ones."""

    def session_began(self, opening_at: MarketTime, *_of_session: object) -> None:
        self._opening_at = opening_at
        self._minutes, self._paths = [], [Path() for _ in self._paths]

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - a part
        self._paths.append(Path([0] if self._minutes else ()))

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        """A minute that ends within a longer tick is told by the tick's marks."""
        ledger = self._ledger
        now = ledger.marks.market_time
        if now is not None and now % MINUTE < max(seconds, 1) and now > self._opening_at - MINUTE:
            self._minutes.append(now)
            for path, gain in zip(self._paths, (ledger.equity() - ledger.start).tolist(), strict=True):
                path.add(gain)

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:
        ledger, path = self._ledger, self._paths[row]
        excluded_value = 0
        if excluded:
            minutes = self._minutes[len(self._minutes) - len(path.gains) :]
            left_out = [0] * (len(minutes) + 1)
            for each in excluded:
                left_out[bisect_right(minutes, each.trade.market_time)] += each.value_to(row)
            path, excluded_value = Path(map(sub, path.gains, accumulate(left_out))), sum(left_out)
        return {
            "pnl": ledger.gain_of(row) - excluded_value,
            "fees": int(ledger.fees[row] - ledger.fees_before[row]),
            "excluded_value": excluded_value,
            "excluded_trades": len(excluded),
            "drawdown": path.drawdown,
            "tail": path.tail(self._tail_ppm),
        }

    def state(self) -> EquityState:
        return EquityState(self._opening_at, self._minutes, [path.gains for path in self._paths])

    def restore(self, state: EquityState) -> None:
        self._opening_at = state.opening_at
        self._minutes, self._paths = state.minutes, [Path(gains) for gains in state.paths]
