"""Position limits, and how much of them one instrument uses, working orders included."""

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import RoleRules


def position_limit(rules: RoleRules, instrument: Instrument) -> int:
    """The most contracts or lots that the role may hold in `instrument`, long or short."""
    return rules.option_position_limit if instrument.kind == "option" else rules.spot_position_limit


def instrument_exposure(position: int, open_quantity: int, opposite_quantity: int) -> int:
    """The most that could be held, long or short, if every working order of one side filled.

    `position` has the sign that one side sees; `open_quantity` works on that side, `opposite_quantity` on the other.
    Both sides give the same result.
    """
    # Both are at least 0, so this is max(abs(position + open_quantity), abs(position - opposite_quantity)).
    grown, turned = position + open_quantity, opposite_quantity - position
    return grown if grown > turned else turned  # noqa: FURB136 - max() costs twice as much, at every change
