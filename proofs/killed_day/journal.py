"""What the journals of the live day and of the undisturbed one hold, read in one pass."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec import Struct, field

from openoutcry.domain.commands import AdvanceMarket, SkipIds, StartSession
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.events import Event, PhaseChanged
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import InstrumentId, MarketTime
from openoutcry.journal.reader import JournalReader
from openoutcry.protocol.stream import PrivateMessage
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import replay
from proofs.played_journal import PRIVATE_EVENTS, PlayedJournal, VerdictWords, told, words_of


class Replayed(Struct):
    """What a venue says that does all of a journal again."""

    commands: int = 0
    skips: int = 0
    """Of ids, one at each start after a kill."""
    worlds: list[str | None] = field(default_factory=list)
    """The digest of each session's."""
    phases: list[tuple[MarketTime | None, InstrumentId | None, Phase]] = field(default_factory=list)
    words: dict[int, VerdictWords | None] = field(default_factory=dict)
    """What the answers to commands say, by sequence."""
    told: defaultdict[str, list[PrivateMessage]] = field(default_factory=lambda: defaultdict(list))
    """Private streams, by team."""


def replayed(data: Path, team_ids: Collection[str] = (), sequences: Collection[int] = ()) -> Replayed:
    """Replay the journal in `data`: with the words of the commands at `sequences`, and the streams of these teams.

    Raises `ReplayFailed`.
    """
    journal, found = PlayedJournal(data), Replayed()

    def follow(record: Sequenced, events: list[Event]) -> None:
        found.commands += 1
        command = record.command
        found.skips += isinstance(command, SkipIds)
        if isinstance(command, StartSession):
            found.worlds.append(command.world_digest)
        own: list[Event] = []
        for event in events:
            if isinstance(event, PhaseChanged):
                found.phases.append((event.market_time, event.instrument_id, event.phase))
            elif isinstance(event, PRIVATE_EVENTS) and format_team_id(event.team_id) in team_ids:
                own.append(event)
        for event, message in told(journal.translator, record.time, record.sequence, own):
            found.told[format_team_id(event.team_id)].append(message)
        if record.sequence in sequences:
            found.words[record.sequence] = words_of(record)

    for _ in replay(journal.reader, journal.venue, [follow]):
        pass
    return found


def ticks(data: Path) -> Iterator[AdvanceMarket]:
    """The market seconds in the journal, one after the other."""
    for record in JournalReader(DataDirectory(data).journal):
        if isinstance(record.command, AdvanceMarket):
            yield record.command
