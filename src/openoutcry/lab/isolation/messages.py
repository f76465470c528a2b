"""What an exchange and a bot's process tell each other: turns one way, what the bot did in them the other.

Both sides are of the same version and of the same machine.
"""

from typing import Any

import msgspec
from msgspec import Struct, field

from openoutcry.client.bot.line import Standing, Verdict
from openoutcry.domain.types import TimestampUs
from openoutcry.lab.isolation.limits import Limits

# ---- to the bot's process


class Start(Struct, frozen=True):
    """The first message."""

    bot: str
    """Its file, an absolute path; with `:Name` where the file defines several."""
    limits: Limits
    hidden: tuple[str, ...] = ()
    """Files and folders that the bot's code may not read, as real paths."""
    clock_shift_seconds: float = 0.0
    """By how much the clocks that the bot's code can read are to be wrong."""


class Begin(Struct, frozen=True, tag=True):
    standing: Standing
    order_prefix: str
    rng: str
    """The seed of the bot's random numbers."""
    log_level: int


class Messages(Struct, frozen=True, tag=True):
    """Of the stream, in JSON, as they arrived together."""

    messages: list[bytes]


class Answered(Struct, frozen=True, tag=True):
    number: int
    """Of the question."""
    verdict: Verdict


class Ring(Struct, frozen=True, tag=True):
    number: int
    """Of the timer, or of the call that was to be soon."""


class End(Struct, frozen=True, tag=True):
    """Be told `on_stop`, and end."""


class Report(Struct, frozen=True, tag=True):
    """Say how things stand. It is no part of the bot's life."""


Happening = Begin | Messages | Answered | Ring | End | Report


class Turn(Struct, frozen=True, array_like=True):
    time: TimestampUs
    is_alone: bool
    """Whether nothing else waits to be done at the exchange, so that the bot's process may do all that is soon."""
    happening: Happening


# ---- from the bot's process


class Ready(Struct, frozen=True, tag=True):
    """The bot's class is loaded, and made."""

    name: str
    role: str | None
    file: str


class Unusable(Struct, frozen=True, tag=True):
    """There is no bot; the text says why."""

    text: str


class Asked(Struct, frozen=True, tag=True, array_like=True):
    number: int
    question: msgspec.Raw


class Hearing(Struct, frozen=True, tag=True, array_like=True):
    """What follows was done while the bot was told this message of the turn's."""

    place: int


class Subscribed(Struct, frozen=True, tag=True, array_like=True):
    channels: list[str]


class TimerSet(Struct, frozen=True, tag=True, array_like=True):
    number: int
    seconds: float


class TimerCancelled(Struct, frozen=True, tag=True, array_like=True):
    number: int


class Soon(Struct, frozen=True, tag=True, array_like=True):
    """To be called after what waits at the exchange."""

    number: int


class Logged(Struct, frozen=True, tag=True, array_like=True):
    level: int
    text: str
    market_time: str | None = None


class StopAsked(Struct, frozen=True, tag=True, array_like=True):
    reason: str


class Ended(Struct, frozen=True, tag=True, array_like=True):
    """The bot was told `on_stop`, and its orders are cancelled."""


Action = Hearing | Asked | Subscribed | TimerSet | TimerCancelled | Soon | Logged | StopAsked | Ended


class Standings(Struct, kw_only=True):
    """How the bot stands, in answer to `Report`."""

    counts: dict[str, Any]
    """The fields of `Counts`."""
    positions: dict[str, int]
    open_orders: int
    waits: str | None
    """Where an `async` handler still waits."""


class Reply(Struct, array_like=True):
    """What came of a turn, in order."""

    actions: list[Action] = field(default_factory=list)
    counted: tuple[int, int, int] = (0, 0, 0)
    """Fills, contracts and failures so far."""
    report: Standings | None = None


Hello = Ready | Unusable
