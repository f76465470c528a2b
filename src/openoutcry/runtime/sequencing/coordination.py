"""Requests whose answers must wait for the disk: which ones wait, for how long, and how many may.

With durability "os" nobody waits; with "disk" an answer leaves once the journal is synced up to its command.
"""

import asyncio
from typing import Final, NoReturn

from openoutcry.domain.types import Sequence
from openoutcry.runtime.sequencing.unavailable import Unavailable

DEFAULT_MAXIMUM_WAITING: Final = 10_000
DEFAULT_DEADLINE_SECONDS: Final = 5.0


class ProcessingTimeout(Exception):  # noqa: N818 - the error's code on the wire
    """The command was taken, but its outcome is not known yet: ask by its `client_order_id`.

    `reason`: why an answer may not leave; it says nothing about the command.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The command was taken but its outcome is not known: {reason}; ask by client_order_id")
        self.reason = reason


class OrderResponseCoordinator:
    """Holds every answer that waits, for one exchange on one event loop.

    A request calls `admit` before its command is sequenced, so that a refused request has no effect.
    """

    def __init__(
        self,
        synced_sequence: Sequence,
        *,
        waits_for_disk: bool,
        maximum_waiting: int = DEFAULT_MAXIMUM_WAITING,
        deadline_seconds: float = DEFAULT_DEADLINE_SECONDS,
    ) -> None:
        self.waits_for_disk: Final = waits_for_disk
        self.answered = 0
        self.turned_away = 0
        self.timed_out = 0
        self.abandoned = 0
        """Requests whose client went away while they waited."""
        self._synced_sequence = synced_sequence
        self._maximum_waiting = maximum_waiting
        self._deadline_seconds = deadline_seconds
        self._failure: str | None = None
        # In order of sequence. Streams' writers may come late, and then wait a little longer than necessary.
        self._waiting: dict[asyncio.Future[bool], Sequence] = {}

    @property
    def waiting(self) -> int:
        """How many answers wait now."""
        return len(self._waiting)

    def holds(self, sequence: Sequence) -> bool:
        """Whether a message that tells of commands up to `sequence` must wait."""
        return self.waits_for_disk and sequence > self._synced_sequence

    def last_told(self, last_sequence: Sequence) -> Sequence:
        """The last sequence, at most `last_sequence`, about which messages may leave now."""
        return self._synced_sequence if self.holds(last_sequence) else last_sequence

    def admit(self) -> None:
        """Reserve a place for an answer, until the end of this turn of the loop.

        Raises `Unavailable` when as many wait as may.
        """
        if len(self._waiting) >= self._maximum_waiting:
            self.turned_away += 1
            raise Unavailable(f"{self._maximum_waiting} requests wait for the disk, and no more may")

    async def until_synced(self, sequence: Sequence) -> None:
        """Return once an answer that tells of commands up to `sequence` may leave.

        Raises `ProcessingTimeout` if that takes too long, can no longer happen, or no place was reserved.
        Cancelling this call frees its place.
        """
        if not self.holds(sequence):
            return
        if self._failure is not None:
            self._time_out(self._failure)
        if len(self._waiting) >= self._maximum_waiting:
            self._time_out("too many requests wait for the disk")
        answer_may_leave: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[answer_may_leave] = sequence
        try:
            async with asyncio.timeout(self._deadline_seconds):
                synced = await answer_may_leave
        except TimeoutError:
            self._time_out(f"the disk did not take it within {self._deadline_seconds:g} seconds")
        except asyncio.CancelledError:
            self.abandoned += 1
            raise
        finally:
            del self._waiting[answer_may_leave]
        if not synced:
            self._time_out(str(self._failure))
        self.answered += 1

    def synced(self, sequence: Sequence) -> None:
        """Everything up to `sequence` is on the disk: let those answers go."""
        self._synced_sequence = sequence
        for answer_may_leave, waits_for in self._waiting.items():
            if waits_for > sequence:
                break
            if not answer_may_leave.done():
                answer_may_leave.set_result(True)

    def give_up(self, reason: str) -> None:
        """No further command will reach the disk: answers that wait, now or later, have an unknown outcome."""
        self._failure = reason
        for answer_may_leave in self._waiting:
            if not answer_may_leave.done():
                answer_may_leave.set_result(False)

    def _time_out(self, reason: str) -> NoReturn:
        self.timed_out += 1
        raise ProcessingTimeout(reason)
