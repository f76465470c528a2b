"""The venue alone: each command is judged and executed, and its events go to no reader."""

from collections.abc import Iterator
from itertools import count as count_from

from openoutcry.bench.instructions.commands import KINDS, SCENARIO, market
from openoutcry.bench.instructions.marks import counted
from openoutcry.domain.commands import Command
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.venue.venue import Venue


def count_each_kind(commands: int) -> Iterator[str]:
    """Run so many of each kind between two marks, after as many to warm up; the name of each when it is done."""
    for name, make in KINDS.items():
        desk = _Desk()
        prepared, alike = make(2 * commands)
        desk.play([*market(), *prepared, *alike[:commands]])
        rest = alike[commands:]
        with counted():
            desk.play(rest)
        assert desk.refused == 0, name  # noqa: S101 - or what was counted was something else
        yield name


class _Desk:
    """A new venue and the sender of its commands."""

    def __init__(self) -> None:
        self.refused = 0
        self._venue = Venue(SCENARIO.rulebook, SCENARIO.instruments)
        self._sequences = count_from(1)

    def play(self, commands: list[Command]) -> None:
        validate, execute, sequences = self._venue.validate, self._venue.execute, self._sequences
        for command in commands:
            if type(validate(command)) is Accepted:
                sequence = next(sequences)
                execute(Sequence(sequence), TimestampUs(sequence), command)
            else:
                self.refused += 1
