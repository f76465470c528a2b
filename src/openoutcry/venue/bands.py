"""Price bands: how far from an instrument's mark orders may be priced. In exact integers, from the newest marks.

An option's band is a share of its vega and of its underlying's price times its delta on either side, or some ticks if
that is more; a spot instrument's is a share of its mark. The edges are rounded outward to the tick; the lower one is at
least one tick.
"""

from typing import Final

from openoutcry.domain.day.game_rules import BandRules
from openoutcry.domain.types import Ticks
from openoutcry.venue.market import Band, Market
from openoutcry.venue.state import VenueState

MILLIPOINTS: Final = 1_000
"""In a volatility point."""
PPM: Final = 1_000_000
"""Parts of a share, and units of a delta of 1."""


def renew_bands(state: VenueState) -> None:
    """Give each market that has a mark its band, if the scenario has bands."""
    game = state.rulebook.game
    rules = game.band
    if rules is None:
        return
    for market in state.markets.values():
        if market.mark is None:
            continue
        if not market.is_option:
            market.band = _spot_band(rules, market)
            continue
        index, ratio = game.rests_on(market.instrument.underlying)
        market.band = _option_band(rules, market, state.day.underlyings.get(index, 0), ratio)


def _option_band(rules: BandRules, market: Market, index_price: int, ratio: int) -> Band:
    """With an underlying at `index_price` divided by `ratio`."""
    mark = market.mark
    assert mark is not None, "bands are made from marks"  # noqa: S101
    tick_size: int = market.instrument.tick_size
    # Everything in money units, times what every division would be by.
    scale = MILLIPOINTS * PPM * PPM * ratio
    by_vega = rules.volatility_millipoints * mark.vega * (scale // MILLIPOINTS)
    by_delta = rules.spot_ppm * index_price * abs(mark.delta) * (scale // (PPM * PPM * ratio))
    width = max(by_vega + by_delta, rules.minimum_ticks * tick_size * scale)
    return _edges(market, mark.value * scale, width, tick_size * scale)


def _spot_band(rules: BandRules, market: Market) -> Band:
    mark = market.mark
    assert mark is not None, "bands are made from marks"  # noqa: S101
    width = rules.spot_instrument_ppm * mark.value
    return _edges(market, mark.value * PPM, width, market.instrument.tick_size * PPM)


def _edges(market: Market, middle: int, width: int, tick: int) -> Band:
    lowest = max((middle - width) // tick, 1)
    highest = max(min(-((-middle - width) // tick), market.maximum_ticks), 1)
    return Ticks(lowest), Ticks(highest)
