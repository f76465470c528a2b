"""The files of one exchange on disk, in the one place that knows their names."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from openoutcry.journal.files import SystemFiles, write_whole
from openoutcry.scenarios.model import Scenario, under_rulebook


class NoExchangeHere(Exception):  # noqa: N818 - named for what it means
    """The directory is not the data directory of an exchange; the text says what is missing."""


class DirectoryUsed(Exception):  # noqa: N818 - named for what it means
    """The directory was to be a new one, and is not."""


@dataclass(frozen=True, slots=True)
class DataDirectory:
    path: Path

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def journal(self) -> Path:
        """The journal: everything in this folder is needed; everything beside it can be made again."""
        return self.path / "journal"

    @property
    def events(self) -> Path:
        """Each team's private events, derived from the journal."""
        return self.path / "events"

    @property
    def snapshots(self) -> Path:
        """States that a start may begin with, so that it need not replay everything."""
        return self.path / "snapshots"

    @property
    def admin_key(self) -> Path:
        return self.path / "admin.key"

    @property
    def seeds(self) -> Path:
        """The seed of each session that began: what was left to chance in it can be drawn again from nothing else."""
        return self.path / "seeds"

    @property
    def worlds(self) -> Path:
        """The world of each session that began, if its market is simulated: the session goes on with nothing else."""
        return self.path / "worlds"

    @property
    def bot_keys(self) -> Path:
        """The keys of the example bots' teams, if they trade on the exchange."""
        return self.path / "bots"

    @property
    def scenario(self) -> Path:
        """The scenario of the journal, as the exchange read it: a replay needs no other file."""
        return self.path / "scenario.json"

    def create(self) -> None:
        """Make missing folders and sync them; other users of the machine cannot read them. Raises `OSError`."""
        made = [path for path in (self.journal, self.path, *self.path.parents) if not path.exists()]
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.journal.mkdir(mode=0o700, exist_ok=True)
        for path in made:
            # The journal is only safe once its folder's name is on the disk.
            SystemFiles().synchronize_path(path.parent)

    def check_new(self) -> None:
        """Raises `DirectoryUsed` if there is anything in it, or a file in its place."""
        if self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir())):
            raise DirectoryUsed(f"{self.path} is in use already: name a directory that does not exist, or remove it")

    def keep_scenario(self, scenario: Scenario) -> None:
        """Write the scenario down, whole or not at all. Raises `OSError`."""
        # Holds the join code: as private as the keys.
        write_whole(self.scenario, msgspec.json.format(msgspec.json.encode(scenario), indent=1))

    def kept_scenario(self) -> Scenario:
        """The stored scenario. Its hash is computed again from the instruments and rules that were read.

        Raises `NoExchangeHere`.
        """
        try:
            kept = msgspec.json.decode(self.scenario.read_bytes(), type=Scenario)
        except (FileNotFoundError, NotADirectoryError):
            raise NoExchangeHere(
                f"{self.path} holds no exchange: {self.scenario.name} is missing."
                " Name the directory that was given to serve as --data"
            ) from None
        except msgspec.DecodeError as error:
            raise NoExchangeHere(
                f"{self.scenario} cannot be read ({error}): start serve on this directory once, with its scenario"
            ) from error
        return under_rulebook(kept, kept.rulebook)
