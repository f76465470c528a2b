"""The event logs of all teams, in one folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from openoutcry.domain.identifiers import format_team_id, parse_team_id
from openoutcry.domain.types import TeamId
from openoutcry.journal.files import FileOperations, SystemFiles
from openoutcry.journal.tail import cut
from openoutcry.runtime.streams.event_logs.log import (
    DAMAGED,
    FLUSH_SECONDS,
    EventLog,
    ScheduleLater,
    damage_mark,
)
from openoutcry.runtime.streams.event_logs.unwritten import Backlog

FLUSH_PHASES: Final = 64
"""Each team's time is shorter by another fraction, up to a half. Otherwise logs that begin to fill together, as when a
market opens, would all be written in one turn of the loop."""


class EventLogs:
    """The logs of all teams, in one folder."""

    def __init__(
        self, directory: Path, schedule_later: ScheduleLater | None = None, files: FileOperations | None = None
    ) -> None:
        """Creates the folder. Raises `OSError`."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._schedule_later = schedule_later
        self._files = files if files is not None else SystemFiles()
        self._logs: dict[TeamId, EventLog] = {}
        self._backlog = Backlog()

    @property
    def unwritten_bytes(self) -> int:
        """Bytes that wait in memory, of all teams together."""
        return self._backlog.size

    @property
    def size_bytes(self) -> int:
        """The size of all files together, without unwritten lines."""
        return sum(log.size_bytes for log in self._logs.values())

    @property
    def refusal(self) -> OSError | None:
        """Why the disk does not take waiting lines; None if it takes them, or was not asked yet."""
        return next((log.refusal for log in self._logs.values() if log.refusal is not None), None)

    def of_team(self, team_id: TeamId) -> EventLog:
        log = self._logs.get(team_id)
        if log is None:
            path = log_path(self._directory, team_id)
            log = self._logs[team_id] = EventLog(
                path, self._schedule_later, self._files, self._backlog, _flush_seconds(team_id)
            )
        return log

    def remove_damaged(self) -> list[Path]:
        """Delete the logs that were found damaged, so that they are made again; the teams of these. Before any is
        opened.

        Raises `OSError`.
        """
        assert not self._logs, "an open log has its own idea of where it ends"  # noqa: S101
        marked = [path for path in list_logs(self._directory) if damage_mark(path).exists()]
        for path in marked:
            self._files.remove(path)
        if marked:
            # The marks go last: if the machine stops here, the next start finds them again.
            self._files.synchronize_path(self._directory)
        for mark in sorted(self._directory.glob(f"TEAM_*{DAMAGED}")):
            self._files.remove(mark)
        return marked

    def cut_back(self, sizes: Mapping[TeamId, int]) -> None:
        """Cut every log to its team's size here, or to 0 without one. Before any is opened.

        For logs that a loss of power may have damaged. Raises `OSError`.
        """
        assert not self._logs, "an open log has its own idea of where it ends"  # noqa: S101
        for path in list_logs(self._directory):
            size = sizes.get(parse_team_id(path.stem), 0)
            if path.stat().st_size > size:
                cut(path, size, self._files)

    def remove_strangers(self, team_ids: set[TeamId]) -> None:
        """Delete the logs of teams that are not among `team_ids`, and sync that. Raises `OSError`."""
        strangers = [path for path in list_logs(self._directory) if parse_team_id(path.stem) not in team_ids]
        for path in strangers:
            self._files.remove(path)
        if strangers:
            self._files.synchronize_path(self._directory)
        self._logs = {team_id: log for team_id, log in self._logs.items() if team_id in team_ids}

    def flush(self) -> None:
        """Write all waiting lines, as far as the disk takes them. Raises the first `OSError`."""
        refusal = None
        for log in self._logs.values():
            try:
                log.flush()
            except OSError as error:
                refusal = refusal or error
        if refusal is not None:
            raise refusal


def _flush_seconds(team_id: TeamId) -> float:
    return FLUSH_SECONDS * (1 - team_id % FLUSH_PHASES / (2 * FLUSH_PHASES))


def log_path(directory: Path, team_id: TeamId) -> Path:
    return directory / f"{format_team_id(team_id)}.jsonl"


def sync_logs(directory: Path) -> None:
    """Return when everything that was written to the logs in `directory` is on the disk. Raises `OSError`."""
    files = SystemFiles()
    for path in list_logs(directory):
        files.synchronize_path(path)
    files.synchronize_path(directory)


def list_logs(directory: Path) -> list[Path]:
    """The logs in `directory`, in a fixed order."""
    return sorted(directory.glob("TEAM_*.jsonl"))
