"""A step of the flow: something that the house or the retail flow decides at one instant of a market second."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from openoutcry.domain.commands import Command
from openoutcry.domain.types import MarketTime
from openoutcry.simulation.shown import MarketShown


class Step(NamedTuple):
    """`decide` answers with the commands of this step, to be carried out at once and together, often with none."""

    milliseconds: int
    """After the market second's prices, in market time; 0 to 1,000."""
    decide: Callable[[MarketShown], list[Command]]


class Flow(Protocol):
    def steps(self, market_time: MarketTime) -> Sequence[Step]:
        """The steps of a market second of the session, in the order in which they are taken."""


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By their instants; those of one instant as they come."""
    return sorted(steps, key=_milliseconds)


def _milliseconds(step: Step) -> int:
    return step.milliseconds
