"""Price bands: how far from an instrument's mark orders may be priced. In exact integers, from the newest marks.

An option's band is a share of its vega and of its underlying's price times its delta on either side, or some ticks if
that is more; a spot instrument's is a share of its mark. The edges are rounded outward to the tick; the lower one is at
least one tick. Each is made when an order first meets it after a market second: most instruments see none in a second.
"""

from typing import Final

from openoutcry.domain.types import Ticks
from openoutcry.venue.state.market import Band, Market
from openoutcry.venue.state.venue import VenueState

MILLIPOINTS: Final = 1_000
"""In a volatility point."""
PPM: Final = 1_000_000
"""Parts of a share, and units of a delta of 1."""

_SQUARE: Final = PPM * PPM
_OF_VEGA: Final = _SQUARE // MILLIPOINTS

TO_BE_MADE: Final[Band] = (Ticks(0), Ticks(0))
"""In place of a band that is not made yet from mark and underlyings. No band ends at 0."""


def renew_bands(state: VenueState) -> None:
    """Marks or underlyings have changed: each market that has a mark gets another band, if the scenario has bands."""
    if state.rulebook.game.band is None:
        return
    for market in state.markets.values():
        if market.mark is not None:
            market.band = TO_BE_MADE


def band_of(state: VenueState, market: Market) -> Band | None:
    """Lowest price of a sell and highest of a buy; None: any."""
    band = market.band
    if band is not None and not band[1]:
        band = market.band = _made(state, market)
    return band


def _made(state: VenueState, market: Market) -> Band:
    rules, mark = state.rulebook.game.band, market.mark
    assert rules is not None and mark is not None, "a band has rules and a mark"  # noqa: S101, PT018
    if market.is_option:
        # Everything in money units, times what every division would be by.
        index, ratio = market.rests_on
        scale = _SQUARE * ratio
        of_vega = rules.volatility_millipoints * _OF_VEGA * ratio
        of_delta = rules.spot_ppm * state.day.underlyings.get(index, 0)
        width = of_vega * mark.vega + of_delta * abs(mark.delta)
        least = rules.minimum_ticks
    else:
        scale, width, least = PPM, rules.spot_instrument_ppm * mark.value, 0
    tick: int = market.instrument.tick_size * scale
    width, middle = max(width, least * tick), mark.value * scale
    lowest = max((middle - width) // tick, 1)
    highest = max(min(-((-middle - width) // tick), market.maximum_ticks), 1)
    return Ticks(lowest), Ticks(highest)
