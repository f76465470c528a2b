"""The messages for one connection: answers first, then private events, then public messages.

Knows no socket: its writer takes all waiting messages at once, at the end of a turn of the loop, while the client
reads.
"""

import asyncio
from collections.abc import Callable, Iterable

from openoutcry.domain.types import InstrumentId, Sequence, TeamId
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.streams.channel_message import ChannelMessage
from openoutcry.runtime.streams.closing import Closing
from openoutcry.runtime.streams.limits import DEFAULT_LIMITS, StreamLimits
from openoutcry.runtime.streams.outbox import PublicOutbox
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.team_stream import TeamStream


def write_nothing() -> None:
    """For a connection without a writer."""


class Connection:
    """One reader. Private events are read from the team's stream at this connection's own place in it."""

    def __init__(
        self,
        snapshot_of: Callable[[InstrumentId], bytes],
        monotonic: Callable[[], float],
        outgoing: Outgoing,
        limits: StreamLimits = DEFAULT_LIMITS,
    ) -> None:
        """`snapshot_of` gives a book's encoded snapshot as it is now; `monotonic`: seconds that never go back."""
        self.channels: dict[ChannelName, None] = {}
        self.team_id: TeamId | None = None
        self.closing: Closing | None = None
        self.tells_of = Sequence(0)
        """Nothing may be taken until every command up to this sequence is safe, because a waiting message may tell of
        it."""
        self.writer: Callable[[], None] = write_nothing
        """Called once in each turn of the loop in which messages came."""
        self._outgoing = outgoing
        self._max_backlog_bytes = limits.private_backlog_bytes
        self._read_bytes = limits.read_bytes
        self._is_outgoing = False
        self._answers: list[bytes] = []
        self._answer_bytes = 0
        self._stream: TeamStream | None = None
        self._taken_to = 0
        self._live = False
        self._live_bytes = 0
        self._public = PublicOutbox(snapshot_of, limits)
        self._close_requested = asyncio.Event()
        self._ended = asyncio.Event()
        self._monotonic = monotonic
        self.spoken_at = monotonic()
        """When an answer or a private event was last taken: silence counts from then on."""

    # ---- what the exchange says ------------------------------------------------------------------------------

    def tell(self, answer: bytes, tells_of: Sequence) -> None:
        """Send an answer ahead of everything that waits. It tells of commands up to `tells_of`; 0: of none."""
        self.tell_of(tells_of)
        self._answers.append(answer)
        self._answer_bytes += len(answer)
        self._check_backlog()
        self.speak_up()

    def tell_of(self, sequence: Sequence) -> None:
        """Messages taken from now on may tell of commands up to `sequence`."""
        self.tells_of = max(self.tells_of, sequence)

    def follow(self, team_id: TeamId, stream: TeamStream, after_seq: int) -> None:
        """Read this team's stream from `after_seq` + 1 on."""
        self.team_id = team_id
        self._stream = stream
        stream.readers[self] = None
        self.resume(after_seq)

    def resume(self, after_seq: int) -> None:
        """Go on from `after_seq` + 1.

        `after_seq` may lie ahead of the stream while events wait for the disk: those up to it are skipped.
        """
        assert self._stream is not None  # noqa: S101 - sessions resume only what they follow
        self._taken_to = after_seq
        self._live = after_seq >= self._stream.last_seq
        self._live_bytes = 0
        self.speak_up()

    def leave(self) -> None:
        """Read no stream any more."""
        if self._stream is not None:
            self._stream.readers.pop(self, None)

    def private_event_added(self, seq: int, size: int) -> None:
        # A replay may be as long as the session: only a reader that has caught up can fall behind.
        if self._live and seq > self._taken_to:
            self._live_bytes += size
            self._check_backlog()
        self.speak_up()

    def show(self, message: ChannelMessage) -> None:
        if not self._public.push(message):
            self.close(CloseCode.TOO_SLOW, "too slow for trades or market: reconnect, then GET /trades")
        if not self._is_outgoing:
            self.speak_up()

    def owe_snapshot(self, channel: ChannelName) -> None:
        self._public.owe_snapshot(channel)
        self.speak_up()

    def discard(self, channels: Iterable[ChannelName]) -> None:
        self._public.discard(channels)

    def close(self, code: int, reason: str) -> None:
        """Ask for the end: answers that wait are still sent, then the close frame. The first reason stands."""
        if self.closing is None:
            self.closing = Closing(code, reason)
            self._close_requested.set()

    async def close_requested(self) -> Closing:
        await self._close_requested.wait()
        assert self.closing is not None  # noqa: S101 - set before the event
        return self.closing

    def end(self) -> None:
        """Nothing more is written: code that awaits `ended` continues."""
        self.writer = write_nothing
        self._ended.set()

    async def ended(self) -> None:
        await self._ended.wait()

    def _check_backlog(self) -> None:
        if self._answer_bytes + self._live_bytes > self._max_backlog_bytes:
            mebibytes = self._max_backlog_bytes / (1024 * 1024)
            reason = f"private backlog over {mebibytes:g} MiB: reconnect with after_seq to resume"
            self.close(CloseCode.TOO_SLOW, reason)

    # ---- what the writer takes -------------------------------------------------------------------------------

    def speak_up(self) -> None:
        """Have the writer called at the end of this turn of the loop."""
        if not self._is_outgoing:
            self._is_outgoing = True
            self._outgoing.add(self)

    def write_out(self) -> None:
        self._is_outgoing = False
        self.writer()

    @property
    def idle(self) -> bool:
        """Whether no answer and no private event waits."""
        return not self._answers and not self._private_waits

    @property
    def sent_to(self) -> int | None:
        """Seq of the last private event taken, None while no stream is followed."""
        return None if self._stream is None else self._taken_to

    @property
    def has_more(self) -> bool:
        """Whether something waits still."""
        return self._public.waits or not self.idle

    def take_answers(self) -> list[bytes]:
        """All answers that wait."""
        answers, self._answers = self._answers, []
        if answers:
            self._answer_bytes = 0
            self.spoken_at = self._monotonic()
        return answers

    def take(self) -> list[bytes]:
        """The next messages to send: all that wait, or about `read_bytes` of them. Empty when nothing waits.

        Raises `OSError` from the event log.
        """
        messages = self.take_answers()
        if self._private_waits:
            messages += self._take_private()
        if not self._private_waits:
            messages += self._public.take(self._read_bytes)
        return messages

    @property
    def _private_waits(self) -> bool:
        return self._stream is not None and self._taken_to < self._stream.last_seq

    def _take_private(self) -> list[bytes]:
        assert self._stream is not None  # noqa: S101 - something of it waits
        taken = self._stream.read(self._taken_to)
        self._taken_to += len(taken)
        if self._taken_to == self._stream.last_seq:
            self._live = True
            self._live_bytes = 0
        elif self._live:
            self._live_bytes -= sum(map(len, taken))
        self.spoken_at = self._monotonic()
        return taken
