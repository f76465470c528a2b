"""A forked process leaves the connections and threads of its parent alone, and makes its own when it needs them.

Two processes that read from one socket get each other's answers. So the child drops what it shares with its parent,
before any other code of the child runs. The parent is not affected.
"""

import os
from contextlib import suppress
from typing import Any, Final, Protocol
from weakref import WeakSet


class Inherited(Protocol):
    """Part of a client that holds connections, threads or locks."""

    def after_fork(self) -> None:
        """Drop what belongs to the parent. Called in the child, whose only thread is the one that forked."""


_parts: Final[WeakSet[Inherited]] = WeakSet()
_left_behind: Final[list[Any]] = []


def let_go_when_forked(part: Inherited) -> None:
    """Call `part.after_fork()` in each process that is forked while `part` exists."""
    _parts.add(part)


def drop_sockets(*descriptors: int) -> None:
    """Point these descriptors of the child at the null device. The numbers stay taken by the objects that hold them."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        with suppress(OSError):
            os.dup2(nowhere, descriptor)
    os.close(nowhere)


def leave_behind(*things: object) -> None:
    """Keep objects that belong to an event loop of the parent, so that no finalizer of theirs runs in the child."""
    _left_behind.extend(things)


def _let_go() -> None:
    for part in list(_parts):
        part.after_fork()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_let_go)
