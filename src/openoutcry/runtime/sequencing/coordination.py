"""Requests whose answer must wait for the disk: who waits, for how long, and how many may.

With durability "os" nobody waits; with "disk" an answer leaves once the journal is synced up to its command.
"""

import asyncio
from typing import Final, NoReturn

from openoutcry.domain.types import Sequence
from openoutcry.runtime.sequencing.unavailable import Unavailable

DEFAULT_MAXIMUM_WAITING: Final = 10_000
DEFAULT_DEADLINE_SECONDS: Final = 5.0


class ProcessingTimeout(Exception):  # noqa: N818 - the error's code on the wire
    """The command was taken, but what became of it is not known yet: ask by its `client_order_id`.

    `reason`: why an answer may not leave, without a word about the command.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The command was taken but its outcome is not known: {reason}; ask by client_order_id")
        self.reason = reason


class OrderResponseCoordinator:
    """Owns every answer that waits. One event loop, one exchange, no state beside this object.

    A request asks `admit` before its command is sequenced, so that a request turned away has had no effect.
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
        # By sequence, but for streams' writers, who may come late and then wait a little longer than they must.
        self._waiting: dict[asyncio.Future[bool], Sequence] = {}

    @property
    def waiting(self) -> int:
        """How many answers wait now."""
        return len(self._waiting)

    def holds(self, sequence: Sequence) -> bool:
        """Whether what tells of commands up to `sequence` may not leave yet."""
        return self.waits_for_disk and sequence > self._synced_sequence

    def last_told(self, last_sequence: Sequence) -> Sequence:
        """The last sequence up to `last_sequence` of which anything may be told now."""
        return self._synced_sequence if self.holds(last_sequence) else last_sequence

    def admit(self) -> None:
        """Make sure of a place for an answer, from now to the end of this turn of the loop.

        Raises `Unavailable` when as many wait as may.
        """
        if len(self._waiting) >= self._maximum_waiting:
            self.turned_away += 1
            raise Unavailable(f"{self._maximum_waiting} requests wait for the disk, and no more may")

    async def until_synced(self, sequence: Sequence) -> None:
        """Return once an answer that tells of commands up to `sequence` may leave.

        Raises `ProcessingTimeout` when that takes too long, will not happen any more, or no place was made sure of.
        Cancelling it gives its place to another.
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
        """Nothing more will reach the disk: what waits, or comes to wait, has an unknown outcome."""
        self._failure = reason
        for answer_may_leave in self._waiting:
            if not answer_may_leave.done():
                answer_may_leave.set_result(False)

    def _time_out(self, reason: str) -> NoReturn:
        self.timed_out += 1
        raise ProcessingTimeout(reason)
