"""A note, shared by two processes, of which handler a bot is in. It can be read when the bot's process is dead."""

import mmap
from pathlib import Path
from typing import Final

LONGEST: Final = 64
FILE: Final = "doing"


class Note:
    def __init__(self, folder: Path, *, is_new: bool) -> None:
        """`is_new`: make it; else it is there, and nobody else finds it any more."""
        path = folder / FILE
        if is_new:
            path.write_bytes(bytes(LONGEST))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), LONGEST)
        if not is_new:
            _remove(path)

    def write(self, handler: str | None) -> None:
        text = (handler or "").encode()[:LONGEST]
        self._shared[:] = text + bytes(LONGEST - len(text))

    def read(self) -> str | None:
        return self._shared[:].rstrip(b"\0").decode(errors="replace") or None

    def close(self) -> None:
        self._shared.close()


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        return  # Windows keeps a file that is mapped
