"""Public channels, which hold across connections, and the books that they keep up to date."""

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
"""How many characters of a wrong name its error repeats."""


class _Followed(Struct, eq=False):
    """A book to keep up to date. `arrived` is set with its first snapshot, or when the connection is lost."""

    book: LocalBook
    arrived: asyncio.Event


class PublicChannels:
    """The session remembers the channels. `questions` asks the exchange for them on each connection."""

    def __init__(self, session: StreamSession, questions: Questions) -> None:
        self._session = session
        self._questions = questions
        self._followed: dict[str, _Followed] = {}

    # ---- for the bot

    async def subscribe(self, channels: Iterable[str]) -> None:
        """Read these channels from now on, across connections. Waits for the exchange's answer if connected.

        Raises `SubscriptionRefusedError`, and `ValueError` for too many channels.
        """
        channels = [_checked(channel) for channel in channels]
        new = self._session.subscribe(channels)
        for portion in portions(channels):
            await self._ask(Subscribe(channels=portion), [channel for channel in portion if channel in new])

    async def unsubscribe(self, channels: Iterable[str]) -> None:
        """Stop reading these channels."""
        channels = [_checked(channel) for channel in channels]
        self._session.unsubscribe(channels)
        for portion in portions(channels):
            await self._ask(Unsubscribe(channels=portion), [])

    def book(self, instrument_id: str) -> LocalBook | None:
        followed = self._followed.get(instrument_id)
        return None if followed is None else followed.book

    async def follow(self, book: LocalBook) -> None:
        """Keep `book` up to date from its instrument's channel. Waits for the first snapshot if connected.

        Raises `SubscriptionRefusedError`.
        """
        followed = self._followed.setdefault(book.instrument_id, _Followed(book, asyncio.Event()))
        await self.subscribe([book.channel])
        if self._questions.connection is not None and self._questions.may_wait():
            with suppress(TimeoutError):
                await asyncio.wait_for(followed.arrived.wait(), ANSWER_SECONDS)

    # ---- for the stream

    def disconnect(self) -> None:
        """Note that the connection is lost. The books stop changing."""
        for followed in self._followed.values():
            followed.book.disconnected()
            followed.arrived.set()

    async def keep_book(self, message: BookSnapshot | BookUpdate) -> None:
        """Update the book if it is followed. Ask for a snapshot if the message does not fit."""
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
    """The channel, if its name has the form of one. Only the exchange knows whether the instrument exists."""
    if not isinstance(channel, str):
        raise TypeError(
            f"subscribe takes each channel as an argument of its own, such as subscribe('top:*', 'trades:SPY'), and got"
            f" {str(channel)[:_SHOWN]}; for a list, write subscribe(*channels)"
        )
    if len(channel) > MAX_CHANNEL_LENGTH or parse_channel(channel) is None:
        raise SubscriptionRefusedError(
            f"there is no channel {channel[:_SHOWN]!r}; there are {CHANNELS_OFFERED}", StreamErrorCode.INVALID_CHANNEL
        )
    return channel
