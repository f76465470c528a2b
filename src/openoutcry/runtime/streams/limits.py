"""What streams may hold, and what happens when they hold as much. Tests give an exchange other values."""

from typing import Final

from msgspec import Struct


class StreamLimits(Struct, frozen=True, kw_only=True):
    """The limits of all streams of one exchange."""

    max_connections: int = 4_096
    """WebSocket connections in all; the next one is turned away."""
    private_backlog_bytes: int = 4 * 1024 * 1024
    """What may wait of the live private stream and of answers; past it the connection is closed and resumes."""
    book_backlog_bytes: int = 512 * 1024
    """Book updates that may wait for a connection; past it they are dropped, and a snapshot of each book follows."""
    kept_backlog_bytes: int = 1024 * 1024
    """Trades and market messages that may wait for a connection; past it the connection is closed as too slow."""
    recent_events: int = 1_024
    """Number of newest events of a team that are read from memory; older ones come from its log on disk."""
    read_bytes: int = 64 * 1024
    """Bytes that a connection takes at once, and so all that a replay of any length holds in memory."""
    max_unwritten_bytes: int = 64 * 1024 * 1024
    """Events of all teams that wait in memory while the disk refuses them; past it no command is taken."""


DEFAULT_LIMITS: Final = StreamLimits()
