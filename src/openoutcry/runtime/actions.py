"""What the organisers did: their commands, each with its verdict."""

from collections import deque
from typing import Final, get_args

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import Command, Why
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.shapes import shape_of
from openoutcry.domain.types import Sequence

MAX_ACTIONS: Final = 10_000
"""Actions that are kept. Older ones are only counted here; the journal has them."""

ORGANISERS_COMMANDS: Final = frozenset(kind for kind in get_args(Command) if "why" in kind.__struct_fields__)


class _State(Struct):
    forgotten: int
    kept: list[Sequenced]


class Actions:
    """A projection: the newest commands that an organiser gave, oldest first, accepted or not."""

    name: Final = "actions"
    shape: Final = shape_of(_State)
    commands: Final = ORGANISERS_COMMANDS

    def __init__(self, most: int = MAX_ACTIONS) -> None:
        self.forgotten = 0
        """How many older ones are no longer kept."""
        self._kept: deque[Sequenced] = deque(maxlen=most)

    def page(self, after: Sequence, limit: int) -> tuple[list[Sequenced], int]:
        """The first `limit` of the actions after the command `after`, and how many come after these."""
        later = [each for each in self._kept if each.sequence > after]
        return later[:limit], max(0, len(later) - limit)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:  # noqa: ARG002 - a projection
        why: Why | None = getattr(sequenced.command, "why", None)
        if why is None:
            return
        self.forgotten += len(self._kept) == self._kept.maxlen
        self._kept.append(sequenced)

    def capture(self) -> bytes:
        return msgspec.msgpack.encode(_State(self.forgotten, list(self._kept)))

    def restore(self, state: memoryview) -> None:
        restored = msgspec.msgpack.decode(state, type=_State)
        self.forgotten = restored.forgotten
        self._kept.extend(restored.kept)
