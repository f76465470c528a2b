"""Public channels over one connection after another: asked for, answered, restored; and the books kept from them."""

import asyncio
import itertools
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from msgspec import Struct

from openoutcry.client.books import LocalBook
from openoutcry.client.connection import Connection
from openoutcry.client.errors import SubscriptionRefusedError
from openoutcry.client.session import StreamSession, portions
from openoutcry.protocol.stream import Ack, BookSnapshot, BookUpdate, StreamError, Subscribe, Unsubscribe

ANSWER_SECONDS: Final = 10.0
"""How long a caller waits for the exchange's word on a subscription; the subscription stands without it."""

_log = logging.getLogger("openoutcry.client")


class _Asked(Struct, eq=False):
    """A subscription on its way: the channels to forget if it is refused, and where the answer goes."""

    channels: list[str]
    answer: asyncio.Future[Ack | StreamError | None]


class _Followed(Struct, eq=False):
    """A book to be kept; `arrived` is set with its snapshot, or when there is no use in waiting for it."""

    book: LocalBook
    arrived: asyncio.Event


class PublicChannels:
    """`may_wait` tells whether the caller can wait for an answer that is yet to be read."""

    def __init__(self, session: StreamSession, may_wait: Callable[[], bool]) -> None:
        self._session = session
        self._may_wait = may_wait
        self._connection: Connection | None = None
        self._asked: dict[str, _Asked] = {}
        self._followed: dict[str, _Followed] = {}
        self._request_numbers = itertools.count(1)

    # ---- for the bot

    async def subscribe(self, channels: Iterable[str]) -> None:
        """Read these channels from now on, across reconnects. Waits for the exchange's word while connected.

        Raises `SubscriptionRefusedError`; `ValueError` for too many channels.
        """
        channels = list(channels)
        new = self._session.subscribe(channels)
        for portion in portions(channels):
            message = Subscribe(channels=portion, request_id=self._next_request_id())
            await self._ask(message, [channel for channel in portion if channel in new])

    async def unsubscribe(self, channels: Iterable[str]) -> None:
        """Read these channels no more."""
        channels = list(channels)
        self._session.unsubscribe(channels)
        for portion in portions(channels):
            await self._ask(Unsubscribe(channels=portion, request_id=self._next_request_id()), [])

    def book(self, instrument_id: str) -> LocalBook | None:
        followed = self._followed.get(instrument_id)
        return None if followed is None else followed.book

    async def follow(self, book: LocalBook) -> None:
        """Keep `book` from the channel of its instrument. While connected, waits for its first snapshot.

        Raises `SubscriptionRefusedError`.
        """
        followed = self._followed.setdefault(book.instrument_id, _Followed(book, asyncio.Event()))
        await self.subscribe([book.channel])
        if self._connection is not None and self._may_wait():
            with suppress(TimeoutError):
                await asyncio.wait_for(followed.arrived.wait(), ANSWER_SECONDS)

    # ---- for the stream

    async def restore(self, connection: Connection) -> None:
        """A connection is open: ask on it for everything subscribed."""
        self._connection = connection
        for message in self._session.restoring_messages():
            await connection.say(message)

    def disconnect(self) -> bool:
        """The connection is gone, and its answers with it; whether there was one."""
        was_open, self._connection = self._connection is not None, None
        asked, self._asked = self._asked, {}
        for waiting in asked.values():
            if not waiting.answer.done():
                waiting.answer.set_result(None)
        for followed in self._followed.values():
            followed.book.disconnected()
            followed.arrived.set()
        return was_open

    def take_answer(self, answer: Ack | StreamError) -> None:
        asked = self._asked.pop(answer.request_id or "", None)
        if isinstance(answer, StreamError):
            self._session.unsubscribe(asked.channels if asked else ())
            _log.warning("the exchange refused %s: %s (%s)", answer.op, answer.message, answer.code)
        if asked is not None and not asked.answer.done():
            asked.answer.set_result(answer)

    async def keep_book(self, message: BookSnapshot | BookUpdate) -> None:
        """Bring the book up to date, if it is followed; ask for a snapshot if the message does not fit."""
        followed = self._followed.get(message.instrument_id)
        if followed is None:
            return
        if not followed.book.apply(message) and self._connection is not None:
            await self._connection.say(Subscribe(channels=[followed.book.channel]))
        if followed.book.synced:
            followed.arrived.set()

    # ---- one question

    async def _ask(self, message: Subscribe | Unsubscribe, channels: list[str]) -> None:
        if self._connection is None or message.request_id is None:
            return  # restored with the next welcome
        asked = _Asked(channels, asyncio.get_running_loop().create_future())
        self._asked[message.request_id] = asked
        if not await self._connection.say(message) or not self._may_wait():
            return
        try:
            answer = await asyncio.wait_for(asked.answer, ANSWER_SECONDS)
        except TimeoutError:
            return
        if isinstance(answer, StreamError):
            raise SubscriptionRefusedError(answer.message, answer.code)

    def _next_request_id(self) -> str:
        return f"stream-{next(self._request_numbers)}"
