"""One keep-alive HTTP connection of a load generator. It sends request bytes and reads only the length of answers.

It is a plain socket without a parser, because work of the generator takes time from the server.
"""

import socket
import struct
from collections.abc import Iterator
from typing import Final

from openoutcry.bench.failures import MeasurementFailed

RECEIVE_BYTES: Final = 65_536
ANSWER_SECONDS: Final = 30

_CONTENT_LENGTH: Final = b"content-length: "
_HEAD_END: Final = b"\r\n\r\n"


class UnexpectedAnswer(MeasurementFailed):
    """An answer other than 200, or none, so the measurement is not valid. The text holds the answer."""


def open_socket(host: str, port: int, receive_buffer: int | None = None) -> socket.socket:
    """A connected, blocking socket. A read or a send that waits longer than `ANSWER_SECONDS` fails.

    `receive_buffer`: bytes that the system keeps for a reader that does not read.
    """
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if receive_buffer is not None:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    opened.settimeout(ANSWER_SECONDS)
    opened.connect((host, port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Python's own timeout costs a system call before each read; the system's is free.
    opened.settimeout(None)
    for waits in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        opened.setsockopt(socket.SOL_SOCKET, waits, struct.pack("ll", ANSWER_SECONDS, 0))
    return opened


class HttpConnection:
    """A connection. Requests can be sent before earlier ones are answered. Answers arrive in order."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = open_socket(host, port)
        self.descriptor = self.socket.fileno()
        self.send = self.socket.sendall
        self._port = port
        self._rest = b""

    def close(self) -> None:
        self.socket.close()

    def answers(self) -> Iterator[bytes]:
        """Read once. Returns every answer that is now complete, head and body. Raises `UnexpectedAnswer`."""
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            raise UnexpectedAnswer(f"the server on port {self._port} hung up")
        if self._rest:
            data = self._rest + data
        while True:
            head_end = data.find(_HEAD_END)
            if head_end < 0:
                break
            length_at = data.index(_CONTENT_LENGTH) + len(_CONTENT_LENGTH)
            end = head_end + 4 + int(data[length_at : data.index(b"\r", length_at)])
            if len(data) < end:
                break
            if not data.startswith(b"HTTP/1.1 200"):
                raise UnexpectedAnswer(data.decode("utf-8", "replace"))
            if len(data) == end:
                self._rest = b""
                yield data
                return
            answer, data = data[:end], data[end:]
            yield answer
        self._rest = data

    def ask(self, request: bytes) -> bytes:
        """Send one request and wait for its answer."""
        self.send(request)
        while True:
            for answer in self.answers():
                return answer
