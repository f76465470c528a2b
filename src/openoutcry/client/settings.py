"""What a client has a bound for, its clock and its entropy. Only tests and proofs give other values."""

import secrets
import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct

Entropy = Callable[[int], bytes]
"""So many random bytes. Called in any thread.

A forked process must not draw the bytes of its parent, so a seeded source is for one process.
"""


class ClientSettings(Struct, frozen=True, kw_only=True):
    """The limits of one client, each with what happens at it, and the sources that it reads."""

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
    entropy: Entropy = secrets.token_bytes
    """What ids, the names of unfinished key files and the pauses between connections are drawn from."""


DEFAULT_SETTINGS: Final = ClientSettings()
