"""Public channels, read across reconnects, and the books kept from them."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from msgspec import Struct

from openoutcry.client.errors import SubscriptionRefusedError
from openoutcry.client.stream.books import LocalBook
from openoutcry.client.stream.questions import ANSWER_SECONDS, Questions
from openoutcry.client.stream.session import StreamSession, portions
from openoutcry.protocol.channels import CHANNELS_OFFERED, parse_channel
from openoutcry.protocol.stream import MAX_CHANNEL_LENGTH, BookSnapshot, BookUpdate, Subscribe, Unsubscribe
from openoutcry.protocol.stream_errors import StreamErrorCode

_SHOWN: Final = 64
"""Letters of a wrong name that its error repeats."""


class _Followed(Struct, eq=False):
    """A book to be kept; `arrived` is set with its snapshot, or when there is no use in waiting for it."""

    book: LocalBook
    arrived: asyncio.Event


class PublicChannels:
    """The session remembers which; what is asked about them on a connection are `questions`."""

    def __init__(self, session: StreamSession, questions: Questions) -> None:
        self._session = session
        self._questions = questions
        self._followed: dict[str, _Followed] = {}

    # ---- for the bot

    async def subscribe(self, channels: Iterable[str]) -> None:
        """Read these channels from now on, across reconnects. Waits for the exchange's word while connected.

        Raises `SubscriptionRefusedError`; `ValueError` for too many channels.
        """
        channels = [_checked(channel) for channel in channels]
        new = self._session.subscribe(channels)
        for portion in portions(channels):
            await self._ask(Subscribe(channels=portion), [channel for channel in portion if channel in new])

    async def unsubscribe(self, channels: Iterable[str]) -> None:
        """Read these channels no more."""
        channels = [_checked(channel) for channel in channels]
        self._session.unsubscribe(channels)
        for portion in portions(channels):
            await self._ask(Unsubscribe(channels=portion), [])

    def book(self, instrument_id: str) -> LocalBook | None:
        followed = self._followed.get(instrument_id)
        return None if followed is None else followed.book

    async def follow(self, book: LocalBook) -> None:
        """Keep `book` from the channel of its instrument. While connected, waits for its first snapshot.

        Raises `SubscriptionRefusedError`.
        """
        followed = self._followed.setdefault(book.instrument_id, _Followed(book, asyncio.Event()))
        await self.subscribe([book.channel])
        if self._questions.connection is not None and self._questions.may_wait():
            with suppress(TimeoutError):
                await asyncio.wait_for(followed.arrived.wait(), ANSWER_SECONDS)

    # ---- for the stream

    def disconnect(self) -> None:
        """The connection is gone: the books stand still."""
        for followed in self._followed.values():
            followed.book.disconnected()
            followed.arrived.set()

    async def keep_book(self, message: BookSnapshot | BookUpdate) -> None:
        """Bring the book up to date, if it is followed; ask for a snapshot if the message does not fit."""
        followed = self._followed.get(message.instrument_id)
        if followed is None:
            return
        connection = self._questions.connection
        if not followed.book.apply(message) and connection is not None:
            await connection.say(Subscribe(channels=[followed.book.channel]))
        if followed.book.synced:
            followed.arrived.set()

    async def _ask(self, question: Subscribe | Unsubscribe, forgotten_if_refused: list[str]) -> None:
        refusal = await self._questions.ask(
            question, refused=lambda _refusal: self._session.unsubscribe(forgotten_if_refused)
        )
        if refusal is not None:
            raise SubscriptionRefusedError(refusal.message, refusal.code)


def _checked(channel: object) -> str:
    """The channel, if its name is one; that there is such an instrument, only the exchange knows."""
    if not isinstance(channel, str):
        raise TypeError(
            f"subscribe takes names of channels one by one, such as subscribe('top:*', 'trades:SPY'), and got"
            f" {str(channel)[:_SHOWN]}; of a list, write subscribe(*channels)"
        )
    if len(channel) > MAX_CHANNEL_LENGTH or parse_channel(channel) is None:
        raise SubscriptionRefusedError(
            f"there is no channel {channel[:_SHOWN]!r}; there are {CHANNELS_OFFERED}", StreamErrorCode.INVALID_CHANNEL
        )
    return channel
