"""Price bands: how far from an instrument's mark orders may be priced. In exact integers, from the newest marks.

An option's band is a share of its vega and of its underlying's price times its delta on either side, or some ticks if
that is more; a spot instrument's is a share of its mark. The edges are rounded outward to the tick; the lower one is at
least one tick.
"""

from typing import Final

from openoutcry.domain.day.game_rules import BandRules
from openoutcry.venue.state import VenueState

MILLIPOINTS: Final = 1_000
"""In a volatility point."""
PPM: Final = 1_000_000
"""Parts of a share, and units of a delta of 1."""

_Shares = tuple[int, int, int]


def renew_bands(state: VenueState) -> None:
    """Give each market that has a mark its band, if the scenario has bands."""
    rules = state.rulebook.game.band
    if rules is None:
        return
    shares: dict[str, _Shares] = {}
    for market in state.markets.values():
        mark = market.mark
        if mark is None:
            continue
        if market.is_option:
            underlying = market.instrument.underlying
            found = shares.get(underlying)
            if found is None:
                found = shares[underlying] = _shares(state, rules, underlying)
            scale, of_vega, of_delta = found
            width = of_vega * mark.vega + of_delta * abs(mark.delta)
            least = rules.minimum_ticks
        else:
            scale, width, least = PPM, rules.spot_instrument_ppm * mark.value, 0
        # Everything in money units, times what every division would be by.
        tick: int = market.instrument.tick_size * scale
        width, middle = max(width, least * tick), mark.value * scale
        lowest = max((middle - width) // tick, 1)
        highest = max(min(-((-middle - width) // tick), market.maximum_ticks), 1)
        market.band = (lowest, highest)  # type: ignore[assignment]  # calls of `Ticks` cost, for every market every second


def _shares(state: VenueState, rules: BandRules, underlying: str) -> _Shares:
    """For options on it: what money units are counted in, and the width for each unit of vega and of delta's size."""
    index, ratio = state.rulebook.game.rests_on(underlying)
    return (
        PPM * PPM * ratio,
        rules.volatility_millipoints * (PPM * PPM // MILLIPOINTS) * ratio,
        rules.spot_ppm * state.day.underlyings.get(index, 0),
    )
