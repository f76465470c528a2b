"""A process that is forked off leaves its parent's connections and threads alone, and has its own when it needs them.

What both would use is let go in the child, before any of its code runs: two processes that read from one socket get
each other's answers. The parent notices nothing.
"""

import os
from contextlib import suppress
from typing import Any, Final, Protocol
from weakref import WeakSet


class Inherited(Protocol):
    """Part of a client that holds connections, threads or locks."""

    def after_fork(self) -> None:
        """Called in the child, whose only thread is the one that forked."""


_parts: Final[WeakSet[Inherited]] = WeakSet()
_left_behind: Final[list[Any]] = []


def let_go_when_forked(part: Inherited) -> None:
    """Call `part.after_fork()` in each process that is forked off while `part` lives."""
    _parts.add(part)


def drop_sockets(*descriptors: int) -> None:
    """The child's ends of these sockets now lead nowhere; the numbers stay taken, by whoever has them."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        with suppress(OSError):
            os.dup2(nowhere, descriptor)
    os.close(nowhere)


def leave_behind(*things: object) -> None:
    """Keep what belongs to a loop of the parent's, so that nothing is done to it when it would be collected."""
    _left_behind.extend(things)


def _let_go() -> None:
    for part in list(_parts):
        part.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, where no process is forked
    os.register_at_fork(after_in_child=_let_go)
