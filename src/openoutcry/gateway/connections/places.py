"""Places for connections, HTTP and WebSocket together, and which connection is closed when none is left.

A connection that has shown no key is a stranger. If a new connection's address has its whole share, the oldest stranger
of that address is closed; if the exchange is full, the oldest of all. So a connection stays if it shows a key before as
many others have come after it, and clients without a key cannot keep it out.
"""

from collections.abc import Callable, Hashable
from typing import Final, Protocol

from openoutcry.gateway.http.asgi import Scope

MAX_CONNECTIONS: Final = 10_000
"""Most open connections, including WebSockets; fewer if the system allows fewer open files. At the limit strangers are
closed; if there are none, new connections are refused (503)."""

MAX_KNOWN_PER_TEAM: Final = 128
"""Connections that a team's key protects, and likewise the organiser's; further ones count as strangers."""

ORGANISER: Final = "the organiser"
"""Stands for the organiser where teams stand by their `TeamId`."""

PLACE: Final = "openoutcry.place"
"""The extension of an ASGI scope under which the connection's `Place` stands."""


class Place:
    """The place of one connection. `abort` ends that connection at once."""

    __slots__ = ("_abort", "_address", "_places", "is_known", "who")

    def __init__(self, places: "Places", address: str, abort: Callable[[], None]) -> None:
        self._places = places
        self._address = address
        self._abort = abort
        self.is_known = False
        """Whether a key protects the connection: then it is never closed to make room."""
        self.who: Hashable = None
        """The team or organiser whose key that is."""

    @property
    def address(self) -> str:
        return self._address

    def know(self, who: Hashable) -> None:
        """`who`, a team or the organiser, has shown its key on this connection."""
        if not self.is_known:
            self._places.know(self, who)

    def leave(self) -> None:
        """The connection has ended. May be called more than once."""
        self._places.leave(self)

    def give_way(self) -> None:
        self.leave()
        self._abort()


def know_client(scope: Scope, who: Hashable) -> None:
    """`who` has shown its key in the request of `scope`. Does nothing if its connection has no place."""
    place: Place | None = scope.get("extensions", {}).get(PLACE)
    if place is not None:
        place.know(who)


class TakesPlace(Protocol):
    """The protocol that takes over a connection from HTTP."""

    def take(self, place: Place) -> None:
        """Take over this place."""


class NoPlace(Exception):  # noqa: N818 - what the newcomer is told
    """All connections have shown keys; the text says whose limit is reached."""


class Places:
    """All places of a server. Every step takes constant time."""

    def __init__(self, maximum: int, per_address: int) -> None:
        self._maximum = maximum
        self._per_address = per_address
        # Dictionaries keep the order in which strangers came. They hold no address without a connection.
        self._strangers: dict[Place, None] = {}
        self._strangers_of: dict[str, dict[Place, None]] = {}
        self._counts: dict[Hashable, int] = {}
        self._known: dict[Hashable, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def enter(self, address: str, abort: Callable[[], None]) -> Place:
        """A place for a new connection; a stranger may be closed for it. Raises `NoPlace`."""
        if self._counts.get(address, 0) >= self._per_address:
            self._make_room(
                self._strangers_of.get(address),
                f"One address has at most {self._per_address} connections, and yours has that many, each with a key",
            )
        elif self._count >= self._maximum:
            self._make_room(
                self._strangers,
                f"The exchange takes {self._maximum} connections and has that many, each with a key",
            )
        place = Place(self, address, abort)
        self._count += 1
        self._counts[address] = self._counts.get(address, 0) + 1
        self._strangers[place] = None
        self._strangers_of.setdefault(address, {})[place] = None
        return place

    def know(self, place: Place, who: Hashable) -> None:
        """Protect the place, unless `who` has enough protected ones."""
        known = self._known.get(who, 0)
        if place in self._strangers and known < MAX_KNOWN_PER_TEAM:
            self._known[who] = known + 1
            place.is_known, place.who = True, who
            self._drop_stranger(place)

    def leave(self, place: Place) -> None:
        if place.is_known:
            place.is_known = False
            _count_down(self._known, place.who)
        elif place in self._strangers:
            self._drop_stranger(place)
        else:
            return
        self._count -= 1
        _count_down(self._counts, place.address)

    def _make_room(self, strangers: dict[Place, None] | None, reason: str) -> None:
        if not strangers:
            raise NoPlace(f"{reason}; close one of them, or come back later")
        next(iter(strangers)).give_way()

    def _drop_stranger(self, place: Place) -> None:
        del self._strangers[place]
        of_address = self._strangers_of[place.address]
        del of_address[place]
        if not of_address:
            del self._strangers_of[place.address]


def _count_down(counts: dict[Hashable, int], key: Hashable) -> None:
    remaining = counts[key] - 1
    if remaining:
        counts[key] = remaining
    else:
        del counts[key]
