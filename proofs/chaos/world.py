"""What everything in one simulation shares: time, chance and the record of what happened."""

from dataclasses import dataclass

from proofs.chaos.chance import Chance
from proofs.chaos.machine.loop import VirtualLoop
from proofs.chaos.trace import Trace


@dataclass(frozen=True, slots=True)
class World:
    loop: VirtualLoop
    chance: Chance
    trace: Trace
