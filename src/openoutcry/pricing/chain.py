"""The marks of a whole chain at once, from the prices of its underlyings, one volatility, and the time."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from openoutcry.domain.day.game_rules import CashRules, GameRules, SettlementRules
from openoutcry.domain.day.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS, MarketTime
from openoutcry.pricing.black_scholes import Floats, sensitivities, values
from openoutcry.pricing.rounding import DELTA_UNITS, delta_units, gamma_units, money_units, volatility_units
from openoutcry.pricing.session_time import SESSION_SECONDS, SESSIONS_A_YEAR, SessionTime
from openoutcry.pricing.settlement_average import Average, average_ahead

_WHOLE_PPM = 1_000_000
_VOLATILITY_POINTS = 100


class Parameters(Struct, frozen=True, kw_only=True):
    """Annual, as fractions: 0.2 is 20 %."""

    volatility: float
    rate: float = 0.0
    dividend: float = 0.0
    sessions_a_year: int = SESSIONS_A_YEAR


class Moment(Struct, frozen=True, kw_only=True):
    """What marks are made from."""

    now: MarketTime
    prices: Mapping[str, int]
    """Of underlyings, in money units."""
    fixings: Mapping[str, Sequence[int]] = {}
    """Of today's settlement value, those that are over: prices of indices, in money units, in order."""


class _Underlying(Struct, frozen=True):
    """What an option's value rests on: the price of `index`, divided by `ratio`."""

    index: str
    ratio: int


class PricedChain:
    """A list of instruments, made ready for pricing. It keeps nothing of what it has priced."""

    def __init__(
        self,
        instruments: Sequence[tuple[int, Instrument]],
        sessions: SessionTime,
        game: GameRules,
        parameters: Parameters,
    ) -> None:
        """`instruments` with their places in order of listing. `game` says what an option rests on, and how it
        settles.
        """
        self._sessions = sessions
        self._settlement = game.settlement or SettlementRules()
        self._parameters = parameters
        self._spots = [(place, instrument.underlying) for place, instrument in instruments if not instrument.option]
        groups: dict[tuple[_Underlying, str], int] = {}
        places, strikes, signs, members = [], [], [], []
        for place, instrument in instruments:
            if instrument.option is None:
                continue
            underlying = _Underlying(*game.rests_on(instrument.underlying))
            places.append(place)
            strikes.append(instrument.option.strike / MONEY_UNITS)
            signs.append(1.0 if instrument.option.option_type == "call" else -1.0)
            members.append(groups.setdefault((underlying, instrument.option.expiry), len(groups)))
        self._groups = list(groups)
        self._places = places
        self._strikes: Floats = np.array(strikes)
        self._signs: Floats = np.array(signs)
        self._members: NDArray[np.int64] = np.array(members, dtype=np.int64)

    def underlyings(self, moment: Moment) -> tuple[UnderlyingMark, ...]:
        return tuple(UnderlyingMark(symbol, price) for symbol, price in moment.prices.items())

    def marks(self, moment: Moment) -> tuple[Mark, ...]:
        """A mark of each instrument, in order of their places. At the very end of an option its volatility is 0, which
        says that it has none.
        """
        marks = [Mark(place, moment.prices[symbol], 0, DELTA_UNITS, 0, 0, 0) for place, symbol in self._spots]
        if self._places:
            marks += self._option_marks(moment)
        return tuple(sorted(marks, key=lambda mark: mark.place))

    def scenario_values(self, moment: Moment, cash: CashRules) -> tuple[ScenarioValues, ...]:
        """What each instrument would be worth at once after each move of the spot with each of the volatility."""
        told = [
            ScenarioValues(place, _moved(moment.prices[symbol], cash.spot_moves_ppm, len(cash.volatility_moves_micro)))
            for place, symbol in self._spots
        ]
        if self._places:
            told += self._option_values(moment, cash)
        return tuple(sorted(told, key=lambda one: one.place))

    def _option_marks(self, moment: Moment) -> list[Mark]:
        averages, spots = self._seen_from(moment)
        by_group = np.array(
            [
                (
                    average.forward(spot),
                    average.variance_time,
                    average.variance_time_slope,
                    average.share,
                    average.share_slope * spot,
                    average.discount,
                )
                for average, spot in zip(averages, spots, strict=True)
            ]
        ).T
        forward, time, time_slope, share, drift, discount = by_group[:, self._members]
        volatility = np.where(time > 0, self._parameters.volatility, 0.0)
        found = sensitivities(self._signs, self._strikes, forward, volatility, time, discount)
        by_year = self._parameters.rate * found.value - found.by_forward * drift - found.by_time * time_slope
        return [
            Mark(*fields)
            for fields in zip(
                self._places,
                money_units(found.value),
                volatility_units(volatility),
                delta_units(found.by_forward * share),
                gamma_units(found.by_forward_twice * (share * share)),
                money_units(found.by_volatility / _VOLATILITY_POINTS),
                money_units(by_year / self._parameters.sessions_a_year),
                strict=True,
            )
        ]

    def _option_values(self, moment: Moment, cash: CashRules) -> list[ScenarioValues]:
        averages, spots = self._seen_from(moment)
        moves = 1 + np.array(cash.spot_moves_ppm) / _WHOLE_PPM
        least = cash.minimum_volatility_micro / _WHOLE_PPM
        volatilities = np.maximum(
            self._parameters.volatility + np.array(cash.volatility_moves_micro) / _WHOLE_PPM, least
        )
        fixed, shared, root, discount = np.array(
            [
                (average.fixed, average.share * spot, np.sqrt(average.variance_time), average.discount)
                for average, spot in zip(averages, spots, strict=True)
            ]
        ).T[:, self._members]
        # Axes: moves of the spot, moves of the volatility, options.
        forward = (fixed + moves[:, None] * shared)[:, None, :]
        deviation = (volatilities[:, None] * root)[None, :, :]
        worth = values(self._signs, self._strikes, forward, deviation, discount).reshape(-1, len(self._places))
        by_option = zip(*(money_units(row) for row in worth), strict=True)
        return [ScenarioValues(place, row) for place, row in zip(self._places, by_option, strict=True)]

    def _seen_from(self, moment: Moment) -> tuple[list[Average], list[float]]:
        """For each group of options with one underlying and expiry: what they settle on, and its price now."""
        averages, spots = [], []
        for underlying, expiry in self._groups:
            units = underlying.ratio * MONEY_UNITS
            seconds = self._sessions.seconds_left(moment.now, expiry)
            rules, parameters = self._settlement, self._parameters
            # Today's fixings are no business of later expiries.
            due = max(rules.fixings - -(-seconds // rules.interval_seconds), 0)
            past = [price / units for price in moment.fixings.get(underlying.index, ())[:due]]
            averages.append(
                average_ahead(
                    seconds,
                    rules.fixings,
                    rules.interval_seconds,
                    past,
                    parameters.rate,
                    parameters.dividend,
                    SESSION_SECONDS * parameters.sessions_a_year,
                )
            )
            spots.append(moment.prices[underlying.index] / units)
        return averages, spots


def _moved(price: int, spot_moves_ppm: Sequence[int], volatilities: int) -> tuple[int, ...]:
    """A price after each move, rounded half up, each as often as there are moves of the volatility."""
    return tuple(
        (2 * price * (_WHOLE_PPM + move) + _WHOLE_PPM) // (2 * _WHOLE_PPM)
        for move in spot_moves_ppm
        for _ in range(volatilities)
    )
