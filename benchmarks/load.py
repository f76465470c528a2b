"""A load generator on plain sockets: request bytes made beforehand, answers only measured and counted.

Closed loop: each connection sends its next request when it has its answer, as a bot does that waits for its verdict.
"""

import select
import socket
import struct
from collections.abc import Sequence
from itertools import cycle
from time import perf_counter_ns
from typing import Final

from msgspec import Struct

RECEIVE_BYTES: Final = 65_536
ANSWER_SECONDS: Final = 30

_CONTENT_LENGTH: Final = b"content-length: "


class UnexpectedAnswer(Exception):  # noqa: N818 - what happened, named
    """An answer other than 200: what is measured would not be what is claimed. The text holds the answer."""


class Throughput(Struct, frozen=True):
    requests: int
    seconds: float
    generator_waits: float
    """Share of the generator's looks for answers that found none: near 0, it is the bottleneck."""

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Connection:
    """One keep-alive connection that sends its requests over and over again, one at a time."""

    def __init__(self, host: str, port: int, requests: Sequence[bytes]) -> None:
        self.socket = socket.create_connection((host, port), ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Python's own timeout costs a system call before each read; the system's is free.
        self.socket.settimeout(None)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", ANSWER_SECONDS, 0))
        self._requests = cycle(requests)
        self._received = b""

    def send(self) -> None:
        self.socket.sendall(next(self._requests))

    def receive(self) -> bool:
        """Read what is there; whether the answer is complete now. Raises `UnexpectedAnswer`."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise UnexpectedAnswer("the server hung up")
        if self._received:
            data = self._received + data
        head_end = data.find(b"\r\n\r\n")
        if head_end < 0:
            self._received = data
            return False
        start = data.index(_CONTENT_LENGTH) + len(_CONTENT_LENGTH)
        length = int(data[start : data.index(b"\r", start)])
        if len(data) < head_end + 4 + length:
            self._received = data
            return False
        if not data.startswith(b"HTTP/1.1 200"):
            raise UnexpectedAnswer(data.decode("utf-8", "replace"))
        self._received = b""
        return True


def measure_latency(connection: Connection, requests: int) -> list[int]:
    """Round trips of one connection, in nanoseconds."""
    latencies = []
    for _ in range(requests):
        sent_at = perf_counter_ns()
        connection.send()
        while not connection.receive():
            pass
        latencies.append(perf_counter_ns() - sent_at)
    return latencies


def measure_throughput(connections: Sequence[Connection], seconds: float) -> Throughput:
    """Requests answered on all connections together, each with one request in flight at any time.

    The generator never sleeps: to wake it would be work for the server's core, and the more so the slower the server.
    """
    poll = select.epoll()
    by_descriptor = {connection.socket.fileno(): connection for connection in connections}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
    answered = looks = empty_looks = 0
    in_flight = len(connections)
    started = ended = perf_counter_ns()
    ends = started + int(seconds * 1e9)
    for connection in connections:
        connection.send()
    while in_flight:
        ready = poll.poll(0)
        looks += 1
        empty_looks += not ready
        for descriptor, _ in ready:
            connection = by_descriptor[descriptor]
            if connection.receive():
                answered += 1
                if ended < ends:
                    connection.send()
                else:
                    in_flight -= 1
        ended = perf_counter_ns()
        if ended - ends > ANSWER_SECONDS * 1e9:
            raise UnexpectedAnswer(f"{in_flight} requests were not answered in {ANSWER_SECONDS} s")
    poll.close()
    return Throughput(answered, (ended - started) / 1e9, empty_looks / looks)
