"""Opens a finished data directory to be played again."""

from pathlib import Path

from openoutcry.domain.types import TimestampUs
from openoutcry.journal.lock import DirectoryInUse, holder_of
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import check_kept_scenario, check_same_scenario
from openoutcry.scenarios.model import Scenario


class NothingRecorded(Exception):  # noqa: N818 - what is wrong, named
    """The journal has no command that could be played again; the text says so."""


class Recording:
    """A data directory whose exchange has ended, cleanly or not, with the scenario that it was played by."""

    def __init__(self, directory: Path, scenario: Scenario | None = None) -> None:
        """`scenario`: what the caller takes it to be played by; None: whatever it was.

        Raises `NoExchangeHere`, `DirectoryInUse`, `NothingRecorded`, `OtherScenario`, `EditedScenario`,
        `JournalCorrupt`, `JournalFormat` and `OSError`, each with a text that says what to do.
        """
        self.directory = directory
        data = self._data = DataDirectory(directory)
        self.scenario = data.kept_scenario()
        holder = holder_of(data.lock)
        if holder is not None:
            raise DirectoryInUse(
                f"{directory} is still being written by an exchange (process {holder}): only what is finished can be"
                " played again. End that one first, or name another directory"
            )
        reader = self.reader()
        check_kept_scenario(reader, data, self.scenario)
        if scenario is not None:
            check_same_scenario(reader, scenario, self.scenario)
        first = next(iter(reader), None)
        if first is None:
            raise NothingRecorded(f"{directory} holds an exchange that was never asked anything: nothing can be played")
        self.begins: TimestampUs = first.time
        """Wall time of the first command."""

    def reader(self) -> JournalReader:
        """A new reader of the whole journal."""
        return JournalReader(self._data.journal)
