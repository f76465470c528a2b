"""The truth to compare with: the journal that a server left, replayed, and the private events that follow from it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, get_args

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.events import Event, PrivateEvent
from openoutcry.domain.identifiers import format_order_id, format_team_id
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import OrderId, Sequence, TeamId, TimestampUs
from openoutcry.journal.reader import JournalReader
from openoutcry.protocol.stream import PrivateMessage
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import replay
from openoutcry.venue.venue import Venue

PRIVATE_EVENTS: Final = get_args(PrivateEvent)
NO_TEAM: Final = TeamId(0)
VerdictWords = tuple[str, str, str | None, str | None]
"""Of whom, what kind of command, and the order's id or the refusal: as far as an answer shows them."""


class PlayedJournal:
    """The journal in the data directory of a server that has ended."""

    def __init__(self, data: Path) -> None:
        directory = DataDirectory(data)
        self.scenario = directory.kept_scenario()
        self.venue = Venue(self.scenario.rulebook, self.scenario.instruments)
        self.translator = Translator(self.venue.queries.instrument)
        self.reader = JournalReader(directory.journal)

    def play(self, hear: Callable[[Sequenced, list[tuple[PrivateEvent, PrivateMessage]]], None]) -> None:
        """Replay it whole; `hear` is called with what each command told teams."""

        def hear_events(sequenced: Sequenced, events: list[Event]) -> None:
            hear(sequenced, list(told(self.translator, sequenced.time, sequenced.sequence, events)))

        for _ in replay(self.reader, self.venue, [hear_events]):
            pass


def told(
    translator: Translator, time: TimestampUs, sequence: Sequence, events: Iterable[Event]
) -> Iterator[tuple[PrivateEvent, PrivateMessage]]:
    """The private ones of a command's events, each with the message that tells it."""
    for event in events:
        if isinstance(event, PRIVATE_EVENTS):
            yield event, translator.private_message(event, time, sequence)


def words_of(record: Sequenced | None) -> VerdictWords | None:
    """What the answer to the command of this record says; None if there is no record."""
    if record is None:
        return None
    command = record.command
    team_id, kind = format_team_id(getattr(command, "team_id", NO_TEAM)), type(command).__name__
    match record.verdict:
        case Reject(code, message):
            return team_id, kind, str(code), message
        case Accepted(new_id) if isinstance(command, SubmitOrder):
            return team_id, kind, format_order_id(OrderId(new_id)), None
        case _:
            return team_id, kind, None, None
