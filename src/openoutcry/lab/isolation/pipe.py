"""Messages over a pair of pipes: each with its length before it."""

import os
from typing import Final

_LENGTH: Final = 4
LARGEST: Final = 64 << 20
"""Bytes of one message."""
PIPE_CLOSED: Final = 70
"""The exit code of a bot's process that can no longer speak with the exchange's."""
_AT_ONCE: Final = 1 << 16


class Closed(Exception):  # noqa: N818 - named for what it means
    """The other side is gone, or what it says is none of this protocol."""


class Pipe:
    def __init__(self, reading: int, writing: int) -> None:
        """Two open file descriptors."""
        self._reading = reading
        self._writing = writing

    def send(self, message: bytes) -> None:
        """Raises `Closed`."""
        left = memoryview(len(message).to_bytes(_LENGTH, "big") + message)
        try:
            while left:
                left = left[os.write(self._writing, left) :]
        except OSError as error:
            raise Closed(str(error)) from None

    def receive(self) -> bytes:
        """Waits for a message. Raises `Closed`."""
        try:
            first = os.read(self._reading, _AT_ONCE)
            while 0 < len(first) < _LENGTH:
                more = os.read(self._reading, _AT_ONCE)
                if not more:
                    break
                first += more
            length = int.from_bytes(first[:_LENGTH], "big")
            if len(first) < _LENGTH:
                raise Closed("it has ended")
            if length > LARGEST:
                raise Closed(f"a message of {length:,} bytes is longer than {LARGEST:,}")
            if len(first) == _LENGTH + length:
                return first[_LENGTH:]
            return self._rest(bytearray(first[_LENGTH:]), length)
        except OSError as error:
            raise Closed(str(error)) from None

    def close(self) -> None:
        os.close(self._reading)
        os.close(self._writing)

    def _rest(self, message: bytearray, length: int) -> bytes:
        while len(message) < length:
            more = os.read(self._reading, min(_AT_ONCE, length - len(message)))
            if not more:
                raise Closed("it has ended within a message")
            message += more
        if len(message) > length:
            raise Closed("it said more than it was asked")
        return bytes(message)
