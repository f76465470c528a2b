"""Reads a data directory into a playback, in short slices of an event loop: what was read so far can be shown."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from openoutcry.journal.segment import JournalCorrupt, JournalFormat
from openoutcry.lab.recorded.feed import check_seal
from openoutcry.playback.chronicle import Chronicle
from openoutcry.playback.journal import GrowingJournal
from openoutcry.playback.playback import Playback
from openoutcry.playback.source import State
from openoutcry.runtime.recovery.replay import Progress, ReplayFailed, collection_paused
from openoutcry.runtime.sequencing.unavailable import Unavailable

SLICE_SECONDS: Final = 0.02
"""How long requests wait at most for commands that are read."""

LOOK_SECONDS: Final = 1.0
"""Seconds between looks for new commands."""


class Reading:
    """`playback` grows while `run` runs."""

    def __init__(
        self,
        directory: Path,
        *,
        look_seconds: float = LOOK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        on_progress: Callable[[Progress], None] = lambda _progress: None,
    ) -> None:
        """Raises as `GrowingJournal`. `on_progress` is called after each slice."""
        self.directory: Final = directory
        self.journal: Final = GrowingJournal(directory)
        self.playback: Final = Playback(self.journal.scenario)
        self.state: State = "reading"
        self.failure: Exception | None = None
        """Why not everything is read."""
        self._look_seconds = look_seconds
        self._clock = clock
        self._on_progress = on_progress
        self._is_read = asyncio.Event()

    async def run(self) -> None:
        """Read everything, and then what comes, until it is cancelled, or fails; then `failure` says why."""
        journal = self.journal
        try:
            while True:
                if journal.has_changed():
                    await self._read_new()
                    self.state = "following" if journal.is_written else "complete"
                    self._is_read.set()
                await asyncio.sleep(self._look_seconds)
        except (ReplayFailed, JournalCorrupt, JournalFormat, Unavailable, OSError) as error:
            self.state, self.failure = "failed", error
            self._is_read.set()

    @property
    def chronicle(self) -> Chronicle:
        return self.playback

    @property
    def name(self) -> str:
        """Of the directory."""
        return self.directory.name

    @property
    def note(self) -> str | None:
        """What of the journal's end is not shown."""
        return self.journal.cut

    @property
    def progress(self) -> dict[str, int]:
        """How far it has come, in commands, and in bytes of how many."""
        done = self.journal.progress
        return {"commands": self.playback.moments.last.sequence, "bytes": done.bytes_read, "of_bytes": done.bytes_total}

    @property
    def problem(self) -> str | None:
        """The failure in a sentence."""
        return None if self.failure is None else str(self.failure)

    async def read(self) -> None:
        """Returns when everything that was there at the start is read, or nothing more can be."""
        await self._is_read.wait()

    async def _read_new(self) -> None:
        playback, segment_number = self.playback, 0
        new = self.journal.new()
        while True:
            ends = self._clock() + SLICE_SECONDS
            with collection_paused():
                for record, segment in new:
                    if segment.number != segment_number:
                        segment_number = segment.number
                        header = segment.header
                        if header is not None and header.first_sequence == record.sequence:
                            check_seal(playback.exchange, header.live_hash)
                    playback.take(record)
                    if self._clock() >= ends:
                        break
                else:
                    self._on_progress(self.journal.progress)
                    return
            self._on_progress(self.journal.progress)
            await asyncio.sleep(0)

    def close(self) -> None:
        self.playback.close()
