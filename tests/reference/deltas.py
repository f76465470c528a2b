"""Deltas of portfolios in fractions, as the rules say them: in contracts of the index."""

from collections.abc import Mapping
from fractions import Fraction

from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.instruments import Instrument


def contract_delta(game: GameRules, instrument: Instrument, mark: Mark | None) -> Fraction:
    """Of one contract or lot."""
    ratio = game.index_ratio.get(instrument.underlying, 1)
    if instrument.kind == "spot":
        return Fraction(1, ratio)
    return Fraction(0 if mark is None else mark.delta, 1_000_000 * ratio)


def deltas(
    game: GameRules, instruments: Mapping[str, Instrument], marks: Mapping[str, Mark], held: Mapping[str, int]
) -> tuple[Fraction, Fraction]:
    """Of positions on the index, and of those on trackers of it."""
    index, tracker = Fraction(0), Fraction(0)
    for here, quantity in held.items():
        delta = quantity * contract_delta(game, instruments[here], marks.get(here))
        if game.index_ratio.get(instruments[here].underlying, 1) == 1:
            index += delta
        else:
            tracker += delta
    return index, tracker
