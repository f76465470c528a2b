"""All that trades for the exchange itself in one session."""

from collections.abc import Sequence

from openoutcry.domain.types import MarketTime
from openoutcry.simulation.flow.house import HouseMaker
from openoutcry.simulation.flow.retail import RetailFlow
from openoutcry.simulation.flow.step import Step, in_order


class MarketFlow:
    """House and retail, each None where the scenario has none."""

    def __init__(self, house: HouseMaker | None, retail: RetailFlow | None) -> None:
        self._house: Sequence[Step] = () if house is None else house.steps
        self._retail = retail

    def steps(self, market_time: MarketTime) -> Sequence[Step]:
        """At one instant the house comes first."""
        if self._retail is None:
            return self._house
        return in_order([*self._house, *self._retail.steps(market_time)])
