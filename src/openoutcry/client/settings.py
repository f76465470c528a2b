"""What a client has a bound for, and the clock that it measures by. Only tests give other values."""

import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct


class ClientSettings(Struct, frozen=True, kw_only=True):
    """The limits of one client. Each says what happens at it."""

    max_waiting_bytes: int = 32 * 1024 * 1024
    """How many bytes of messages may wait for the handlers: about 100,000 messages. The message that exceeds the bound
    is still delivered, but the connection is given up. The next is made after the handlers have seen all that waited.
    """
    max_buffered_events: int = 10_000
    """How many events may wait for one iterator. Beyond it the stream waits too."""
    look_again_seconds: float = 1.0
    """How often a stream that waits for an iterator checks whether that still exists."""
    join_seconds: float = 5.0
    """How long `close` waits for a thread. It does not wait longer for a handler that does not return."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds that never go back: how long handlers hold the stream up, and how long iterators wait."""


DEFAULT_SETTINGS: Final = ClientSettings()
