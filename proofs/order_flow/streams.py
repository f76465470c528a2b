"""Readers of `/ws`. They repair nothing: what comes twice, late or never is written down as a difference."""

import asyncio
from typing import Final
from zlib import crc32

import aiohttp
import msgspec

from openoutcry.protocol.responses import LevelInfo
from openoutcry.protocol.stream import (
    Ack,
    BookSnapshot,
    BookUpdate,
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    PrivateMessage,
    ServerMessage,
    StreamError,
    Subscribe,
    Trade,
)
from proofs.report import Check

PRIVATE: Final = (NewOrderAck, ExecutionReport, OrderCancelled, OrderAmended, PositionUpdate)
STALL_SECONDS: Final = 30.0
"""Silence after which a reader that still expects something gives up."""
DEPTH: Final = 20
CHECKSUM_DEPTH: Final = 10

_decode: Final = msgspec.json.Decoder(ServerMessage).decode


class Stalled(Exception):  # noqa: N818 - a state of the stream, named for what it means
    """Something that was expected on a stream did not come; the text says what."""


class _Progress:
    """Lets a coroutine wait until what a reader has seen goes far enough."""

    def __init__(self) -> None:
        self._moved = asyncio.Event()

    def move(self) -> None:
        self._moved.set()

    async def wait(self, what: str) -> None:
        self._moved.clear()
        try:
            await asyncio.wait_for(self._moved.wait(), STALL_SECONDS)
        except TimeoutError:
            raise Stalled(f"{what}: nothing came for {STALL_SECONDS:.0f} s") from None


class TeamReader:
    """One team's private stream, whole, over as many connections as it takes."""

    def __init__(self, name: str, api_key: str, in_order: Check, *, hang_up_every: int | None) -> None:
        """`hang_up_every`: drop the connection after so many events and resume after the last one read."""
        self.name = name
        self.api_key = api_key
        self.events: list[PrivateMessage] = []
        self.connections = 0
        self._in_order = in_order
        self._hang_up_every = hang_up_every
        self._progress = _Progress()

    @property
    def last_seq(self) -> int:
        return self.events[-1].seq if self.events else 0

    async def read(self, session: aiohttp.ClientSession, address: str) -> None:
        """Read until the server goes away."""
        hung_up = True
        while hung_up:
            url = f"{address}/ws?after_seq={self.last_seq}"
            async with session.ws_connect(url, headers={"X-API-Key": self.api_key}, max_msg_size=0) as socket:
                self.connections += 1
                hung_up = await self._read_connection(socket)

    async def reached(self, seq: int) -> None:
        """Return once event `seq` was read. Raises `Stalled`."""
        while self.last_seq < seq:
            await self._progress.wait(f"{self.name}'s stream at {self.last_seq} of {seq}")

    async def connected(self) -> None:
        """Return once the first message was read. Raises `Stalled`."""
        while not self.connections:
            await self._progress.wait(f"{self.name}'s stream")

    async def _read_connection(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        came_with = len(self.events)
        async for frame in socket:
            self.take(_decode(frame.data))
            self._progress.move()
            if len(self.events) - came_with == self._hang_up_every:
                return True
        return False

    def take(self, message: ServerMessage) -> None:
        """Keep a private event, whatever its place; what is not private does not matter here."""
        if isinstance(message, PRIVATE):
            self._in_order.equal(f"{self.name}'s next seq", expected=self.last_seq + 1, found=message.seq)
            self.events.append(message)


class RebuiltBook:
    """A book as a reader of the `book` channel has it: price in whole units to quantity, on either side."""

    def __init__(self, instrument_id: str) -> None:
        self.instrument_id = instrument_id
        self.book_seq = -1
        self.bids: list[tuple[int, int]] = []
        self.asks: list[tuple[int, int]] = []
        """Best first, as (price, quantity)."""

    def apply(self, message: BookSnapshot | BookUpdate) -> None:
        is_new = isinstance(message, BookSnapshot)
        self.bids = _changed([] if is_new else self.bids, message.bids, best_is_high=True)
        self.asks = _changed([] if is_new else self.asks, message.asks, best_is_high=False)
        self.book_seq = message.book_seq

    @property
    def checksum(self) -> int:
        levels = self.asks[:CHECKSUM_DEPTH] + self.bids[:CHECKSUM_DEPTH]
        return crc32("".join(f"{price}{quantity}" for price, quantity in levels).encode())


class PublicReader:
    """Books and trades of every instrument, on a connection that shows no key."""

    def __init__(self, instrument_ids: list[str], contiguous: Check) -> None:
        self.books = {instrument_id: RebuiltBook(instrument_id) for instrument_id in instrument_ids}
        self.updates: list[BookUpdate] = []
        self.trades: list[Trade] = []
        self.snapshots = 0
        self._contiguous = contiguous
        self._progress = _Progress()
        self._subscribed = False

    async def read(self, session: aiohttp.ClientSession, address: str) -> None:
        """Subscribe, and read until the server goes away."""
        async with session.ws_connect(f"{address}/ws", max_msg_size=0) as socket:
            await socket.send_str(msgspec.json.encode(Subscribe(channels=["book:*", "trades:*"])).decode())
            async for frame in socket:
                self.take(_decode(frame.data))
                self._progress.move()

    async def subscribed(self) -> None:
        """Return once the first snapshot of every book is there. Raises `Stalled`."""
        while not self._subscribed or any(book.book_seq < 0 for book in self.books.values()):
            await self._progress.wait("subscription to the books")

    async def reached(self, instrument_id: str, book_seq: int) -> None:
        """Return once change `book_seq` of the book was read. Raises `Stalled`."""
        while self.books[instrument_id].book_seq < book_seq:
            await self._progress.wait(f"book {instrument_id} at {self.books[instrument_id].book_seq} of {book_seq}")

    async def printed(self, trades: int) -> None:
        """Return once so many trades were read. Raises `Stalled`."""
        while len(self.trades) < trades:
            await self._progress.wait(f"trades at {len(self.trades)} of {trades}")

    def take(self, message: ServerMessage) -> None:
        """Apply and keep a message about books and trades.

        Raises `Stalled` if the server refuses the subscription.
        """
        match message:
            case Ack(op="subscribe"):
                self._subscribed = True
            case BookUpdate():
                book = self.books[message.instrument_id]
                self._contiguous.equal(
                    f"{message.instrument_id} book_seq {message.book_seq} follows",
                    expected=(book.book_seq, book.book_seq + 1),
                    found=(message.prev_book_seq, message.book_seq),
                )
                self.updates.append(message)
                self._apply(message)
            case BookSnapshot():
                self.snapshots += 1
                self._apply(message)
            case Trade():
                self.trades.append(message)
            case StreamError():
                raise Stalled(f"the books cannot be followed: {message.code} {message.message}")
            case _:
                return

    def _apply(self, message: BookSnapshot | BookUpdate) -> None:
        book = self.books[message.instrument_id]
        book.apply(message)
        what = f"checksum of {message.instrument_id} at book_seq {message.book_seq}"
        self._contiguous.equal(what, expected=book.checksum, found=message.checksum)


def whole_units(levels: list[LevelInfo]) -> list[tuple[int, int]]:
    """Levels of the wire as (price, quantity): the scenario's tick is 1, so that prices are whole."""
    return [(int(level.price), level.quantity) for level in levels]


def _changed(known: list[tuple[int, int]], changes: list[LevelInfo], *, best_is_high: bool) -> list[tuple[int, int]]:
    quantities = dict(known) | dict(whole_units(changes))
    levels = sorted(((price, quantity) for price, quantity in quantities.items() if quantity), reverse=best_is_high)
    return levels[:DEPTH]
