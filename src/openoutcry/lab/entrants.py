"""Who plays in a match: bots with names of their own."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct, structs

from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.files.loading import file_of, load_bot_file
from openoutcry.lab.isolation.process import BotProcess, BotUnusable
from openoutcry.lab.isolation.processes import Start
from openoutcry.lab.lines.latency import LatencyModel

MAX_ENTRANTS: Final = 100


class NotPlayable(Exception):  # noqa: N818 - named for what it means
    """A bot cannot take part; the text says why, and what would do."""


class Entrant(Struct, frozen=True):
    """A bot as it takes part: its class, one that is made already, or the file in which it is."""

    bot: type[Bot] | Bot | Path | str
    name: str | None = None
    """Of its team. None: that of its class; a second one of that name is called by a number too."""
    role: str | None = None
    """None: that of its class, else the scenario's default."""
    latency: LatencyModel | None = None
    """None: that of the match."""


Playable = Entrant | type[Bot] | Bot | Path | str


class NamedBot(Struct, frozen=True):
    """A bot that is ready to play."""

    bot: Bot | BotProcess
    name: str
    role: str | None
    latency: LatencyModel | None


def named_bots(playing: Playable | Iterable[Playable], start: Start | None = None) -> list[NamedBot]:
    """Bots in this order, each with a name that no other has. Raises `NotPlayable`, `BotFileError`.

    `start`: starts the process of a bot in a file. None: bots play in this process.
    """
    found = [playing] if isinstance(playing, Entrant | Bot | Path | str | type) else list(playing)
    if len(found) > MAX_ENTRANTS:
        raise NotPlayable(f"{len(found)} bots are too many: a match has at most {MAX_ENTRANTS}")
    entrants = [_entrant(bot) for bot in found]
    files = [] if start is None else [_file_of(entrant.bot) for entrant in entrants]
    bots: list[NamedBot] = []
    for place, entrant in enumerate(entrants):
        if start is not None:
            process = _started(start, files[place], files)
            ready = process.ready
            bots.append(NamedBot(process, entrant.name or ready.name, entrant.role or ready.role, entrant.latency))
            continue
        bot = _made(entrant.bot)
        if any(bot is other.bot for other in bots):
            raise NotPlayable(f"{type(bot).__name__} takes part twice as one object: pass its class, or another object")
        bots.append(NamedBot(bot, entrant.name or type(bot).__name__, entrant.role or bot.role, entrant.latency))
    return _with_names_of_their_own(bots)


def _entrant(playing: Playable) -> Entrant:
    return playing if isinstance(playing, Entrant) else Entrant(playing)


def _started(start: Start, bot: str, bots: Iterable[str]) -> BotProcess:
    """`bot`, and all the `bots` of the match: their files, with the names of classes."""
    others = {file_of(other).resolve() for other in bots} - {file_of(bot).resolve()}
    try:
        return start(bot, sorted(others))
    except BotUnusable as error:
        raise NotPlayable(str(error)) from None


def _file_of(playing: type[Bot] | Bot | Path | str) -> str:
    """The file from which another process can load the bot, with the name of its class."""
    if isinstance(playing, Path | str):
        return str(playing)
    kind = playing if isinstance(playing, type) else type(playing)
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    if isinstance(playing, type) and file is not None and kind.__qualname__ == kind.__name__:
        return f"{file}:{kind.__name__}"
    raise NotPlayable(
        f"{kind.__name__} cannot play in a process of its own: pass its file, or a class at the top level of a file"
    )


def _made(playing: type[Bot] | Bot | Path | str) -> Bot:
    if isinstance(playing, Bot):
        return playing
    if isinstance(playing, Path | str):
        return load_bot_file(playing).make()
    kind: object = playing
    if not (isinstance(kind, type) and issubclass(kind, Bot)):
        raise NotPlayable(f"{kind!r} is no bot: pass a class derived from openoutcry.Bot, an object of it, or its file")
    try:
        return kind()
    except Exception as error:
        raise NotPlayable(
            f"{kind.__name__} cannot be made without arguments ({type(error).__name__}: {error}): pass an object of it"
        ) from error


def _with_names_of_their_own(bots: list[NamedBot]) -> list[NamedBot]:
    taken: set[str] = set()
    named: list[NamedBot] = []
    for bot in bots:
        name, number = bot.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{bot.name} {number}"
        taken.add(name.casefold())
        named.append(structs.replace(bot, name=name))
    return named
