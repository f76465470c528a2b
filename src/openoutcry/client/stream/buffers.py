"""The stream's side of iterators over events. It puts each event into every buffer and waits while one is full."""

import asyncio
import threading
import weakref
from contextlib import suppress
from typing import Protocol

from openoutcry.client.events import Event
from openoutcry.client.forks import let_go_when_forked
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.holding import Holding


class EventBuffer(Protocol):
    """A buffer, as the stream uses it."""

    def offer(self, event: Event) -> asyncio.Event | None:
        """Take the event, or return what is set once there may be room for it. Called in the stream's loop only."""

    def end(self, error: Exception | None) -> None: ...


class Buffers:
    """The buffers of all iterators that still exist. `holding` counts how long events wait for room in them."""

    def __init__(self, holding: Holding, settings: ClientSettings) -> None:
        self._holding = holding
        self._settings = settings
        self._begin()
        let_go_when_forked(self)

    def after_fork(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._attached: tuple[weakref.ref[EventBuffer], ...] = ()
        self._lock = threading.Lock()

    def attach(self, buffer: EventBuffer) -> None:
        """From now on put every event into `buffer`, after the handlers. The reference to it is weak."""
        with self._lock:
            self._attached = (*self._attached, weakref.ref(buffer))

    def detach(self, buffer: EventBuffer) -> None:
        with self._lock:
            self._attached = tuple(kept for kept in self._attached if kept() not in {None, buffer})

    async def put(self, event: Event) -> None:
        """Put the event into each buffer, and wait for room where there is none."""
        for reference in self._attached:
            await self._put(event, reference)

    def end(self, error: Exception | None) -> None:
        """End every iterator. Each raises `error`, if there is one."""
        with self._lock:
            attached, self._attached = self._attached, ()
        for reference in attached:
            if (buffer := reference()) is not None:
                buffer.end(error)

    async def _put(self, event: Event, reference: "weakref.ref[EventBuffer]") -> None:
        """Put the event into one buffer once there is room, unless its iterator is dropped meanwhile."""
        look_again_seconds, monotonic = self._settings.look_again_seconds, self._settings.monotonic
        began = monotonic()
        while (buffer := reference()) is not None and (room := buffer.offer(event)) is not None:
            del buffer
            with suppress(TimeoutError):
                await asyncio.wait_for(room.wait(), look_again_seconds)
        self._holding.add("an iterator over events() that is not read", monotonic() - began)
