"""Where in a bot's code something happens or is stuck: file, line, and what is written there."""

import inspect
import linecache
import re
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any, Final

from msgspec import Struct

from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.run import Run

_DUMPED: Final = re.compile(r'^  File "(.*)", line (\d+) in (.+)$', re.MULTILINE)
"""A frame as `faulthandler` writes it."""
LONG_SECONDS: Final = 5.0
"""Of wall time. A handler that waits longer is worth a word."""


class Place(Struct, frozen=True):
    file: str
    line: int
    function: str

    def __str__(self) -> str:
        written = linecache.getline(self.file, self.line).strip()
        return f"{self.file}:{self.line}, in {self.function}" + (f": {written}" if written else "")


def files_of(kind: type[Bot]) -> frozenset[str]:
    """The files in which the class and those that it derives from are written."""
    modules = (sys.modules.get(each.__module__) for each in kind.__mro__ if issubclass(each, Bot) and each is not Bot)
    return frozenset(file for module in modules if (file := getattr(module, "__file__", None)) is not None)


def place_in(frame: FrameType | None, files: frozenset[str]) -> Place | None:
    """Where a stack, of which `frame` is the innermost, is in these files; if it is not, where it is."""
    return _own(_places(frame), files)


def place_in_dump(text: str, files: frozenset[str]) -> Place | None:
    """The same, of the first stack that `faulthandler` has written in `text`."""
    return _own((Place(file, int(line), name) for file, line, name in _DUMPED.findall(text)), files)


def where_it_waits(run: Run) -> str | None:
    """Which `async` handler has been waiting for long, since when, and where; None if none has."""
    task, (began, market_time) = run.waiting, run.waits_since
    if task is None or task.done() or run.line.time() - began < LONG_SECONDS:
        return None
    place = _own(reversed(list(_awaited(task.get_coro()))), files_of(type(run.bot)))
    since = "" if market_time is None else f" since {market_time}"
    at = "" if place is None else f" at {place}"
    return f"{run.doing} has been waiting{since}{at}; while a handler waits, the bot is told nothing else"


def _places(frame: FrameType | None) -> Iterable[Place]:
    while frame is not None:
        yield _place(frame)
        frame = frame.f_back


def _awaited(coroutine: Any) -> Iterable[Place]:
    """Outermost first."""
    while inspect.iscoroutine(coroutine) and coroutine.cr_frame is not None:
        yield _place(coroutine.cr_frame)
        coroutine = coroutine.cr_await


def _place(frame: FrameType) -> Place:
    return Place(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def _own(places: Iterable[Place], files: frozenset[str]) -> Place | None:
    """The innermost one in `files`, else the innermost."""
    innermost: Place | None = None
    for place in places:
        if place.file in files:
            return place
        innermost = innermost or place
    return innermost
