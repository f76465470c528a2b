"""Why the exchange ends a connection."""

from msgspec import Struct


class Closing(Struct, frozen=True):
    code: int
    reason: str
