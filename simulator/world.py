"""What everything in one simulation shares: time, chance and the record of what happened."""

from dataclasses import dataclass

from simulator.chance import Chance
from simulator.loop import VirtualLoop
from simulator.trace import Trace


@dataclass(frozen=True, slots=True)
class World:
    loop: VirtualLoop
    chance: Chance
    trace: Trace
