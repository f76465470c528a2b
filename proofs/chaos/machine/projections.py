"""The projections of the exchange under test: the scenario's, one that counts, and one that depends on every byte."""

import hashlib

import msgspec

from openoutcry.bootstrap.projections import projections_of as projections_of_scenario
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.runtime.projections import ALL_COMMANDS, Projection
from openoutcry.runtime.recovery.counts import Counts
from openoutcry.scenarios.model import Scenario


class Chain:
    """The hash of the hash before, the next command with its place, time and verdict, and its events."""

    name = "chain"
    shape = "SHA-256"
    commands = ALL_COMMANDS

    def __init__(self) -> None:
        self._link = bytes(32)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        self._link = hashlib.sha256(self._link + msgspec.json.encode((sequenced, events))).digest()

    def capture(self) -> bytes:
        return self._link

    def restore(self, state: memoryview) -> None:
        self._link = bytes(state)


def projections_of(scenario: Scenario) -> tuple[Projection, ...]:
    return Counts(), Chain(), *projections_of_scenario(scenario)
