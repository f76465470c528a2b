"""Shift: P&L in the windows after changes of the regime of volatility."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from openoutcry.domain.simulation.headlines import Regime
from openoutcry.domain.types import MarketTime
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade


class ShiftsState(Struct):
    windows: list[tuple[MarketTime, MarketTime]]
    is_open: bool
    earned: Packed
    began_with: Packed


class Shifts(Part):
    """P&L is that of equity at the marks of a window's edges, fees paid. Windows that overlap are one; the close ends
    one that is open. An excluded trade of a window takes its value out of it.
    """

    name = "shifts"
    state_type = ShiftsState

    def __init__(self, ledger: Ledger, shift_seconds: int) -> None:
        self._ledger = ledger
        self._shift_seconds = shift_seconds
        self._windows: list[tuple[MarketTime, MarketTime]] = []
        """Of the session; the end is where the next second begins."""
        self._is_open = False
        """Whether the last of them is."""
        self._earned: Integers = np.zeros(0, dtype=np.int64)
        """In windows that have ended."""
        self._began_with: Integers = np.zeros(0, dtype=np.int64)
        """What each had gained in the session when the open window began."""

    def session_began(self, *_of_session: object) -> None:
        self._windows, self._is_open = [], False
        self._earned = np.zeros_like(self._earned)
        self._began_with = np.zeros_like(self._earned)

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - a part
        self._earned = np.append(self._earned, 0)
        self._began_with = np.append(self._began_with, 0)

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        now = self._ledger.marks.market_time
        if self._is_open and now is not None and now >= self._windows[-1][1]:
            self._end()

    def regime_began(self, regime: Regime) -> None:  # noqa: ARG002 - to whichever
        now = self._ledger.marks.market_time
        assert now is not None, "it began with a tick"  # noqa: S101
        until = MarketTime(now + self._shift_seconds)
        if self._is_open:
            self._windows[-1] = self._windows[-1][0], until
        else:
            self._windows.append((now, until))
            self._is_open = True
            self._began_with = self._gained()

    def session_ended(self) -> None:
        if self._is_open:
            self._end()

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:
        shift = int(self._earned[row])
        if self._is_open:
            shift += self._ledger.gain_of(row) - int(self._began_with[row])
        begun = [since for since, _ in self._windows]
        for each in excluded:
            market_time = each.trade.market_time
            place = bisect_right(begun, market_time) - 1
            if place >= 0 and market_time < self._windows[place][1]:
                shift -= each.value_to(row)
        return {"shift": shift}

    def _end(self) -> None:
        self._earned = self._earned + self._gained() - self._began_with
        self._is_open = False

    def _gained(self) -> Integers:
        """By everybody in the session so far."""
        return self._ledger.equity() - self._ledger.start

    def state(self) -> ShiftsState:
        return ShiftsState(self._windows, self._is_open, packed(self._earned), packed(self._began_with))

    def restore(self, state: ShiftsState) -> None:
        self._windows, self._is_open = state.windows, state.is_open
        self._earned, self._began_with = unpacked(state.earned), unpacked(state.began_with)
