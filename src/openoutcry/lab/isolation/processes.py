"""The processes of a match's bots."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from openoutcry.lab.isolation.limits import Limits
from openoutcry.lab.isolation.process import BotProcess
from openoutcry.lab.isolation.timekeeper import Timekeeper
from openoutcry.lab.isolation.trail import Trail


class Isolation(Struct, frozen=True, kw_only=True):
    """That, and how, bots play in processes of their own."""

    limits: Limits = Limits()
    hash_seed: int = 0
    """Decides the order of sets in the bots' processes."""
    clock_shift_seconds: float = 0.0
    """By how much the clocks that bots can read are wrong."""
    trails: list[Trail] | None = None
    """To which one is added for each bot, of all that happens to it and all that it does; it has to be closed."""


def isolation_of(isolated: bool | Isolation) -> Isolation:
    """As `isolated` says; True is the usual one."""
    return isolated if isinstance(isolated, Isolation) else Isolation()


class Start(Protocol):
    def __call__(self, bot: str, others: Iterable[Path], /) -> BotProcess:
        """The process of the bot in this file, which may not read the files of `others`. Raises `BotUnusable`."""


@contextmanager
def processes(isolation: Isolation, hidden: Iterable[Path] = ()) -> Iterator[Start]:
    """Yields what starts a bot's process. On leaving, all that were started are ended.

    `hidden`: files and folders that no bot may read.
    """
    of_the_match = tuple(hidden)
    with ExitStack() as opened:
        timekeeper = Timekeeper()
        opened.callback(timekeeper.end)

        def start(bot: str, others: Iterable[Path]) -> BotProcess:
            process = BotProcess(
                bot,
                isolation.limits,
                timekeeper,
                hidden=(*of_the_match, *others),
                hash_seed=isolation.hash_seed,
                clock_shift_seconds=isolation.clock_shift_seconds,
            )
            opened.callback(process.end)
            if isolation.trails is not None:
                process.trail = Trail(process.ready.file)
                isolation.trails.append(process.trail)
            return process

        yield start
