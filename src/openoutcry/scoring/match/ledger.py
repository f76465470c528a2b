"""What every participant holds, and what it is worth at the newest marks.

Whatever a team has is taken from the venue's own reports of positions, so that settlements, trades that are undone and
positions that the house takes over are in it like trades.
"""

from collections.abc import Iterable
from itertools import chain

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from openoutcry.domain.commands import AdvanceMarket
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.events import PositionUpdated, TeamRegistered
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import OWN_ROLES, Rulebook
from openoutcry.domain.types import PPM, InstrumentId, MarketTime, TeamId
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked, widened
from openoutcry.scoring.match.column import Column
from openoutcry.scoring.match.marks import Marks, no_marks
from openoutcry.scoring.match.participant import Participant


class LedgerState(Struct):
    columns: list[Column]
    participants: list[Participant]
    places: int
    positions: Packed
    flows: Packed
    outside: Packed
    costs: Packed
    cash: Packed
    fees: Packed
    start: Packed
    fees_before: Packed
    market_time: MarketTime | None
    numbers: Packed
    prices: Packed
    is_known: list[bool]


class Ledger:
    """Rows are participants, columns instruments; both are added as they come, and columns of settled ones go when a
    session starts.

    Money is in 64 bits: a participant's equity stays below 9e14 of the currency. Named limits hold one position at the
    highest price to half of that, and what roles may hold at prices of any index to a small part.
    """

    def __init__(self, rulebook: Rulebook, instruments: Iterable[Instrument]) -> None:
        self._rulebook = rulebook
        self._game: GameRules = rulebook.game
        self.columns: list[Column] = []
        self.participants: list[Participant] = []
        self.row_of: dict[TeamId, int] = {}
        self.column_of: dict[InstrumentId, int] = {}
        self.positions: Integers = np.zeros((0, 0), dtype=np.int64)
        """Contracts or lots, a row for each participant."""
        self.flows: Integers = np.zeros((0, 0), dtype=np.int64)
        """Money that each holding has brought so far, fees and what is no part of a match left out: realised P&L less
        what the position cost.
        """
        self.outside: Integers = np.zeros((0, 0), dtype=np.int64)
        """What each holding has gained that is no part of a match."""
        self.costs: Integers = np.zeros((0, 0), dtype=np.int64)
        """What each position has cost."""
        self.cash: Integers = np.zeros(0, dtype=np.int64)
        self.fees: Integers = np.zeros(0, dtype=np.int64)
        self.start: Integers = np.zeros(0, dtype=np.int64)
        """Equity with which each began the session,"""
        self.fees_before: Integers = np.zeros(0, dtype=np.int64)
        """and the fees that it had paid by then. What is no part of the match moves both."""
        self.marks: Marks = no_marks(0)
        self._places = 0
        self._columns_at: Integers = np.zeros(0, dtype=np.int64)
        """By place among the listed instruments; -1: it has none any more."""
        self._all_places: Integers = np.zeros(0, dtype=np.int64)
        """Of the columns, in their order."""
        self._all_known: NDArray[np.bool_] = np.ones(0, dtype=np.bool_)
        self._columns_on: dict[str, Integers] = {}
        """By index, the columns that go by its price."""
        self.multipliers: Integers = np.zeros(0, dtype=np.int64)
        self.is_option: Integers = np.zeros(0, dtype=np.int64)
        """1 or 0."""
        self.ratios: Integers = np.ones(0, dtype=np.int64)
        self.parts_of_delta = self._game.parts_of_delta
        """Into how many parts a delta of 1e-6 contracts of the index is cut: then all deltas are whole."""
        self.option_parts: Integers = np.zeros(0, dtype=np.int64)
        """How many of these parts a delta of 1e-6 of each option counts; 0 for spot instruments."""
        self.spot_deltas: Integers = np.zeros(0, dtype=np.int64)
        """How many the delta of a lot of each spot instrument is; 0 for options."""
        self.tracker: Column | None = None
        """The index's tracker, as it is traded: the first spot instrument with a ratio to the index."""
        for instrument in instruments:
            self.list_instrument(instrument)

    # ---- who and what ------------------------------------------------------------------------------------------

    def register(self, event: TeamRegistered, owner: str | None) -> Participant | None:
        """None: it is one of the exchange's own teams."""
        team_id, role = event.new_team_id, event.role
        if role in OWN_ROLES:
            return None
        row = len(self.participants)
        # A name cannot be an owner's as well: an owner's begins with another letter.
        participant = Participant(
            row=row,
            team_id=team_id,
            team_name=event.team_name,
            role=role,
            owner=f"team {event.team_name}" if owner is None else f"owner {owner}",
        )
        self.participants.append(participant)
        self.row_of[team_id] = row
        self._widen()
        self.cash[row] = self.start[row] = self._rulebook.roles[role].starting_cash
        return participant

    def list_instrument(self, instrument: Instrument) -> Column:
        index, ratio = self._game.rests_on(instrument.underlying)
        column = Column(
            number=len(self.columns),
            place=self._places,
            instrument_id=instrument.instrument_id,
            is_option=instrument.option is not None,
            expiry=None if instrument.option is None else instrument.option.expiry,
            multiplier=instrument.multiplier,
            tick_size=instrument.tick_size,
            index=index,
            ratio=ratio,
        )
        self._places += 1
        self.columns.append(column)
        self._widen()
        known = self._columns_on.get(index)
        if known is not None:
            self.marks.prices[-1] = self.marks.prices[known[0]]
        self._arrange()
        return column

    def drop_columns(self, settled: set[InstrumentId]) -> list[int]:
        """Leave out the columns of what is settled. The numbers of those that stay, in order."""
        kept = [column.number for column in self.columns if column.instrument_id not in settled]
        self.columns = [structs.replace(self.columns[old], number=number) for number, old in enumerate(kept)]
        self.positions, self.flows, self.outside, self.costs = (
            each[:, kept] for each in (self.positions, self.flows, self.outside, self.costs)
        )
        marks = self.marks
        self.marks = Marks(marks.market_time, marks.numbers[:, kept], marks.prices[kept], marks.is_known[kept])
        self._arrange()
        return kept

    def _widen(self) -> None:
        rows, columns = len(self.participants), len(self.columns)
        self.positions = widened(self.positions, rows, columns)
        self.flows = widened(self.flows, rows, columns)
        self.outside = widened(self.outside, rows, columns)
        self.costs = widened(self.costs, rows, columns)
        missing = rows - len(self.cash)
        self.cash, self.fees, self.start, self.fees_before = (
            np.pad(each, (0, missing)) for each in (self.cash, self.fees, self.start, self.fees_before)
        )
        marks, missing = self.marks, columns - len(self.marks.prices)
        if missing:
            more = no_marks(missing)
            self.marks = Marks(
                marks.market_time,
                np.concatenate((marks.numbers, more.numbers), axis=1),
                np.concatenate((marks.prices, more.prices)),
                np.concatenate((marks.is_known, more.is_known)),
            )

    def _arrange(self) -> None:
        """What follows from the columns."""
        columns = self.columns
        self.column_of = {column.instrument_id: column.number for column in columns}
        self._columns_at = np.full(self._places, -1, dtype=np.int64)
        for column in columns:
            self._columns_at[column.place] = column.number
        self._columns_on = {
            index: np.array([each.number for each in columns if each.index == index], dtype=np.int64)
            for index in {each.index: None for each in columns}
        }
        self.multipliers = np.array([each.multiplier for each in columns], dtype=np.int64)
        self.is_option = np.array([each.is_option for each in columns], dtype=np.int64)
        self.ratios = np.array([each.ratio for each in columns], dtype=np.int64)
        self._all_places = np.array([each.place for each in columns], dtype=np.int64)
        self._all_known = np.ones(len(columns), dtype=np.bool_)
        parts = self.parts_of_delta // self.ratios
        self.option_parts, self.spot_deltas = parts * self.is_option, PPM * parts * (1 - self.is_option)
        self.tracker = next((each for each in columns if not each.is_option and each.ratio != 1), None)

    # ---- what happens -------------------------------------------------------------------------------------------

    def take_marks(self, tick: AdvanceMarket) -> Marks:
        """The marks of a tick become the newest: an instrument that it does not name keeps its last. Those before."""
        before = self.marks
        numbers, prices, is_known = before.numbers, before.prices.copy(), before.is_known
        if tick.marks:
            # A row for each field of a mark, in the order of its struct.
            fields = chain.from_iterable(map(structs.astuple, tick.marks))
            told: Integers = np.fromiter(fields, dtype=np.int64).reshape(len(tick.marks), -1).T
            if np.array_equal(told[0], self._all_places):  # the usual case
                numbers, is_known = np.ascontiguousarray(told[1:]), self._all_known
            else:
                columns = self._columns_at[told[0]]
                living = columns >= 0
                columns, told = columns[living], told[:, living]
                numbers, is_known = numbers.copy(), is_known.copy()
                numbers[:, columns] = told[1:]
                is_known[columns] = True
        for underlying in tick.underlyings:
            on_it = self._columns_on.get(underlying.symbol)
            if on_it is not None:
                prices[on_it] = underlying.price
        self.marks = Marks(tick.market_time, numbers, prices, is_known)
        return before

    def take_position(self, event: PositionUpdated) -> tuple[int, int, int, int] | None:
        """What a team has in an instrument now. Its row, the column, and by how much position and flow have changed;
        None if it is one of the exchange's own.
        """
        row = self.row_of.get(event.team_id)
        if row is None:
            return None
        column = self.column_of[event.instrument_id]
        flow = event.realized_pnl - event.cost_basis - int(self.outside[row, column])
        moved = event.position - int(self.positions[row, column]), flow - int(self.flows[row, column])
        self.positions[row, column] = event.position
        self.flows[row, column] = flow
        self.costs[row, column] = event.cost_basis
        self.cash[row] = event.cash
        self.fees[row] = event.fees_paid
        return row, column, *moved

    def take_position_outside(self, event: PositionUpdated) -> None:
        """The same of a change that is no part of a match: neither P&L nor fees of one know it."""
        row = self.row_of.get(event.team_id)
        if row is None:
            return
        column = self.column_of[event.instrument_id]
        equity, fees = self.equity()[row], self.fees[row]
        self.take_position(event)
        gained, paid = self.equity()[row] - equity, self.fees[row] - fees
        self.start[row] += gained
        self.fees_before[row] += paid
        self.outside[row, column] += gained + paid
        self.flows[row, column] -= gained + paid

    def begin_session(self, market_time: MarketTime) -> None:
        """From now on P&L is counted from the equity of this moment, at the marks that were the last."""
        self.start, self.fees_before = self.equity(), self.fees.copy()
        marks = self.marks
        self.marks = Marks(market_time, marks.numbers, marks.prices, marks.is_known)

    # ---- what it is worth ---------------------------------------------------------------------------------------

    def equity(self) -> Integers:
        """Of each participant: cash, and positions at their marks; one without a mark at what it has cost."""
        return self.cash + self._worth(self.positions, self.costs)

    def gain_of(self, row: int) -> int:
        """Of one participant: equity above what it began the session with."""
        return int(self.cash[row] + self._worth(self.positions[row], self.costs[row]) - self.start[row])

    def _worth(self, positions: Integers, costs: Integers) -> Integers:
        """Of all participants' positions, or of one's."""
        marks = self.marks
        worth: Integers = positions @ (marks.values * self.multipliers)
        if not marks.is_known.all():
            worth = worth + costs[..., ~marks.is_known].sum(axis=-1)
        return worth

    # ---- captures -----------------------------------------------------------------------------------------------

    def state(self) -> LedgerState:
        marks = self.marks
        return LedgerState(
            columns=self.columns,
            participants=self.participants,
            places=self._places,
            positions=packed(self.positions),
            flows=packed(self.flows),
            outside=packed(self.outside),
            costs=packed(self.costs),
            cash=packed(self.cash),
            fees=packed(self.fees),
            start=packed(self.start),
            fees_before=packed(self.fees_before),
            market_time=marks.market_time,
            numbers=packed(marks.numbers),
            prices=packed(marks.prices),
            is_known=marks.is_known.tolist(),
        )

    def restore(self, state: LedgerState) -> None:
        self.columns, self.participants = state.columns, state.participants
        self.row_of = {each.team_id: each.row for each in self.participants}
        self._places = state.places
        self.positions, self.flows = unpacked(state.positions), unpacked(state.flows)
        self.outside, self.costs = unpacked(state.outside), unpacked(state.costs)
        self.cash, self.fees = unpacked(state.cash), unpacked(state.fees)
        self.start, self.fees_before = unpacked(state.start), unpacked(state.fees_before)
        is_known = np.array(state.is_known, dtype=np.bool_)
        self.marks = Marks(state.market_time, unpacked(state.numbers), unpacked(state.prices), is_known)
        self._arrange()
