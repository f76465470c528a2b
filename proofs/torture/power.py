"""An imitated loss of power. The synced part of a file certainly stays. The rest is gone, kept in part, or zeros.

A name that was not synced may be gone, or the name before it may be back.
"""

import os
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

import msgspec

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.reasons import Accepted
from openoutcry.journal.reader import JournalReader
from openoutcry.journal.segment import list_provisional, list_segments
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.files import list_snapshots, read_header
from proofs.torture.losses import Loss
from proofs.torture.watched_server import Entry, Listed, Renamed, Synced

_decode: Final = msgspec.json.Decoder(Entry).decode


def watched(ledger: Path, sync_seconds: float = 0.0) -> tuple[str, ...]:
    """The launcher of a server whose disk keeps `ledger` and takes so long for each sync."""
    return "-m", "proofs.torture.watched_server", str(ledger), str(sync_seconds)


class Power:
    """The loss of power of a machine whose server keeps `ledger` about its data directory `data`.

    `chance` decides what stays of the part that was not synced. Without it, all of that part is lost.
    """

    def __init__(self, data: Path, ledger: Path, chance: Random | None = None) -> None:
        self.losses: list[Loss] = []
        self.lost_commands = 0
        self.changes_under_way = 0
        """Of segments, when power was lost."""
        self.left_provisional: Counter[str] = Counter()
        """Segments that were left under a provisional name, by what a start makes of them."""
        self._directory = DataDirectory(data)
        self._ledger = ledger
        self._chance = chance

    def lose(self) -> None:
        """Lose power while no server runs: bring the files to a state that this may leave."""
        commands_before = sum(1 for _ in JournalReader(self._directory.journal))
        self.changes_under_way += len(list_provisional(self._directory.journal))
        sizes, names, earlier_names = self._certain()
        journal = self._directory.journal
        for _, segment in (*list_segments(journal), *list_provisional(journal)):
            left: Path | None = segment
            if segment.name not in names:
                may_be_left = (None, segment, earlier_names.get(segment, segment))
                left = None if self._chance is None else self._chance.choice(may_be_left)
            if left is None:
                segment.unlink()
            else:
                self._damage(segment, sizes.get(segment, 0))
                segment.rename(left)
        for log in sorted(self._directory.events.glob("*.jsonl")):
            self._damage(log, sizes.get(log, 0))
        reader = JournalReader(journal)
        records = list(reader)
        if list_provisional(journal):
            self.left_provisional["set aside" if reader.end.stranded else "gone on after"] += 1
        self.lost_commands += commands_before - len(records)
        accepted = (
            record.verdict.new_id
            for record in records
            if isinstance(record.command, SubmitOrder) and isinstance(record.verdict, Accepted)
        )
        self.losses.append(
            Loss(
                moment=time.time_ns() // 1_000,
                kept_sequence=records[-1].sequence if records else 0,
                kept_order_id=max(accepted, default=0),
            )
        )

    def _certain(self) -> tuple[dict[Path, int], set[str], dict[Path, Path]]:
        """How much of each file is on the disk, which segments have their names there, and which may have another."""
        sizes: dict[Path, int] = {}
        names: set[str] = set()
        earlier_names: dict[Path, Path] = {}
        for entry in map(_decode, self._ledger.read_bytes().splitlines()):
            match entry:
                case Synced(path, size):
                    sizes[Path(path)] = size
                case Listed(path, listed) if Path(path) == self._directory.journal:
                    names = set(listed)
                    earlier_names.clear()
                case Renamed(path, name):
                    earlier_names[Path(name)] = Path(path)
                case _:
                    pass
        # The builder of snapshots syncs event logs, in a process of its own, and says in the snapshot how far.
        for snapshot in list_snapshots(self._directory.snapshots):
            for number, size in enumerate(read_header(snapshot).event_log_bytes, start=1):
                log = self._directory.events / f"TEAM_{number}.jsonl"
                sizes[log] = max(size, sizes.get(log, 0))
        return sizes, names, earlier_names

    def _damage(self, file: Path, certain: int) -> None:
        """Leave the first `certain` bytes; of the others, which the system had not synced, none, some, or zeros."""
        size, chance = file.stat().st_size, self._chance
        if certain >= size:
            return
        if chance is None:
            os.truncate(file, certain)
            return
        kept = chance.choice((certain, certain, chance.randint(certain, size)))
        os.truncate(file, kept)
        if chance.random() < 0.3:
            # The size was on the disk already, and the bytes were not.
            os.truncate(file, chance.randint(kept, size))
