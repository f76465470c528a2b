"""What happened, line by line, as one hash: two runs of one seed that agree on it did the same, step for step."""

import hashlib
from collections.abc import Callable
from typing import TextIO


class Trace:
    """`sink` gets every line, where somebody wants to read it all."""

    def __init__(self, now: Callable[[], float], sink: TextIO | None = None) -> None:
        self._now = now
        self._sink = sink
        self._hash = hashlib.sha256()

    def note(self, who: str, what: str) -> None:
        line = f"{self._now():12.6f} {who}: {what}"
        self._hash.update(line.encode() + b"\n")
        if self._sink is not None:
            print(line, file=self._sink)

    @property
    def hash(self) -> str:
        return self._hash.hexdigest()
