"""The price band of an instrument, in fractions: GAME.md's formula as it is written there."""

from fractions import Fraction
from math import ceil, floor

from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.instruments import Instrument


def band(game: GameRules, instrument: Instrument, mark: Mark, prices: dict[str, int]) -> tuple[int, int]:
    """Lowest price of a sell and highest of a buy, in ticks."""
    rules = game.band
    assert rules is not None
    tick = Fraction(instrument.tick_size)
    if instrument.kind == "spot":
        width = Fraction(rules.spot_instrument_ppm, 10**6) * mark.value
    else:
        ratio = game.index_ratio.get(instrument.underlying, 1)
        (index,) = (symbol for symbol, of_index in game.index_ratio.items() if of_index == 1)
        spot = Fraction(prices.get(instrument.underlying if ratio == 1 else index, 0), ratio)
        by_vega = Fraction(rules.volatility_millipoints, 1_000) * mark.vega
        by_delta = Fraction(rules.spot_ppm, 10**6) * spot * Fraction(abs(mark.delta), 10**6)
        width = max(by_vega + by_delta, rules.minimum_ticks * tick)
    return max(1, floor((mark.value - width) / tick)), max(1, ceil((mark.value + width) / tick))
