"""Ends bots of this process whose handlers never return."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from openoutcry.client.bot.run import Run
from openoutcry.client.bot.stuck.watchdog import TakesTooLong, called_by, watched
from openoutcry.lab.session import SimulationFailed
from openoutcry.lab.virtual.time import VirtualTime

HANDLER_SECONDS: Final = 30.0
_CALLERS: Final = frozenset({VirtualTime.run.__code__, VirtualTime._leap_until.__code__})  # noqa: SLF001 - only its name


@contextmanager
def handlers_watched(seconds: float, on_stuck: Callable[[str], None]) -> Iterator[None]:
    """Raise `TakesTooLong` in a handler that takes longer than so many seconds of wall time: its bot is ended, and the
    match goes on. `on_stuck` is called, in another thread, with where it is, if that is in vain.

    A handler that returns just then may have it raised in the exchange: then the match is lost, which raises
    `SimulationFailed`.
    """
    try:
        with watched(seconds, called_by(_CALLERS), _say, interrupts=True, in_vain=on_stuck):
            yield
    except TakesTooLong as error:
        raise SimulationFailed(f"the match is lost: {error}") from None


def _say(run: Run, text: str) -> None:
    run.log.error("%s", text)
