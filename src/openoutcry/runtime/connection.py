"""What the exchange has to say to one connection: answers first, then private events, then public messages.

Knows no socket: a writer takes one message after the other and waits here while there is none.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from openoutcry.domain.types import InstrumentId, Sequence, TeamId
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.outbox import ChannelMessage, PublicOutbox
from openoutcry.runtime.team_stream import TeamStream

PRIVATE_BACKLOG_BYTES: Final = 4 * 1024 * 1024
"""Bound on what waits of the live private stream and of answers; past it the connection is closed and resumes."""


class Closing(Struct, frozen=True):
    """Why the exchange ends a connection."""

    code: int
    reason: str


class Connection:
    """One reader. Private events are read from the team's stream at this connection's own place in it."""

    def __init__(self, snapshot_of: Callable[[InstrumentId], str], monotonic: Callable[[], float]) -> None:
        """`snapshot_of` gives a book's encoded snapshot as it is now; `monotonic`: seconds that never go back."""
        self.channels: dict[ChannelName, None] = {}
        self.team_id: TeamId | None = None
        self.closing: Closing | None = None
        self.tells_of = Sequence(0)
        """Until everything up to here is safe, nothing may be taken: an answer, or a snapshot after it, tells of it."""
        self._answers: deque[str] = deque()
        self._answer_bytes = 0
        self._stream: TeamStream | None = None
        self._taken: deque[str] = deque()
        self._taken_to = 0
        self._sent_to = 0
        self._live = False
        self._live_bytes = 0
        self._public = PublicOutbox(snapshot_of)
        self._something_waits = asyncio.Event()
        self._close_requested = asyncio.Event()
        self._ended = asyncio.Event()
        self._monotonic = monotonic
        self.spoken_at = monotonic()
        """When an answer or a private event was last taken: from then on there is silence."""

    # ---- what the exchange says ------------------------------------------------------------------------------

    def tell(self, answer: str, tells_of: Sequence) -> None:
        """Send an answer ahead of everything that waits. It tells of commands up to `tells_of`, 0 where of none."""
        self.tells_of = max(self.tells_of, tells_of)
        self._answers.append(answer)
        self._answer_bytes += len(answer)
        self._check_backlog()
        self._something_waits.set()

    def follow(self, team_id: TeamId, stream: TeamStream, after_seq: int) -> None:
        """Read this team's stream from `after_seq` + 1 on."""
        self.team_id = team_id
        self._stream = stream
        stream.readers[self] = None
        self.resume(after_seq)

    def resume(self, after_seq: int) -> None:
        """Go on from `after_seq` + 1: whatever was taken of the stream and is not sent yet is put back.

        `after_seq` may lie ahead of the stream where events wait for the disk: those up to it are passed over.
        """
        assert self._stream is not None  # noqa: S101 - sessions resume only what they follow
        self._taken.clear()
        self._taken_to = self._sent_to = after_seq
        self._live = after_seq >= self._stream.last_seq
        self._live_bytes = 0
        self._something_waits.set()

    def leave(self) -> None:
        """Read no stream any more."""
        if self._stream is not None:
            self._stream.readers.pop(self, None)

    def private_event_added(self, seq: int, size: int) -> None:
        # A replay may be as long as the session: only a reader that has caught up can fall behind.
        if self._live and seq > self._taken_to:
            self._live_bytes += size
            self._check_backlog()
        self._something_waits.set()

    def show(self, message: ChannelMessage) -> None:
        if not self._public.push(message):
            self.close(CloseCode.TOO_SLOW, "too slow for trades or market: reconnect, then GET /trades")
        self._something_waits.set()

    def owe_snapshot(self, channel: ChannelName) -> None:
        self._public.owe_snapshot(channel)
        self._something_waits.set()

    def discard(self, channel: ChannelName) -> None:
        self._public.discard(channel)

    def close(self, code: int, reason: str) -> None:
        """Ask for the end: answers that wait are still sent, then the close frame. The first reason stands."""
        if self.closing is None:
            self.closing = Closing(code, reason)
            self._close_requested.set()

    def end(self) -> None:
        """Nothing more is written: whoever awaits `ended` goes on."""
        self._ended.set()

    async def ended(self) -> None:
        await self._ended.wait()

    def _check_backlog(self) -> None:
        if self._answer_bytes + self._live_bytes > PRIVATE_BACKLOG_BYTES:
            self.close(CloseCode.TOO_SLOW, "private backlog over 4 MiB: reconnect with after_seq to resume")

    # ---- what the writer takes -------------------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """Whether no answer and no private event waits."""
        return not self._answers and (self._stream is None or self._sent_to >= self._stream.last_seq)

    @property
    def sent_to(self) -> int | None:
        """Seq of the last private event taken, None while no stream is followed."""
        return None if self._stream is None else self._sent_to

    def take_answer(self) -> str | None:
        if not self._answers:
            return None
        answer = self._answers.popleft()
        self._answer_bytes -= len(answer)
        self.spoken_at = self._monotonic()
        return answer

    def take(self) -> str | None:
        """The next message to send, None when nothing waits. Raises `OSError` from the event log."""
        if self._answers:
            return self.take_answer()
        return self._take_private() or self._public.take()

    async def wait(self) -> None:
        """Return when something may wait again."""
        await self._something_waits.wait()
        self._something_waits.clear()

    async def close_requested(self) -> Closing:
        await self._close_requested.wait()
        assert self.closing is not None  # noqa: S101 - set before the event
        return self.closing

    def _take_private(self) -> str | None:
        if not self._taken:
            if self._stream is None or self._taken_to >= self._stream.last_seq:
                return None
            self._taken.extend(self._stream.read(self._taken_to))
            self._taken_to += len(self._taken)
            if self._taken_to == self._stream.last_seq:
                self._live = True
                self._live_bytes = 0
            elif self._live:
                self._live_bytes -= sum(map(len, self._taken))
        self._sent_to += 1
        self.spoken_at = self._monotonic()
        return self._taken.popleft()
