"""Holds events back until the journal of their command is on the disk (durability "disk")."""

from collections import deque
from collections.abc import Callable

from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence


class DurableRelease:
    """Stands between sequencer and publisher, and lets no event through that a loss of power could undo.

    The journal's `maximum_unsynced` bounds what it holds: beyond that no command is taken.
    """

    def __init__(self, publish: Callable[[Sequenced, list[Event]], None], synced_sequence: Sequence) -> None:
        self._publish = publish
        self._synced_sequence = synced_sequence
        self._held: deque[tuple[Sequenced, list[Event]]] = deque()

    @property
    def held(self) -> int:
        """How many commands' events wait."""
        return len(self._held)

    def deliver(self, sequenced: Sequenced, events: list[Event]) -> None:
        """Publish in order of sequence, at once if that is safe already."""
        if sequenced.sequence <= self._synced_sequence:
            self._publish(sequenced, events)
        else:
            self._held.append((sequenced, events))

    def synced(self, sequence: Sequence) -> None:
        """Everything up to `sequence` is on the disk: publish what was held for it.

        Raises what `publish` raises; then what is held still is never published, for it would follow a gap.
        """
        self._synced_sequence = sequence
        held = self._held
        try:
            while held and held[0][0].sequence <= sequence:
                self._publish(*held.popleft())
        except Exception:
            held.clear()
            raise
