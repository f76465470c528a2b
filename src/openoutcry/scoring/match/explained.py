"""Where each participant's P&L of a session comes from, by instrument and by market hour.

What is held over a step from one tick to the next earns by the Greeks of its start: with q contracts, multiplier m, and
U the price of the underlying,

    delta   q m delta dU                        theta   q m theta, by the share of a session that has passed
    gamma   q m gamma dU^2 / 2                  vega    q m vega, by volatility points

A spot instrument is its own underlying, so that whatever its value does is delta. A change of a holding brings edge:
what flowed, and what came or went at the mark of the moment; of an instrument that is settled that is settlement.
Without a mark a holding counts as what it has cost. `rest` is what all of this leaves of the P&L, so the parts sum to
it exactly.
"""

import datetime as dt
from typing import Final

import numpy as np
from msgspec import Struct

from openoutcry.domain.commands import StartSession
from openoutcry.domain.day.opening_hours import OpeningHours
from openoutcry.domain.events import PositionUpdated
from openoutcry.domain.types import MONEY_UNITS, PPM, InstrumentId, MarketTime, Money
from openoutcry.scoring.match.arrays import Floats, Integers, Packed, packed, unpacked, widened
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.trade import Trade, Trader

HOUR: Final = 3_600

# Numbers of marks are integers: of delta, of gamma times a square of money, of vega by a change of volatility.
_PER_DELTA: Final = 1 / PPM
_PER_GAMMA: Final = 0.5e-9 / MONEY_UNITS
_PER_VEGA: Final = 100 / PPM

_EDGE, _FEES, _SETTLEMENT = range(3)


class ExplainedPnl(Struct, frozen=True, kw_only=True):
    """A P&L and its parts, which sum to it."""

    pnl: Money
    delta: Money
    gamma: Money
    theta: Money
    vega: Money
    edge: Money
    """Of the fills, against the marks of their moments."""
    fees: Money
    """Below 0 if they were paid."""
    settlement: Money
    """What settled instruments were paid out at, against their last marks."""
    rest: Money


class Explained(Struct, frozen=True):
    """The parts of all instruments and hours, of each instrument and of each hour, by the hour's first instant. They
    add up in both directions. What a team has neither held nor traded is not among the instruments.
    """

    total: ExplainedPnl
    instruments: dict[InstrumentId, ExplainedPnl]
    hours: dict[MarketTime, ExplainedPnl]


class HourState(Struct):
    worth: Packed
    earned: Packed
    booked: list[list[tuple[int, int, int]]]


class ExplainedState(Struct):
    opening_at: MarketTime
    close_at: MarketTime
    settled: list[int]
    unmarked: list[tuple[int, int, int]]
    hours: list[HourState]


class _Hour:
    """What a market hour has brought, with a row for each participant and a column for each instrument."""

    __slots__ = ("booked", "earned", "worth")

    def __init__(self, worth: Integers, earned: Floats, booked: list[dict[tuple[int, int], int]]) -> None:
        self.worth = worth
        """At its start: what the holding has brought so far, fees left out, and what it is worth."""
        self.earned = earned
        """By delta, gamma, theta and vega."""
        self.booked = booked
        """Of each participant, by column: edge, fees and settlement. Fills come often, and one at a time."""

    def widen(self, rows: int, columns: int) -> None:
        self.worth, self.earned = widened(self.worth, rows, columns), widened(self.earned, rows, columns)
        self.booked += [{} for _ in range(rows - len(self.booked))]

    def book(self, row: int, column: int, kind: int, money: int) -> None:
        booked, place = self.booked[row], (column, kind)
        booked[place] = booked.get(place, 0) + money


class Explainer(Part):
    name = "explained"
    state_type = ExplainedState

    def __init__(self, ledger: Ledger, hours: OpeningHours) -> None:
        """`hours`: of a full session. Theta is told for one, and none of it passes before the opening."""
        self._ledger = ledger
        self._opening_second = hours.opening
        self._session_seconds = hours.close - hours.opening
        self._starting = MarketTime(0)
        """When the session of the command under way opens."""
        self._opening_at = self._close_at = MarketTime(0)
        self._settled: set[int] = set()
        self._unmarked: dict[tuple[int, int], int] = {}
        """By row and column, what holdings without a mark have brought and cost."""
        self._hours: list[_Hour] = []
        self._begin_hour()
        self._widen()

    # ---- what it is told ----------------------------------------------------------------------------------------

    def session_starts(self, command: StartSession) -> None:
        midnight = dt.datetime.combine(dt.date.fromisoformat(command.date), dt.time(), dt.UTC)
        self._starting = MarketTime(int(midnight.timestamp()) - command.utc_offset + self._opening_second)

    def session_began(self, _opening_at: MarketTime, close_at: MarketTime) -> None:
        # The call may end earlier, but only from then on prices move and time passes.
        self._opening_at, self._close_at = self._starting, close_at
        self._settled.clear()
        worth, held = self._worth(), self._ledger.positions != 0
        places = np.argwhere(held & ~self._ledger.marks.is_known).tolist()
        self._unmarked = {(row, column): int(worth[row, column]) for row, column in places}
        self._hours = []
        self._begin_hour()

    def registered(self, *_participant: object) -> None:
        self._widen()

    def listed(self) -> None:
        self._widen()

    def second_passed(self, before: Marks, *_of_it: object) -> None:
        ledger = self._ledger
        now, since = ledger.marks.market_time, before.market_time
        assert now is not None, "a tick has told marks"  # noqa: S101
        if ledger.participants:
            passed = 0 if since is None else max(min(now, self._close_at) - max(since, self._opening_at), 0)
            gained = self._gained(before, ledger.marks, passed / self._session_seconds)
            self._hours[-1].earned += ledger.positions * gained[:, None, :]
        if self._unmarked:
            self._mark()
        if self._hour_of(now) >= len(self._hours):
            self._begin_hour()

    def traded(self, trade: Trade) -> None:
        self._pay(trade.buyer, trade.column, -trade.buyer.fees)
        self._pay(trade.seller, trade.column, -trade.seller.fees)

    def busted(self, trade: Trade) -> None:
        self._pay(trade.buyer, trade.column, trade.buyer.fees)
        self._pay(trade.seller, trade.column, trade.seller.fees)

    def position_changed(self, row: int, column: int, quantity: int, flow: int, event: PositionUpdated) -> None:
        ledger = self._ledger
        marks = ledger.marks
        if marks.is_known[column]:
            gained = flow + quantity * int(marks.values[column]) * ledger.columns[column].multiplier
        else:
            worth = int(ledger.flows[row, column]) + event.cost_basis
            gained = worth - self._unmarked.get((row, column), 0)
            self._unmarked[row, column] = worth
        self._hours[-1].book(row, column, _SETTLEMENT if column in self._settled else _EDGE, gained)

    def settled(self, column: int) -> None:
        self._settled.add(column)

    # ---- what it tells ------------------------------------------------------------------------------------------

    def explained(self, row: int, column: int | None = None) -> Explained:
        """The P&L of a participant since the session began; of one instrument, if it says which."""
        columns = range(len(self._ledger.columns)) if column is None else [column]
        table = self._table(row)[:, :, list(columns)]
        held = self._ledger.positions[row, list(columns)] != 0
        held |= table.any(axis=(0, 1))
        by_column, by_hour = table.sum(axis=0), table.sum(axis=2)
        instruments = {
            self._ledger.columns[number].instrument_id: _pnl(by_column[:, place])
            for place, number in enumerate(columns)
            if held[place]
        }
        hours = {MarketTime(self._opening_at + HOUR * hour): _pnl(by_hour[hour]) for hour in range(len(by_hour))}
        return Explained(_pnl(by_hour.sum(axis=0)), instruments, hours)

    def _table(self, row: int) -> Integers:
        """By hours, fields of `ExplainedPnl` and columns."""
        worths = np.stack([hour.worth[row] for hour in self._hours] + [self._worth()[row]])
        booked: Integers = np.zeros((len(self._hours), 3, worths.shape[1]), dtype=np.int64)
        for number, hour in enumerate(self._hours):
            for (column, kind), money in hour.booked[row].items():
                booked[number, kind, column] = money
        earned = np.rint(np.stack([hour.earned[:, row] for hour in self._hours])).astype(np.int64)
        pnl = np.diff(worths, axis=0) + booked[:, _FEES]
        rest = pnl - earned.sum(axis=1) - booked.sum(axis=1)
        return np.concatenate((pnl[:, None], earned, booked, rest[:, None]), axis=1)

    # ---- how it is counted --------------------------------------------------------------------------------------

    def _gained(self, before: Marks, after: Marks, share: float) -> Floats:
        """What one contract of each column has earned by delta, gamma, theta and vega, in this share of a session. What
        had no mark before has no Greeks either.
        """
        ledger = self._ledger
        by_index = (after.prices - before.prices) / ledger.ratios
        moved = np.where(ledger.is_option, by_index, after.values - before.values)
        # At its very end an option has no volatility.
        has_volatility = (before.volatilities > 0) & (after.volatilities > 0)
        points = (after.volatilities - before.volatilities) * has_volatility
        gained: Floats = np.empty((4, len(moved)), dtype=np.float64)
        gained[0] = before.deltas * _PER_DELTA * moved
        gained[1] = before.gammas * _PER_GAMMA * (moved * moved)
        gained[2] = before.thetas * share
        gained[3] = before.vegas * _PER_VEGA * points
        return gained * ledger.multipliers

    def _worth(self) -> Integers:
        ledger, marks = self._ledger, self._ledger.marks
        worth: Integers = ledger.flows + ledger.positions * (marks.values * ledger.multipliers)
        if not marks.is_known.all():
            worth += np.where(marks.is_known, 0, ledger.costs)
        return worth

    def _pay(self, trader: Trader, column: int, money: int) -> None:
        if trader.row is not None and money:
            self._hours[-1].book(trader.row, column, _FEES, money)

    def _mark(self) -> None:
        """The first mark of what was held without one tells what it was worth more than it has cost."""
        worth, is_known = self._worth(), self._ledger.marks.is_known
        for (row, column), before in list(self._unmarked.items()):
            if is_known[column]:
                del self._unmarked[row, column]
                self._hours[-1].book(row, column, _EDGE, int(worth[row, column]) - before)

    def _hour_of(self, now: MarketTime) -> int:
        """The number of the hour that goes on from this instant. The first begins with the call; the last one ends
        only with the next session.
        """
        last = max(self._close_at - self._opening_at - 1, 0) // HOUR
        return min(max(now - self._opening_at, 0) // HOUR, last)

    def _begin_hour(self) -> None:
        rows, columns = self._ledger.positions.shape
        self._hours.append(
            _Hour(
                self._worth(),
                np.zeros((4, rows, columns), dtype=np.float64),
                [{} for _ in range(rows)],
            )
        )

    def _widen(self) -> None:
        rows, columns = self._ledger.positions.shape
        for hour in self._hours:
            hour.widen(rows, columns)

    # ---- captures -----------------------------------------------------------------------------------------------

    def state(self) -> ExplainedState:
        return ExplainedState(
            opening_at=self._opening_at,
            close_at=self._close_at,
            settled=sorted(self._settled),
            unmarked=_listed(self._unmarked),
            hours=[
                HourState(packed(each.worth), packed(each.earned), [_listed(booked) for booked in each.booked])
                for each in self._hours
            ],
        )

    def restore(self, state: ExplainedState) -> None:
        self._opening_at, self._close_at, self._settled = state.opening_at, state.close_at, set(state.settled)
        self._unmarked = _by_place(state.unmarked)
        self._hours = [
            _Hour(unpacked(each.worth), unpacked(each.earned), [_by_place(booked) for booked in each.booked])
            for each in state.hours
        ]


def _listed(money: dict[tuple[int, int], int]) -> list[tuple[int, int, int]]:
    return sorted((*place, each) for place, each in money.items())


def _by_place(listed: list[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    return {(first, second): each for first, second, each in listed}


def _pnl(numbers: Integers) -> ExplainedPnl:
    pnl, delta, gamma, theta, vega, edge, fees, settlement, rest = map(Money, numbers.tolist())
    return ExplainedPnl(
        pnl=pnl,
        delta=delta,
        gamma=gamma,
        theta=theta,
        vega=vega,
        edge=edge,
        fees=fees,
        settlement=settlement,
        rest=rest,
    )
