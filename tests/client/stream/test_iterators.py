"""Iterators over events: their buffers are bounded, and no event is lost."""

import asyncio

import pytest
from client_stage import until

from openoutcry.client import RawEvent
from openoutcry.client.settings import ClientSettings
from openoutcry.client.stream.iterators import Events, ThreadedEvents

EVENT = RawEvent("news", {})
MAX_EVENTS = 100


async def started():
    return None


def make(kind, detached=lambda _buffer: None):
    settings = ClientSettings(max_buffered_events=MAX_EVENTS)
    return Events(started, detached, None, settings) if kind == "async" else ThreadedEvents(detached, None, settings)


async def put(events, event):
    """Put an event into the buffer as the stream does."""
    while (room := events.offer(event)) is not None:
        await room.wait()


async def take(events):
    return await anext(events) if isinstance(events, Events) else await asyncio.to_thread(next, events, None)


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_full_buffer_makes_the_stream_wait_until_one_is_taken(kind):
    events = make(kind)
    for _ in range(MAX_EVENTS):
        await put(events, EVENT)
    last = RawEvent("last", {})
    putting = asyncio.ensure_future(put(events, last))
    await asyncio.sleep(0)
    assert not putting.done()
    assert await take(events) is EVENT
    await putting
    taken = [await take(events) for _ in range(MAX_EVENTS)]
    assert taken[-1] is last


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_closing_frees_a_stream_that_waits(kind):
    detached = []
    events = make(kind, detached.append)
    for _ in range(MAX_EVENTS):
        await put(events, EVENT)
    putting = asyncio.ensure_future(put(events, EVENT))
    await asyncio.sleep(0)
    assert not putting.done()
    events.close()
    await putting
    assert detached == [events]
    await put(events, EVENT)


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_what_waits_is_delivered_before_the_error_that_ended_the_stream(kind):
    events = make(kind)
    await put(events, EVENT)
    events.end(RuntimeError("the end"))
    assert await take(events) is EVENT
    with pytest.raises(RuntimeError, match="the end"):
        await take(events)


async def test_a_waiting_reader_wakes_at_the_end():
    events = make("async")
    reading = asyncio.ensure_future(take(events))
    threaded = make("sync")
    reading_threaded = asyncio.ensure_future(take(threaded))
    await until(lambda: True)
    events.end(None)
    threaded.end(None)
    with pytest.raises(StopAsyncIteration):
        await reading
    assert await reading_threaded is None
