"""When a full session is open, on the clocks of the exchange."""

from msgspec import Struct


class OpeningHours(Struct, frozen=True):
    """In seconds after midnight. Prices move, and the time of options passes, from `opening` to `close`."""

    opening: int
    close: int
