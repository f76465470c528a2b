"""A closed loop: each connection sends its next request after the answer, as a bot waits for its verdict."""

import select
from collections.abc import Sequence
from time import perf_counter_ns

from msgspec import Struct

from openoutcry.bench.load.http_connection import ANSWER_SECONDS, HttpConnection, UnexpectedAnswer
from openoutcry.bench.load.orders import Requests
from openoutcry.bench.measures import Load
from openoutcry.bench.servers import Server


class Client(Struct):
    """One connection, its requests and the last answer. The next request may depend on that answer."""

    connection: HttpConnection
    next_request: Requests
    answer: bytes = b""


def measure_round_trips(client: Client, count: int) -> list[int]:
    """Latencies of one connection with one request at a time, in nanoseconds. The generator sleeps while it waits."""
    ask, next_request = client.connection.ask, client.next_request
    round_trips = []
    for _ in range(count):
        request = next_request(client.answer)
        sent_at = perf_counter_ns()
        client.answer = ask(request)
        round_trips.append(perf_counter_ns() - sent_at)
    return round_trips


def measure_throughput(clients: Sequence[Client], seconds: float, server: Server) -> Load:
    """Requests answered on all connections together. Each has one request in flight at any time.

    The generator never sleeps. Waking it would cost the server's core time, and more for a slower server.
    """
    poll = select.epoll()
    by_descriptor = {client.connection.descriptor: client for client in clients}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    answered = worked = 0
    in_flight = len(clients)
    used_before = server.processor_seconds
    started = now = perf_counter_ns()
    ends = started + int(seconds * 1e9)
    for client in clients:
        client.connection.send(client.next_request(client.answer))
    while in_flight:
        ready = poll.poll(0)
        for descriptor, _ in ready:
            client = by_descriptor[descriptor]
            for answer in client.connection.answers():
                answered += 1
                client.answer = answer
                if now < ends:
                    client.connection.send(client.next_request(answer))
                else:
                    in_flight -= 1
        before, now = now, perf_counter_ns()
        if ready:
            worked += now - before
        elif now - ends > ANSWER_SECONDS * 1e9:
            raise UnexpectedAnswer(f"{in_flight} requests were not answered in {ANSWER_SECONDS} s")
    poll.close()
    used_after = server.processor_seconds
    used = None if used_before is None or used_after is None else used_after - used_before
    return Load(answered, (now - started) / 1e9, used, worked / (now - started))
