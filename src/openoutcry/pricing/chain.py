"""The marks of a whole chain at once, over many moments: from the prices of its underlyings, a surface of volatilities,
and the time.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from openoutcry.domain.day.game_rules import CashRules, GameRules, SettlementRules
from openoutcry.domain.day.marks import Mark, ScenarioValues
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS, PPM
from openoutcry.pricing.black_scholes import Floats, sensitivities, values
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.rounding import DELTA_UNITS, mark_units, money_units
from openoutcry.pricing.session_time import Integers, SessionTime
from openoutcry.pricing.settlement_average import Average, average_ahead
from openoutcry.pricing.surface import Surface

_VOLATILITY_POINTS: Final = 100
_FIELDS: Final = ("value", "volatility", "delta", "gamma", "vega", "theta")
_VALUE: Final = _FIELDS.index("value")
_DELTA: Final = _FIELDS.index("delta")


class _Group(Struct, frozen=True):
    """Options whose value rests on the price of `index`, divided by `ratio`, up to `expiry`."""

    index: str
    ratio: int
    expiry: str


class _Seen(Struct, frozen=True):
    """What options settle on, as seen from moments: a row each, a column for each group."""

    average: Average
    spot: Floats
    fixed: Floats
    """What past fixings have made of the forward."""


class MarksOfMoments:
    """Marks that are made ready, to be had moment by moment."""

    __slots__ = ("_places", "_table")

    def __init__(self, places: Sequence[int], table: Integers) -> None:
        """`table`: moments, fields of a mark after the place, instruments."""
        self._places = places
        self._table = table

    def __getitem__(self, moment: int) -> tuple[Mark, ...]:
        """A mark of each instrument, in order of their places."""
        return tuple(map(Mark, self._places, *self._table[moment].tolist()))


class PricedChain:
    """A list of instruments, made ready for pricing. It keeps nothing of what it has priced."""

    def __init__(
        self,
        instruments: Sequence[tuple[int, Instrument]],
        sessions: SessionTime,
        game: GameRules,
        parameters: Parameters,
        surface: Surface,
    ) -> None:
        """`instruments` with their places in order of listing, in this order. `game` says what an option rests on, and
        how it settles.
        """
        self._sessions = sessions
        self._settlement = game.settlement or SettlementRules()
        self._parameters = parameters
        self._surface = surface
        self._places = [place for place, _ in instruments]
        self._spots = [
            (column, instrument.underlying)
            for column, (_, instrument) in enumerate(instruments)
            if not instrument.option
        ]
        groups: dict[_Group, int] = {}
        columns, strikes, signs, members = [], [], [], []
        for column, (_, instrument) in enumerate(instruments):
            if instrument.option is None:
                continue
            group = _Group(*game.rests_on(instrument.underlying), instrument.option.expiry)
            columns.append(column)
            strikes.append(instrument.option.strike / MONEY_UNITS)
            signs.append(1.0 if instrument.option.option_type == "call" else -1.0)
            members.append(groups.setdefault(group, len(groups)))
        self._groups = list(groups)
        self._columns = columns
        self._strikes: Floats = np.array(strikes)
        self._signs: Floats = np.array(signs)
        self._members: Integers = np.array(members, dtype=np.int64)

    def marks(self, moment: Moment) -> tuple[Mark, ...]:
        """A mark of each instrument, in order of their places. At the very end of an option its volatility is 0, which
        says that it has none.
        """
        return self.marks_of([moment])[0]

    def marks_of(self, moments: Sequence[Moment]) -> MarksOfMoments:
        """The marks of each moment. They are those that the moment has alone."""
        table = np.zeros((len(moments), len(_FIELDS), len(self._places)), dtype=np.int64)
        for column, symbol in self._spots:
            table[:, _VALUE, column] = [moment.prices[symbol] for moment in moments]
            table[:, _DELTA, column] = DELTA_UNITS
        if self._groups:
            table[:, :, self._columns] = self._option_marks(moments)
        return MarksOfMoments(self._places, table)

    def scenario_values(self, moment: Moment, cash: CashRules) -> tuple[ScenarioValues, ...]:
        """What each instrument would be worth at once after each move of the spot with each of the volatility."""
        told = [
            ScenarioValues(
                self._places[column],
                _moved(moment.prices[symbol], cash.spot_moves_ppm, len(cash.volatility_moves_micro)),
            )
            for column, symbol in self._spots
        ]
        if self._groups:
            told += self._option_values(moment, cash)
        return tuple(sorted(told, key=lambda one: one.place))

    def _option_marks(self, moments: Sequence[Moment]) -> Integers:
        seen = self._seen_from(moments)
        average = seen.average
        forward = self._of_options(seen.fixed + average.share * seen.spot)
        share = self._of_options(average.share)
        volatility = self._volatilities(moments, seen, forward)
        found = sensitivities(
            self._signs,
            self._strikes,
            forward,
            volatility,
            self._of_options(average.variance_time),
            self._of_options(average.discount),
        )
        drift = self._of_options(average.share_slope * seen.spot)
        running = self._of_options(average.variance_time_slope)
        by_year = self._parameters.rate * found.value - found.by_forward * drift - found.by_time * running
        return mark_units(
            value=found.value,
            volatility=volatility,
            delta=found.by_forward * share,
            gamma=found.by_forward_twice * (share * share),
            vega=found.by_volatility / _VOLATILITY_POINTS,
            theta=by_year / self._parameters.sessions_a_year,
        )

    def _option_values(self, moment: Moment, cash: CashRules) -> list[ScenarioValues]:
        seen = self._seen_from([moment])
        average = seen.average
        fixed, shared = self._of_options(seen.fixed), self._of_options(average.share * seen.spot)
        volatility = self._volatilities([moment], seen, fixed + shared)
        # Axes: moves of the spot, moves of the volatility, options.
        moves = 1 + np.array(cash.spot_moves_ppm)[:, None, None] / PPM
        volatility_moves = np.array(cash.volatility_moves_micro)[:, None] / PPM
        volatilities = np.maximum(volatility + volatility_moves, cash.minimum_volatility_micro / PPM)
        deviation = volatilities * self._of_options(np.sqrt(average.variance_time))
        discount = self._of_options(average.discount)
        worth = values(self._signs, self._strikes, fixed + moves * shared, deviation, discount)
        by_option = money_units(worth).reshape(-1, len(self._columns)).T.tolist()
        return [
            ScenarioValues(self._places[column], tuple(row))
            for column, row in zip(self._columns, by_option, strict=True)
        ]

    def _volatilities(self, moments: Sequence[Moment], seen: _Seen, forward: Floats) -> Floats:
        return self._surface.volatilities(moments, seen.average, self._members, np.log(self._strikes / forward))

    def _of_options(self, of_groups: Floats) -> Floats:
        """For each option what its group has."""
        return of_groups.take(self._members, axis=1)

    def _seen_from(self, moments: Sequence[Moment]) -> _Seen:
        now: Integers = np.array([moment.now for moment in moments], dtype=np.int64)
        seconds = self._sessions.seconds_left(now, [group.expiry for group in self._groups])
        average = average_ahead(seconds, self._settlement, self._parameters)
        units = np.array([group.ratio * MONEY_UNITS for group in self._groups])
        prices = np.array([[moment.prices[group.index] for group in self._groups] for moment in moments])
        fixed = np.zeros(prices.shape)
        # Today's fixings are no business of later expiries.
        for row, column in np.argwhere(average.past):
            moment, index, past = moments[row], self._groups[column].index, average.past[row, column]
            known = moment.fixings.get(index, ())[:past]
            fixed[row, column] = sum(known) + (past - len(known)) * moment.prices[index]
        return _Seen(average, prices / units, fixed / (units * self._settlement.fixings))


def _moved(price: int, spot_moves_ppm: Sequence[int], volatilities: int) -> tuple[int, ...]:
    """A price after each move, rounded half up, each as often as there are moves of the volatility."""
    return tuple((2 * price * (PPM + move) + PPM) // (2 * PPM) for move in spot_moves_ppm for _ in range(volatilities))
