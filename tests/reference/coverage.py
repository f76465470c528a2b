"""Whether an option is covered, in fractions: GAME.md's formula as it is written there."""

from fractions import Fraction

from openoutcry.domain.day.game_rules import CoverageRules, GameRules
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import BUY, SELL, Side

OwnOrder = tuple[Side, int, int]
"""Side, price in ticks and remaining quantity."""


def counts(rules: CoverageRules, instrument: Instrument, mark: Mark | None) -> bool:
    return (
        instrument.kind == "option"
        and mark is not None
        and mark.value >= rules.minimum_value_ticks * instrument.tick_size
    )


def is_covered(
    game: GameRules,
    rules: CoverageRules,
    instrument: Instrument,
    mark: Mark,
    underlyings: dict[str, int],
    limit: int,
    position: int,
    own: list[OwnOrder],
) -> bool:
    """By the team's `own` orders in it, of which a position limit allows only so many."""
    bid = _reached(own, BUY, min(rules.minimum_quantity, limit - position))
    ask = _reached(own, SELL, min(rules.minimum_quantity, limit + position))
    if bid is None or ask is None:
        return False
    if not bid or not ask:
        return True
    ratio = game.index_ratio.get(instrument.underlying, 1)
    (index,) = (symbol for symbol, of_index in game.index_ratio.items() if of_index == 1)
    spot = Fraction(underlyings.get(instrument.underlying if ratio == 1 else index, 0), ratio)
    widest = max(
        Fraction(rules.width_value_ppm, 10**6) * mark.value,
        Fraction(rules.width_volatility_millipoints, 10**3) * mark.vega,
        Fraction(rules.width_minimum_ticks * instrument.tick_size),
    ) + Fraction(rules.width_spot_ppm, 10**6) * spot * Fraction(abs(mark.delta), 10**6)
    return (ask - bid) * instrument.tick_size <= widest


def _reached(own: list[OwnOrder], side: Side, wanted: int) -> int | None:
    """The price at which `wanted` stand, best price first; None: there are fewer. 0: none is wanted."""
    if wanted <= 0:
        return 0
    orders = sorted(((price, quantity) for its, price, quantity in own if its == side), reverse=side == BUY)
    for price, quantity in orders:
        wanted -= quantity
        if wanted <= 0:
            return price
    return None
