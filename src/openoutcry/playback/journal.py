"""The journal of a data directory, read as far as it goes, and on from there when it has grown. Nothing is written."""

from collections.abc import Iterator
from pathlib import Path

from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence
from openoutcry.journal.lock import holder_of
from openoutcry.journal.reader import START, JournalReader, Segment
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import Progress, ReplayFailed, check_kept_scenario
from openoutcry.scenarios.model import Scenario


class GrowingJournal:
    """The commands of a data directory, in order, each once."""

    def __init__(self, directory: Path) -> None:
        """Raises `NoExchangeHere`, `OtherScenario`, `EditedScenario`, `JournalCorrupt`, `JournalFormat` and `OSError`,
        each with a text that says what to do.
        """
        self._data = DataDirectory(directory)
        self.scenario: Scenario = self._data.kept_scenario()
        reader = JournalReader(self._data.journal)
        check_kept_scenario(reader, self._data, self.scenario)
        self.is_written = True
        """Whether an exchange writes it, as of the last look."""
        self.cut: str | None = None
        """What of its end is not read."""
        self.progress = Progress(0, 0, reader.bytes_total)
        self._after = START
        self._last = Sequence(0)
        self._read_before = 0
        self._seen: tuple[tuple[str, int], ...] | None = None

    def has_changed(self) -> bool:
        """Whether there may be something new since the last call. Looks whether it is still being written."""
        seen = self._sizes()
        is_new = seen != self._seen
        # Where nothing is written nobody is asked: for an instant that would keep a starting exchange from its lock.
        if is_new or self.is_written:
            self._seen = seen
            was_written, self.is_written = self.is_written, holder_of(self._data.lock) is not None
            is_new = is_new or was_written != self.is_written
        return is_new

    def new(self) -> Iterator[tuple[Sequenced, Segment]]:
        """The commands that are there now and were not read yet, each with its segment.

        Raises `ReplayFailed` at a command that replays pass over, and as `JournalReader`.
        """
        reader = JournalReader(self._data.journal, after=self._after)
        for segment in reader.segments():
            begins = reader.end
            for record in segment:
                if record.sequence <= self._last:
                    continue
                if record.sequence in reader.quarantined:
                    raise ReplayFailed(
                        record.sequence, "every replay passes over this command, so it cannot be given to an exchange"
                    )
                self._last = record.sequence
                self.progress = Progress(
                    record.sequence, self._read_before + reader.bytes_read, self._read_before + reader.bytes_total
                )
                yield record, segment
            if begins.segment_number > self._after.segment_number:
                # The one before is whole: it is not read again.
                self._read_before, self._after = self._read_before_of(begins.segment_number), begins
        self.cut = self._cut(reader)
        total = sum(size for _, size in self._sizes())
        self.progress = Progress(self._last, total, total)

    def _read_before_of(self, number: int) -> int:
        return sum(size for name, size in self._sizes() if name <= f"{number:08}.segment")

    def _sizes(self) -> tuple[tuple[str, int], ...]:
        folder = self._data.journal
        if not folder.is_dir():
            return ()
        return tuple(sorted((each.name, each.stat().st_size) for each in folder.iterdir()))

    @staticmethod
    def _cut(reader: JournalReader) -> str | None:
        torn, stranded = reader.end.torn_tail, reader.end.stranded
        if torn is not None:
            return f"The last {torn.size} bytes of the journal belong to a record that was cut short, and are not shown"
        if stranded is not None:
            return (
                f"A segment of {stranded.size} bytes is not shown, because power was lost before the one before it was"
                " on the disk"
            )
        return None
