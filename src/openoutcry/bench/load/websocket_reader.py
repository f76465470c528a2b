"""One WebSocket of a load generator: a plain socket that finds the frames in its bytes."""

import base64
import os
from time import monotonic
from typing import Final

from openoutcry.bench.load.http_connection import ANSWER_SECONDS, RECEIVE_BYTES, UnexpectedAnswer, open_socket

_TEXT: Final = 1
_CLOSE: Final = 8
_PING: Final = 9
_PONG_HEAD: Final = 0x8A
_NO_MASK: Final = b"\0\0\0\0"
"""Clients must mask what they send; with this key the bytes stay as they are."""


class WebSocketReader:
    """The connection is open once this is made."""

    def __init__(self, host: str, port: int, *, api_key: str | None = None, receive_buffer: int | None = None) -> None:
        """`receive_buffer`: bytes that the system keeps for a reader that does not read.

        Raises `UnexpectedAnswer`.
        """
        self.socket = open_socket(host, port, receive_buffer)
        self.descriptor = self.socket.fileno()
        self.is_open = True
        self._rest = b""
        try:
            self._shake_hands(api_key)
        except BaseException:
            self.socket.close()
            raise

    def close(self) -> None:
        self.socket.close()

    def subscribe(self, *channels: str) -> None:
        """Ask for public channels, and read until the answer is there. Raises `UnexpectedAnswer`."""
        listed = ",".join(f'"{channel}"' for channel in channels)
        self._send(0x81, f'{{"op":"subscribe","channels":[{listed}]}}'.encode())
        self.read_until(b'"type":"ack"')

    def read_until(self, mark: bytes) -> None:
        """Read and drop messages up to one that holds `mark`. Raises `UnexpectedAnswer`."""
        gives_up = monotonic() + ANSWER_SECONDS
        messages = self._complete_in(b"")  # the first may have come with the handshake
        while True:
            if any(mark in message for message in messages):
                return
            if not self.is_open:
                raise UnexpectedAnswer(f"the server closed the stream before {mark!r}: {messages}")
            if monotonic() > gives_up:
                raise UnexpectedAnswer(f"{mark!r} did not come on a stream in {ANSWER_SECONDS} s")
            messages = self.messages()

    def messages(self) -> list[bytes]:
        """Read once. Returns every message that is now complete. Pings are answered; a close frame ends the reading.

        Raises `UnexpectedAnswer` once the stream has ended, because no message can arrive any more.
        """
        if not self.is_open:
            raise UnexpectedAnswer("the server ended a stream")
        data = self.socket.recv(RECEIVE_BYTES)
        if not data:
            self.is_open = False
        return self._complete_in(data)

    def _complete_in(self, data: bytes) -> list[bytes]:
        """The frames in the earlier rest and `data`. An incomplete frame becomes the new rest."""
        if self._rest:
            data = self._rest + data
        found = []
        at, end = 0, len(data)
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[start : start + 2]), start + 2
            elif length == 127:
                length, start = int.from_bytes(data[start : start + 8]), start + 8
            stop = start + length
            if stop > end or start > end:
                break
            operation = data[at] & 0x0F
            if operation == _TEXT:
                found.append(data[start:stop])
            elif operation == _PING:
                self._send(_PONG_HEAD, data[start:stop])
            elif operation == _CLOSE:
                self.is_open = False
            at = stop
        self._rest = data[at:]
        return found

    def _shake_hands(self, api_key: str | None) -> None:
        key = "" if api_key is None else f"X-API-Key: {api_key}\r\n"
        nonce = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ws HTTP/1.1\r\nHost: exchange\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n{key}\r\n".encode()
        )
        while b"\r\n\r\n" not in self._rest:
            data = self.socket.recv(RECEIVE_BYTES)
            if not data:
                raise UnexpectedAnswer("the server hung up in the handshake")
            self._rest += data
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            raise UnexpectedAnswer(head.decode("utf-8", "replace"))

    def _send(self, head: int, payload: bytes) -> None:
        length = len(payload)
        size = bytes([head, 0x80 | length]) if length < 126 else bytes([head, 0x80 | 126]) + length.to_bytes(2)
        self.socket.sendall(size + _NO_MASK + payload)
