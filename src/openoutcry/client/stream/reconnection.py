"""The event stream: it opens a connection, reads it, and opens the next after a loss, until it is stopped.

It runs in one task, which also calls the handlers. A thread reads the connection, where messages wait for handlers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from openoutcry.client.address import Address
from openoutcry.client.credentials import Credentials
from openoutcry.client.errors import (
    ClientClosedError,
    NotConnectedError,
    OpenOutcryError,
    StreamRefusedError,
)
from openoutcry.client.events import Disconnected, Event, decode_event, is_about_the_connection
from openoutcry.client.forks import leave_behind, let_go_when_forked
from openoutcry.client.orders import OrderTracker
from openoutcry.client.settings import ClientSettings, Entropy
from openoutcry.client.stream.buffers import Buffers
from openoutcry.client.stream.channels import PublicChannels
from openoutcry.client.stream.connection import (
    CONNECT_SECONDS,
    Connection,
    ConnectionEnded,
    Ended,
    StreamTransport,
)
from openoutcry.client.stream.guard import ConnectionGuard
from openoutcry.client.stream.handlers import Registry
from openoutcry.client.stream.questions import Questions
from openoutcry.client.stream.session import OutOfStepError, StreamSession
from openoutcry.protocol.responses import OrderInfo
from openoutcry.protocol.stream import (
    Ack,
    BookSnapshot,
    BookUpdate,
    CloseCode,
    StreamError,
    Welcome,
)

MISSED_HEARTBEATS: Final = 3
"""A connection without a message for the time of so many heartbeats counts as dead."""
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 5.0
"""A connection that lasted so long, or brought a private event, resets the pauses between connections."""
SLICE_SECONDS: Final = 0.01
"""How long messages that wait are read at a stretch, before other tasks of the loop have their turn."""

_KEY_REFUSED: Final = frozenset({CloseCode.AUTHENTICATION_FAILED, 401})
_REFUSED: Final = frozenset({*_KEY_REFUSED, CloseCode.NOT_PERMITTED, 403})

_ADVICE: Final[dict[int | None, str]] = {
    CloseCode.GOING_AWAY: "The exchange is ending: connect() again once it is back",
    CloseCode.INTERNAL_ERROR: "The fault is the exchange's: connect() again, and tell the organiser",
    CloseCode.TRY_AGAIN_LATER: "connect() again in a moment",
    CloseCode.TOO_MANY_CONNECTIONS: "Close another connection first, or let other programs of the team end",
    CloseCode.PROTOCOL_ERROR: "Is there an exchange of this version at host and port?",
}
"""What to do where the exchange itself closed the connection, by its close code."""

_log = logging.getLogger("openoutcry.client")


OrdersAfter = Callable[[str], Awaitable[list[OrderInfo]]]
"""All open orders above this id. Raises `OpenOutcryError`."""


class EventStream:
    """One team's stream, or an anonymous one. Belongs to the event loop in which it is first used."""

    def __init__(
        self,
        address: Address,
        credentials: Credentials,
        tracker: OrderTracker,
        handlers: Registry,
        transport: StreamTransport,
        orders_after: Callable[[], OrdersAfter | None],
        settings: ClientSettings,
    ) -> None:
        """`orders_after` returns None once the client is dropped. The stream does not keep the client alive."""
        self._address = address
        self._transport = transport
        self._credentials = credentials
        self._tracker = tracker
        self._handlers = handlers
        self._orders_after = orders_after
        self._entropy = settings.entropy
        self.buffers = Buffers(handlers.holding, settings)
        self._begin()
        let_go_when_forked(self)

    def after_fork(self) -> None:
        """Start with nothing in the child. Subscriptions and protection stay with the parent's stream."""
        leave_behind(self._task, self._welcomed)
        self.channels.disconnect()
        self._begin()

    def _begin(self) -> None:
        self._session = StreamSession()
        self._task: asyncio.Task[None] | None = None
        self._welcomed: asyncio.Future[Welcome] | None = None
        self._questions = Questions(self._session, self._is_reading_elsewhere)
        self.channels = PublicChannels(self._session, self._questions)
        self.guard = ConnectionGuard(self._session, self._questions)
        self._refusal: StreamError | None = None

    # ---- life cycle ------------------------------------------------------------------------------------------

    @property
    def last_seq(self) -> int | None:
        """The last private event that was delivered. None before the first `welcome`."""
        return self._session.after_seq

    @property
    def welcome(self) -> Welcome | None:
        """The latest `welcome`, if there is one."""
        return self._session.welcome

    async def connect(self, after_seq: int | None) -> Welcome:
        """Open the stream, unless it is open, and return the `welcome`.

        Raises `SubscriptionRefusedError` or `ProtectionRefusedError` if the exchange refuses an earlier request; the
        stream is open then, and the other requests hold. Raises `NotConnectedError`, `StreamRefusedError`, and
        `ValueError` for an `after_seq` on an open stream.
        """
        if self._task is None or self._task.done():
            if after_seq is not None:
                self._session.start_after(after_seq)
            self._welcomed = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._run(self._welcomed), name="openoutcry event stream")
        elif after_seq is not None:
            raise ValueError("the stream is open already: after_seq belongs to the first connect()")
        assert self._welcomed is not None  # noqa: S101 - set with the task
        is_opening = not self._welcomed.done()
        welcome = await asyncio.shield(self._welcomed)
        if is_opening and (refusal := self._questions.take_refusal()) is not None:
            raise refusal
        return welcome

    async def stop(self) -> None:
        """Close the connection and end every iterator."""
        if self._task is not None:
            self._task.cancel()
            if self._task is not asyncio.current_task():
                await asyncio.gather(self._task, return_exceptions=True)
        self.buffers.end(None)

    def stop_soon(self) -> None:
        """End the stream, since its client is dropped. May be called from any thread."""
        if self._task is not None and not (loop := self._task.get_loop()).is_closed():
            loop.call_soon_threadsafe(self._task.cancel)

    # ---- one connection after the other ----------------------------------------------------------------------

    async def _run(self, welcomed: asyncio.Future[Welcome]) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        error: Exception = ClientClosedError("the client was closed")
        try:
            while True:
                opened_at, api_key = loop.time(), self._credentials.api_key
                seq_before = self.last_seq
                ended = await self._one_connection(welcomed)
                refused = ended.code in _REFUSED and not await self._credentials.superseded(api_key)
                await self._clear_up(ended, reconnecting=not refused)
                if refused:
                    self._raise_refused(ended)
                if not welcomed.done() and not ended.out_of_step:
                    self._raise_not_opened(ended)
                was_good = self.last_seq != seq_before or loop.time() - opened_at >= STEADY_SECONDS
                failures = 0 if was_good else failures + 1
                await asyncio.sleep(_pause(failures, self._entropy))
        except OpenOutcryError as raised:
            error = raised
            if welcomed.done():
                _log.error("%s", raised)
        except Exception as raised:  # noqa: BLE001 - readers must learn of any exception
            error = raised
            _log.exception("the event stream failed")
        finally:
            if not welcomed.done():
                welcomed.set_exception(error)
                welcomed.exception()  # marks it as seen, since perhaps nothing awaits it
            self.buffers.end(None if isinstance(error, ClientClosedError) else error)
            await self._transport.close()

    def _is_reading_elsewhere(self) -> bool:
        """Whether the caller may wait for a message. A handler may not, since it runs in the task that reads."""
        return asyncio.current_task() is not self._task

    async def _one_connection(self, welcomed: asyncio.Future[Welcome]) -> Ended:
        """Open a connection and read it to its end. Returns how it ended."""
        self._tracker.connecting()
        self._session.connecting()
        self._refusal = None
        try:
            async with self._transport.open(self._session.resume_query, self._credentials.headers) as connection:
                loop = asyncio.get_running_loop()
                gives_way_at = loop.time() + SLICE_SECONDS
                while True:
                    await self._read_one(connection, welcomed)
                    if loop.time() >= gives_way_at:
                        await asyncio.sleep(0)  # reading what waits already does not
                        gives_way_at = loop.time() + SLICE_SECONDS
        except ConnectionEnded as end:
            return end.ended
        except OutOfStepError as out_of_step:
            return Ended(str(out_of_step), out_of_step=True)

    async def _read_one(self, connection: Connection, welcomed: asyncio.Future[Welcome]) -> None:
        if not connection.is_behind:
            self._handlers.holding.caught_up()
        heartbeat_seconds = self._session.heartbeat_seconds
        silence = CONNECT_SECONDS if heartbeat_seconds is None else MISSED_HEARTBEATS * heartbeat_seconds + 1
        text = await connection.next_text(silence)
        message = decode_event(text)
        if message is None:
            _log.warning("skipped a message that is not a JSON object with a type: %.100s", text)
            return
        self._refusal = message if isinstance(message, StreamError) else None
        delivered = self._session.accept(message)
        if isinstance(message, Welcome):
            self._credentials.team_id = message.team_id or self._credentials.team_id
            await self._questions.restore(connection)
        for event in delivered:
            await self._deliver(event)
        if not welcomed.done() and self._session.welcome is not None and self._questions.is_restored:
            welcomed.set_result(self._session.welcome)

    async def _deliver(self, event: Event) -> None:
        match event:
            case Ack() | StreamError():
                await self._questions.take_answer(event)
            case BookSnapshot() | BookUpdate():
                await self.channels.keep_book(event)
            case Welcome() if not self._session.resumed:
                self._tracker.start_from(event, await self._omitted_orders(event))
            case _:
                self._tracker.apply(event)
        await self._handlers.call(event)
        if not is_about_the_connection(event):
            await self.buffers.put(event)

    async def _omitted_orders(self, welcome: Welcome) -> list[OrderInfo] | None:
        """The open orders that a `welcome` omits. Events wait until they are known. None if the request fails."""
        ask = self._orders_after()
        if ask is None or not welcome.orders_omitted or not welcome.orders:
            return []
        try:
            return await ask(welcome.orders[-1].order_id)
        except OpenOutcryError as error:
            _log.warning(
                "%d open orders are unknown to the bot until their next events: %s", welcome.orders_omitted, error
            )
            return None

    async def _clear_up(self, ended: Ended, *, reconnecting: bool) -> None:
        """Forget the state of a connection. Deliver `disconnected` if its `welcome` was delivered."""
        was_open = self._questions.disconnect()
        self.channels.disconnect()
        if was_open:
            reason = self._reason(ended)
            _log.info("event stream interrupted: %s", reason)
            reader, seconds = (self._handlers.holding.longest() if ended.fell_behind else None) or (None, None)
            await self._deliver(
                Disconnected(
                    reason=reason,
                    close_code=ended.code,
                    reconnecting=reconnecting,
                    held_by=reader,
                    held_seconds=seconds,
                )
            )

    def _reason(self, ended: Ended) -> str:
        """Why the connection ended: a slow reader, else the exchange's last error, else the close reason."""
        if ended.fell_behind and (held := self._handlers.holding.longest()) is not None:
            return f"{held[0]} held the event stream for {held[1]:.1f} s, and too much waited to be delivered"
        return ended.reason if self._refusal is None else self._refusal.message

    def _raise_refused(self, ended: Ended) -> NoReturn:
        code = "UNAUTHENTICATED" if ended.code in _KEY_REFUSED else "NOT_PERMITTED"
        anew = (
            " An exchange that has begun anew knows no key of before: register there."
            if code == "UNAUTHENTICATED"
            else ""
        )
        raise StreamRefusedError(
            f"the exchange ended the event stream for good: {self._reason(ended)} (close code {ended.code})."
            f" Check api_key, then connect() again.{anew}",
            code if self._refusal is None else self._refusal.code,
        )

    def _raise_not_opened(self, ended: Ended) -> NoReturn:
        code = "" if ended.code is None else f" (code {ended.code})"
        advice = _ADVICE.get(ended.code, "Is the exchange running, and are host and port right?")
        raise NotConnectedError(
            f"no event stream from {self._address.stream_url}: {self._reason(ended)}{code}. {advice}"
        )


def _pause(failures: int, entropy: Entropy) -> float:
    """Seconds before the next connection: 0 at first, then doubling. Random, so that bots do not return together."""
    if failures < 2:
        return 0.0
    longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (min(failures, 20) - 2))
    return longest * (0.5 + int.from_bytes(entropy(4)) / 2**33)
