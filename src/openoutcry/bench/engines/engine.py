"""The interface that the bench needs of a matching engine, and its timing."""

from collections.abc import Callable, Sequence
from time import process_time
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.bench.engines.flow import Flow, Message

PIECE: Final = 500
"""Messages between two looks at the clock."""

FILLING_FACTOR: Final = 5
"""How many times longer filling the book may take than the messages, before an engine counts as too slow."""


class Engine(Protocol):
    """A book that plays messages in a loop of its own. A shared loop would cost the fastest engine most."""

    def play(self, messages: Sequence[Message]) -> None: ...

    def fills(self) -> int:
        """Trades made since the beginning, one for each resting order that was taken."""


class Played(Struct, frozen=True):
    """The result of an engine. `seconds` are processor time, so other work of the machine does not count."""

    messages: int
    seconds: float
    is_complete: bool
    """Whether the whole flow was played. False if the time ran out before."""

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds


class OtherTrades(Exception):  # noqa: N818 - what happened, named
    """The engine's trades are not those of the flow."""


class TooSlow(Exception):  # noqa: N818 - what happened, named
    """The engine did not fill the book in its time."""


def play_flow(make_engine: Callable[[], Engine], flow: Flow, seconds: float | None) -> Played:
    """Fill a new book, then time the messages, for at most `seconds`. None sets no limit.

    Raises `TooSlow`, `OtherTrades`.
    """
    engine = make_engine()
    filled = _play(engine, flow.filling, None if seconds is None else FILLING_FACTOR * seconds)
    if not filled.is_complete:
        raise TooSlow(f"{filled.messages:,} of {flow.depth:,} orders in {filled.seconds:.0f} s of filling the book")
    played = _play(engine, flow.messages, seconds)
    if played.is_complete and engine.fills() != flow.fills:
        raise OtherTrades(f"made {engine.fills():,} trades where price-time priority makes {flow.fills:,}")
    return played


def _play(engine: Engine, messages: Sequence[Message], seconds: float | None) -> Played:
    piece = PIECE if seconds is not None else len(messages)
    done = 0
    used = 0.0
    while done < len(messages) and (seconds is None or used < seconds):
        some = messages[done : done + piece]
        started = process_time()
        engine.play(some)
        used += process_time() - started
        done += len(some)
    return Played(done, used, done == len(messages))
