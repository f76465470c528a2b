"""The stream's side of all iterators over events: it puts each event into every buffer, and waits where one is full."""

import asyncio
import threading
import weakref
from contextlib import suppress
from time import monotonic
from typing import Final, Protocol

from openoutcry.client.events import Event
from openoutcry.client.forks import let_go_when_forked
from openoutcry.client.stream.holding import Holding

LOOK_AGAIN_SECONDS: Final = 1.0
"""How often a stream that waits for an iterator looks whether anybody has that still."""


class EventBuffer(Protocol):
    """The stream's end of a buffer."""

    def offer(self, event: Event) -> asyncio.Event | None:
        """None when the event is taken care of, else what is set once there may be room. In the stream's loop only."""

    def end(self, error: Exception | None) -> None: ...


class Buffers:
    """The buffers of iterators that anybody still has. `holding` is told how long each event waited for room."""

    def __init__(self, holding: Holding) -> None:
        self._holding = holding
        self._begin()
        let_go_when_forked(self)

    def after_fork(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._attached: tuple[weakref.ref[EventBuffer], ...] = ()
        self._lock = threading.Lock()

    def attach(self, buffer: EventBuffer) -> None:
        """Put every event into `buffer` from now on, after the handlers have seen it, as long as anybody has it."""
        with self._lock:
            self._attached = (*self._attached, weakref.ref(buffer))

    def detach(self, buffer: EventBuffer) -> None:
        with self._lock:
            self._attached = tuple(kept for kept in self._attached if kept() not in {None, buffer})

    async def put(self, event: Event) -> None:
        """Into each buffer, once there is room."""
        for reference in self._attached:
            await self._put(event, reference)

    def end(self, error: Exception | None) -> None:
        """End every iterator; `error` is what it raises."""
        with self._lock:
            attached, self._attached = self._attached, ()
        for reference in attached:
            if (buffer := reference()) is not None:
                buffer.end(error)

    async def _put(self, event: Event, reference: "weakref.ref[EventBuffer]") -> None:
        """Into the buffer, once there is room; an iterator that is gone meanwhile needs it no more."""
        began = monotonic()
        while (buffer := reference()) is not None and (room := buffer.offer(event)) is not None:
            del buffer
            with suppress(TimeoutError):
                await asyncio.wait_for(room.wait(), LOOK_AGAIN_SECONDS)
        self._holding.add("an iterator over events() that is not read", monotonic() - began)
