"""The handlers that a bot may define, and which it does."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from msgspec import Struct

from openoutcry.client.events import EVENT_TYPES

ABOUT_THE_CONNECTION: Final = frozenset({"heartbeat", "ack", "error"})
"""Types of messages that the client deals with by itself. No bot is told."""

OF_MESSAGES: Final = {f"on_{kind}": kind for kind in EVENT_TYPES if kind not in ABOUT_THE_CONNECTION}
"""Each handler of a message with the message's type."""

OTHERS: Final = frozenset({"on_start", "on_stop", "on_timer", "on_book", "on_refused", "on_event"})

CHANNELS: Final = {
    "on_book": "book:*",
    "on_book_snapshot": "book:*",
    "on_book_update": "book:*",
    "on_top_of_book": "top:*",
    "on_trade": "trades:*",
    "on_greeks": "greeks:*",
    "on_auction_indicative": "auction:*",
    "on_leaderboard": "leaderboard",
}
"""The channel that brings what a handler is called with. What is not here comes to every bot."""

ALWAYS: Final = ("market", "underlyings")
"""Channels that every bot reads: phases, news, instruments, and the prices that tell market time."""


class Handled(Struct, frozen=True):
    """What a class of bots handles."""

    names: frozenset[str]
    channels: tuple[str, ...]
    """Those that it reads, in order."""


def handled_by(kind: type, root: type, more: Iterable[str]) -> Handled:
    """The handlers that the class `kind` defines, those of the class `root` left out, and the channels that it reads:
    those of its handlers and `more`.
    """
    names = frozenset(
        name for name in (*OF_MESSAGES, *OTHERS) if getattr(kind, name, None) is not getattr(root, name, None)
    )
    wanted = (*ALWAYS, *(channel for name, channel in CHANNELS.items() if name in names), *more)
    return Handled(names, tuple(dict.fromkeys(wanted)))


def check_names(kind: type) -> None:
    """Raises `TypeError` if the class defines a method that looks like a handler and is none."""
    for name in vars(kind):
        if name.startswith("on_") and name not in OF_MESSAGES and name not in OTHERS:
            near = get_close_matches(name, (*OF_MESSAGES, *OTHERS), n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise TypeError(
                f"{kind.__name__}.{name} is no handler{meant} A bot's handlers are"
                f" {', '.join(sorted((*OF_MESSAGES, *OTHERS)))}; another method must not begin with on_"
            )
