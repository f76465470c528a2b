"""What the bench asks of a matching engine, and how it is timed."""

from collections.abc import Callable, Sequence
from time import process_time
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.bench.engines.flow import Flow, Message

PIECE: Final = 500
"""Messages between two looks at the clock."""

FILLING_FACTOR: Final = 5
"""How much longer than the messages filling the book may take, before an engine is given up as too slow."""


class Engine(Protocol):
    """A book to play messages to, by a loop of the engine's own: a shared one would cost the fastest most."""

    def play(self, messages: Sequence[Message]) -> None: ...

    def fills(self) -> int:
        """Trades made since the beginning, one for each resting order that was taken."""


class Played(Struct, frozen=True):
    """How an engine did. `seconds` are of processor time: what else the machine does is not counted."""

    messages: int
    seconds: float
    is_complete: bool
    """Whether the whole flow was played, and not only what time was given for."""

    @property
    def per_second(self) -> float:
        return self.messages / self.seconds


class OtherTrades(Exception):  # noqa: N818 - what happened, named
    """The engine made other trades than the flow asks for."""


class TooSlow(Exception):  # noqa: N818 - what happened, named
    """The engine did not fill the book in its time."""


def play_flow(make_engine: Callable[[], Engine], flow: Flow, seconds: float | None) -> Played:
    """A new book filled, then the messages timed, for at most `seconds`; None: as long as it takes.

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
