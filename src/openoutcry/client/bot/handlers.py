"""The handlers that a bot may define, and which it does."""

from collections.abc import Iterable
from difflib import get_close_matches
from inspect import isasyncgenfunction, isgeneratorfunction, signature
from typing import Final

from msgspec import Struct

from openoutcry.client.events import EVENT_TYPES
from openoutcry.protocol.channels import CHANNELS_OFFERED, parse_channel

ABOUT_THE_CONNECTION: Final = frozenset({"heartbeat", "ack", "error"})
"""Types of messages that the client deals with by itself. No bot is told."""

OF_MESSAGES: Final = {f"on_{kind}": kind for kind in EVENT_TYPES if kind not in ABOUT_THE_CONNECTION}
"""Each handler of a message with the message's type."""

OTHERS: Final = frozenset({"on_start", "on_stop", "on_timer", "on_book", "on_refused", "on_event"})

WITHOUT_MESSAGE: Final = frozenset({"on_start", "on_stop", "on_timer"})
"""Those that are called with nothing."""

OF_BOOKS: Final = frozenset({"on_book_snapshot", "on_book_update"})
"""What `on_book` stands for."""

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

    Channels of single instruments in `more`, such as `book:SPY`, stand in place of those of all instruments that a
    handler reads.
    """
    names = frozenset(
        name for name in (*OF_MESSAGES, *OTHERS) if getattr(kind, name, None) is not getattr(root, name, None)
    )
    more = tuple(more)
    chosen = {channel.partition(":")[0] for channel in more}
    of_handlers = (
        channel for name, channel in CHANNELS.items() if name in names and channel.partition(":")[0] not in chosen
    )
    return Handled(names, tuple(dict.fromkeys((*ALWAYS, *of_handlers, *more))))


def check_class(kind: type, root: type) -> None:
    """Raises `TypeError` if the class `kind` defines a method that looks like a handler and is none, a handler that
    cannot be called with its message, or something else that `root` says in another way.
    """
    for name in dict.fromkeys(name for each in kind.__mro__ if each not in root.__mro__ for name in vars(each)):
        if name.startswith("on_") and callable(getattr(kind, name)):
            _check_handler(kind, name)
    channels = getattr(kind, "channels")  # noqa: B009 - of any class here
    if isinstance(channels, str):
        raise TypeError(f'{kind.__name__}.channels is a text: it must be a tuple, such as ("{channels}",)')
    for channel in channels:
        if not isinstance(channel, str) or parse_channel(channel) is None:
            raise TypeError(f"{kind.__name__}.channels: there is no channel {channel!r}; there are {CHANNELS_OFFERED}")


def is_generator(function: object) -> bool:
    """Whether calling the function runs nothing of it, and gives what could be iterated."""
    return isgeneratorfunction(function) or isasyncgenfunction(function)


def _check_handler(kind: type, name: str) -> None:
    every = (*OF_MESSAGES, *OTHERS)
    if name not in every:
        near = get_close_matches(name, every, n=1)
        meant = f"; did you mean {near[0]}?" if near else "."
        raise TypeError(
            f"{kind.__name__}.{name} is no handler{meant} A bot's handlers are {', '.join(sorted(every))};"
            " another method must not begin with on_"
        )
    if is_generator(getattr(kind, name)):
        raise TypeError(f"{kind.__name__}.{name} has a yield, with which nothing of it would ever run: await instead")
    arguments = () if name in WITHOUT_MESSAGE else ("message",)
    try:
        signature(getattr(kind, name)).bind(kind, *arguments)
    except TypeError as error:
        takes = "nothing but self" if name in WITHOUT_MESSAGE else "self and the message"
        raise TypeError(f"{kind.__name__}.{name} must take {takes}: {error}") from None
