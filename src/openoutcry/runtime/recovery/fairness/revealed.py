"""The seeds that a journal reveals, by the commands that started their sessions."""

from openoutcry.domain.commands import RevealSeed, StartSession
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.types import Sequence
from openoutcry.journal.reader import JournalReader


def revealed_seeds(reader: JournalReader) -> dict[Sequence, bytes]:
    """Reads the whole journal, and executes nothing. Raises as the reader does."""
    seeds: dict[Sequence, bytes] = {}
    started: Sequence | None = None
    for record in reader:
        command = record.command
        if type(record.verdict) is not Accepted or record.sequence in reader.quarantined:
            continue
        if isinstance(command, StartSession):
            started = record.sequence
        elif isinstance(command, RevealSeed) and started is not None:
            seeds[started] = command.seed
    return seeds
