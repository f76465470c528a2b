"""How far prices may be from an option's value: by the price band, and by the market makers' duty. In money."""

from collections.abc import Mapping
from typing import Final

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import PPM, Money, Ticks
from openoutcry.scenarios.model import Scenario
from openoutcry.simulation.flow.widths import MILLIPOINTS


class Widths:
    def __init__(self, scenario: Scenario) -> None:
        """The scenario has bands, and its market makers a coverage duty."""
        game = scenario.rulebook.game
        coverage = game.roles["market_maker"].coverage
        assert game.band is not None and coverage is not None  # noqa: PT018, S101
        self.band: Final = game.band
        self.duty: Final = coverage
        self._rests_on: Final = game.rests_on

    def upper_edge(self, option: Instrument, mark: Mark, underlyings: Mapping[str, Money]) -> Ticks:
        """Of the price band."""
        tick, band = option.tick_size, self.band
        width = band.volatility_millipoints / MILLIPOINTS * mark.vega
        width += band.spot_ppm / PPM * self._by_delta(option, mark, underlyings)
        return Ticks(-int(-(mark.value + max(width, band.minimum_ticks * tick)) // tick))

    def widest_spread(self, option: Instrument, mark: Mark, underlyings: Mapping[str, Money]) -> float:
        """From bid to ask, with which a quote still covers the option."""
        duty = self.duty
        widest = max(
            duty.width_value_ppm / PPM * mark.value,
            duty.width_volatility_millipoints / MILLIPOINTS * mark.vega,
            duty.width_minimum_ticks * option.tick_size,
        )
        return widest + duty.width_spot_ppm / PPM * self._by_delta(option, mark, underlyings)

    def _by_delta(self, option: Instrument, mark: Mark, underlyings: Mapping[str, Money]) -> float:
        index, ratio = self._rests_on(option.underlying)
        return underlyings[index] / ratio * abs(mark.delta) / PPM
