"""Market data read on many WebSockets at once, while one connection trades as fast as it gets answers."""

import select
from collections.abc import Sequence
from time import perf_counter_ns

from openoutcry.bench.load.closed_loop import Client
from openoutcry.bench.load.http_connection import ANSWER_SECONDS, UnexpectedAnswer
from openoutcry.bench.load.websocket_reader import WebSocketReader
from openoutcry.bench.measures import Load
from openoutcry.bench.servers import Server


def measure_fan_out(
    server: Server, readers: Sequence[WebSocketReader], trader: Client | None, seconds: float
) -> tuple[Load, int]:
    """Messages that arrive on all readers together within `seconds`, and orders answered in that time.

    `trader` is None if the server sends without orders. The first tenth of the time is not counted.
    """
    poll = select.epoll()
    by_descriptor = {reader.descriptor: reader for reader in readers}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    connection = None if trader is None else trader.connection
    if trader is not None and connection is not None:
        poll.register(connection.descriptor, select.EPOLLIN)
        connection.send(trader.next_request(trader.answer))
    length = int(seconds * 1e9)
    now = perf_counter_ns()
    counted_from = now + length // 10
    ends = counted_from + length
    counting = is_answered = False
    messages = orders = worked = 0
    used_before: float | None = None
    while now < ends or not (is_answered or connection is None):
        ready = poll.poll(0)
        for descriptor, _ in ready:
            reader = by_descriptor.get(descriptor)
            if reader is not None:
                messages += len(reader.messages())
            elif trader is not None and connection is not None:
                for trader.answer in connection.answers():
                    orders += 1
                    is_answered = now >= ends
                    if not is_answered:
                        connection.send(trader.next_request(trader.answer))
        before, now = now, perf_counter_ns()
        if ready:
            worked += now - before
        if now - ends > ANSWER_SECONDS * 1e9:
            raise UnexpectedAnswer("an order was not answered")
        if not counting and now >= counted_from:
            counting, counted_from, ends = True, now, now + length
            messages = orders = worked = 0
            used_before = server.processor_seconds
    used_after = server.processor_seconds
    poll.close()
    used = None if used_before is None or used_after is None else used_after - used_before
    return Load(messages, (now - counted_from) / 1e9, used, worked / (now - counted_from)), orders


def drain(readers: Sequence[WebSocketReader], silence_seconds: float, at_most_seconds: float = ANSWER_SECONDS) -> None:
    """Read and drop messages until none has arrived for a while. Raises `UnexpectedAnswer`."""
    gives_up = perf_counter_ns() + int(at_most_seconds * 1e9)
    poll = select.epoll()
    by_descriptor = {reader.descriptor: reader for reader in readers}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    while ready := poll.poll(silence_seconds):
        for descriptor, _ in ready:
            by_descriptor[descriptor].messages()
        if perf_counter_ns() > gives_up:
            raise UnexpectedAnswer(f"messages still came {at_most_seconds} s after the last order")
    poll.close()
