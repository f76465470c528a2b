"""How wide the house quotes. In money, 1e-4 of the currency."""

from typing import Final

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.domain.types import PPM

MILLIPOINTS: Final = 1_000
"""In a volatility point."""
"""Parts of a share, and units of a delta of 1."""


def half_width(rules: HouseRules, mark: Mark, spot: int, tick_size: int) -> int:
    """Half the spread around an option's value, in quiet times. `spot`: the price of its underlying."""
    return max(
        rules.width_volatility_millipoints * mark.vega // MILLIPOINTS,
        rules.width_spot_ppm * spot * abs(mark.delta) // (PPM * PPM),
        rules.width_minimum_ticks * tick_size,
    )
