"""Folds over commands and events: the same live, in a recovery, in a rerun and in the process that builds snapshots."""

from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeVar, get_args

import structlog
from msgspec import Struct

from openoutcry.domain.commands import Command
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence
from openoutcry.scenarios.model import Scenario

_log: Final = structlog.get_logger()

P = TypeVar("P")

ALL_COMMANDS: Final = frozenset[type](get_args(Command))


class Projection(Protocol):
    """A fold over every command of its kinds from the first on, and over their events.

    It reads no clock, uses no randomness and changes nothing outside itself: to change the market, submit a command.
    It runs in the server's loop, and orders wait while it works: what takes long is done elsewhere.
    The same input gives the same state; a tuple in the details of a refusal counts as the list that a journal has in
    its place. It may raise anything: then it is dropped, and trading goes on.
    """

    @property
    def name(self) -> str:
        """Its name, unique among the projections of an exchange."""

    @property
    def shape(self) -> str:
        """Names the shape of the bytes of `capture`, so that bytes of another shape are noticed."""

    @property
    def commands(self) -> frozenset[type]:
        """The kinds of commands that it is given. Others cost it nothing."""

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        """Take the next command of these kinds; `events` is empty if it was not executed. Neither may be changed."""

    def capture(self) -> bytes:
        """The whole state. Equal states give equal bytes."""

    def restore(self, state: memoryview) -> None:
        """Continue from a captured state. Called once, before anything is applied."""


ProjectionsOf = Callable[[Scenario], Iterable[Projection]]
"""The projections that a scenario has, new ones at each call."""


def no_projections(_scenario: Scenario) -> tuple[Projection, ...]:
    """For callers that need only the venue."""
    return ()


class Captured(Struct, frozen=True):
    """What a snapshot keeps of one projection."""

    name: str
    shape: str
    failed_at: Sequence | None
    """The command at which it was dropped; then `state` is empty."""
    state: bytes | memoryview


class NotRestored(Exception):  # noqa: N818 - what happened, named
    """The projections cannot go on from what was captured; the text says why."""


class Projections:
    """The projections of one exchange, each fed the commands of its kinds in sequence. One that raises gets no more."""

    def __init__(self, projections: Iterable[Projection]) -> None:
        self._all: Final = tuple(projections)
        assert len({each.name for each in self._all}) == len(self._all), "two projections of one name"  # noqa: S101
        self._running: tuple[Projection, ...] = self._all
        self._readers = self._by_command()
        self.commands: Final[frozenset[type]] = frozenset().union(*(each.commands for each in self._all))
        """The kinds of commands that any of them is given, dropped ones among them."""
        self.failed: dict[str, Sequence] = {}
        """The dropped projections, by name, each with the command at which it raised."""

    def running(self, kind: type[P]) -> P | None:
        """The projection of this kind; None if there is none, or it was dropped."""
        return next((each for each in self._running if isinstance(each, kind)), None)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        """Give the next command and its events to the projections that read it; no events if it was not executed."""
        for projection in self._readers.get(type(sequenced.command), ()):
            try:
                projection.apply(sequenced, events)
            except Exception as error:  # noqa: BLE001 - whatever it is, trading goes on
                self._drop(projection, sequenced.sequence, error)

    def capture(self, sequence: Sequence) -> tuple[Captured, ...]:
        """The state of each projection after the command `sequence`."""
        captured: list[Captured] = []
        for projection in self._all:
            state = b""
            if projection.name not in self.failed:
                try:
                    state = projection.capture()
                except Exception as error:  # noqa: BLE001 - the venue's own state is to be kept all the same
                    self._drop(projection, sequence, error)
            captured.append(Captured(projection.name, projection.shape, self.failed.get(projection.name), state))
        return tuple(captured)

    def restore(self, captured: Iterable[Captured]) -> None:
        """Continue from captured states; dropped projections stay dropped. Captures of other projections are ignored.

        Raises `NotRestored` if a projection has no capture, one of another shape, or one that it cannot read. Then this
        object is no longer usable.
        """
        by_name = {each.name: each for each in captured}
        for projection in self._all:
            found = by_name.get(projection.name)
            if found is None:
                raise NotRestored(f"it holds nothing of the projection {projection.name!r}")
            if found.shape != projection.shape:
                raise NotRestored(f"it holds the projection {projection.name!r} in another shape")
            if found.failed_at is not None:
                self._stop_feeding(projection, found.failed_at)
                continue
            try:
                projection.restore(memoryview(found.state))
            except Exception as error:
                raise NotRestored(
                    f"the projection {projection.name!r} cannot be read ({type(error).__name__}: {error})"
                ) from error

    def _drop(self, projection: Projection, sequence: Sequence, error: Exception) -> None:
        self._stop_feeding(projection, sequence)
        _log.error(
            "a projection failed and is dropped; trading goes on",
            projection=projection.name,
            sequence=sequence,
            exc_info=error,
        )

    def _stop_feeding(self, projection: Projection, sequence: Sequence) -> None:
        self.failed[projection.name] = sequence
        self._running = tuple(each for each in self._running if each is not projection)
        self._readers = self._by_command()

    def _by_command(self) -> dict[type, tuple[Projection, ...]]:
        return {command: tuple(each for each in self._running if command in each.commands) for command in ALL_COMMANDS}
