"""Waits until one of some files has changed."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from openoutcry.client.bot.files.loading import BotFileError

LOOK_SECONDS: Final = 0.2
"""Between two looks at the files. A change counts once nothing has changed for so long: editors write in pieces."""


def may_mend(error: BotFileError) -> set[Path]:
    """What a change of may make good that a bot could not be loaded: its files, and their folders, where a missing
    helper may be made.
    """
    return {*error.files, *(file.parent for file in error.files)}


_State = dict[Path, tuple[int, int] | None]


class Watched:
    """Files as they were when each was first added."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._before = _state(files)

    def add(self, files: Iterable[Path]) -> None:
        """Watch these too, as they are now. Those that are watched already stay as they were."""
        self._before = _state(files) | self._before

    async def changed(self) -> list[Path]:
        """Wait until any of them is written, made or removed. Those that have changed."""
        before = self._before
        last = before
        while True:
            now = _state(before)
            if now != before and now == last:
                return sorted(path for path in now if now[path] != before[path])
            last = now
            await asyncio.sleep(LOOK_SECONDS)


def _state(files: Iterable[Path]) -> _State:
    """Of each, when it was written and how long it is; None if it is not there."""
    state: _State = {}
    for path in files:
        try:
            found = path.stat()
        except OSError:
            state[path] = None
        else:
            state[path] = (found.st_mtime_ns, found.st_size)
    return state
