"""What a score consists of: each component with its input, its share and its points."""

from typing import Final, Literal

from msgspec import Struct

from openoutcry.domain.scoring.components import ComponentName, Section

UNITS: Final[dict[ComponentName, Literal["currency", "fraction", "number"]]] = {
    "pnl": "currency",
    "edge": "currency",
    "coverage": "fraction",
    "inventory": "number",
    "shift": "currency",
    "hedging": "fraction",
    "convergence": "currency",
    "response": "fraction",
    "duties": "fraction",
    "sanctions": "number",
    "drawdown": "currency",
    "worst_minutes": "currency",
}
"""What a component's value is in. `duties`: the share of seconds outside one; `sanctions`: times that level 2 or 3 was
reached; `inventory`: 1 for each average delta or vega of the size that the rules name.
"""


class Component(Struct, frozen=True, kw_only=True):
    """`points` = `share` x `of`, but for `sanctions`, whose points are negative and `of` nothing. The points of all
    components add up to the total.
    """

    name: ComponentName
    section: Section
    value: float
    """The input, in the unit that `UNITS` names."""
    share: float
    """From 0 to 1: P among the active entries of the role, or what the formula makes of the value alone.
    `sanctions`: the share of the points of compliance that they cost.
    """
    points: float
    of: float
    """The most points that the component can give."""
