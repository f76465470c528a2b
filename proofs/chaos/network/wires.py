"""The network between bots and exchange. Delays and losses are drawn for each message.

Connections are independent: a message on one may arrive after a later message on another. Within a connection
everything arrives in order, or the connection breaks.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from openoutcry.gateway.server import GOODBYE_SECONDS, PING_SECONDS, PONG_SECONDS
from proofs.chaos.world import World

RESET_SECONDS: Final = 0.05
"""How long it takes a side to notice that the other has gone, where it can notice."""

SILENCE_UNNOTICED_SECONDS: Final = PING_SECONDS + PONG_SECONDS
"""How long the server keeps a connection whose other side is silently gone."""

GIVEN_UP_SECONDS: Final = SILENCE_UNNOTICED_SECONDS + GOODBYE_SECONDS
"""When it must have let go of one, even if it was closing it, and waited for that to be heard."""


@dataclass(slots=True)
class Conditions:
    """How bad the network is. Chances are per request or connection."""

    latency_seconds: float = 0.0003
    """Mean of the one-way delay."""
    slow: float = 0.0
    """Chance that a message takes up to a second more."""
    refused: float = 0.0
    """No connection can be made."""
    request_lost: float = 0.0
    """The connection breaks before the request has arrived."""
    answer_lost: float = 0.0
    """The connection breaks after the request has arrived, before the answer has come."""
    silent: float = 0.0
    """Neither comes through any more, and nobody is told."""


class Fate(Enum):
    """What becomes of one request."""

    ANSWERED = auto()
    REFUSED = auto()
    REQUEST_LOST = auto()
    ANSWER_LOST = auto()
    REQUEST_UNHEARD = auto()
    """Silence: it did not arrive."""
    ANSWER_UNHEARD = auto()
    """Silence: it did arrive."""


class Network:
    def __init__(self, world: World) -> None:
        self.conditions = Conditions()
        self._chance = world.chance.stream("network")

    def mend(self) -> None:
        self.conditions = Conditions()

    def delay(self) -> float:
        """One way, in seconds."""
        seconds = self._chance.expovariate(1 / self.conditions.latency_seconds)
        if self.conditions.slow and self._chance.random() < self.conditions.slow:
            seconds += self._chance.random()
        return seconds

    def fate(self) -> Fate:
        drawn, conditions = self._chance.random(), self.conditions
        for fate, share in (
            (Fate.REFUSED, conditions.refused),
            (Fate.REQUEST_LOST, conditions.request_lost),
            (Fate.ANSWER_LOST, conditions.answer_lost),
            (Fate.REQUEST_UNHEARD, conditions.silent / 2),
            (Fate.ANSWER_UNHEARD, conditions.silent / 2),
        ):
            if drawn < share:
                return fate
            drawn -= share
        return Fate.ANSWERED
