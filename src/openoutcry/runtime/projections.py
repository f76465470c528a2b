"""Folds over what happened: the same live, in a recovery, in a rerun and in the process that builds snapshots."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Final, Protocol

import msgspec
import structlog
from msgspec import Struct

from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence
from openoutcry.scenarios.model import Scenario

_log: Final = structlog.get_logger()


class Projection(Protocol):
    """A fold over every command from the first on, and over its events.

    It reads no clock, takes no chance and changes nothing outside itself: what is to change the market is a command.
    Two that were given the same are the same; a tuple in the details of a refusal and a list in its place, as a journal
    has it, count as the same. It may raise anything: then it is dropped, and trading goes on.
    """

    @property
    def name(self) -> str:
        """Its own among the projections of an exchange."""

    @property
    def shape(self) -> str:
        """Names the shape of what `capture` gives, so that bytes of one shape are never taken for another's."""

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        """The next command; `events` is empty where it was not executed. Neither may be changed."""

    def capture(self) -> bytes:
        """The whole state. Two projections that are the same give the same bytes."""

    def restore(self, state: memoryview) -> None:
        """Stand where `capture` was called. Called once, before anything is applied."""


ProjectionsOf = Callable[[Scenario], Iterable[Projection]]
"""The projections that a scenario has, new ones at each call."""


def no_projections(_scenario: Scenario) -> tuple[Projection, ...]:
    """For who needs the venue alone."""
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
    """The projections of one exchange, each fed every command in sequence. One that raises is fed no more."""

    def __init__(self, projections: Iterable[Projection]) -> None:
        self._all: Final = tuple(projections)
        assert len({each.name for each in self._all}) == len(self._all), "two projections of one name"  # noqa: S101
        self._running: tuple[Projection, ...] = self._all
        self.failed: dict[str, Sequence] = {}
        """Those that were dropped, by name: the command at which they raised."""

    def __bool__(self) -> bool:
        """Whether there are any, dropped ones among them."""
        return bool(self._all)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        """Give each the next command, and its events, none where it was not executed."""
        for projection in self._running:
            try:
                projection.apply(sequenced, events)
            except Exception as error:  # noqa: BLE001 - whatever it is, trading goes on
                self._drop(projection, sequenced.sequence, error)

    def capture(self, sequence: Sequence) -> tuple[Captured, ...]:
        """What each has come to, after the command `sequence`."""
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
        """Go on from there; what was dropped stays so. Captures that belong to none of these do not matter.

        Raises `NotRestored` where one of these has none, one of another shape, or one that it cannot read. Then these
        are of no use any more.
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


def shape_of(state: type[Struct]) -> str:
    """A shape for a projection whose captures are of this type: another wherever a field is added or gone, or has
    another name or type. Not of an `array_like` one, whose fields have no names.
    """
    return hashlib.sha256(msgspec.json.encode(msgspec.json.schema(state))).hexdigest()
