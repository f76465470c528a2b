"""A venue beside the server's, fed with the same commands at the same times: what must have come out."""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from openoutcry.domain.commands import Command
from openoutcry.domain.events import BookChanged, TradePrinted
from openoutcry.domain.reasons import Accepted, Reject, Verdict
from openoutcry.domain.types import Sequence, TeamId, TimestampUs
from openoutcry.protocol.responses import LevelInfo
from openoutcry.protocol.stream import PrivateMessage, Trade
from openoutcry.protocol.translation import Translator
from openoutcry.scenarios.model import Scenario
from openoutcry.venue.venue import Venue
from proofs.order_flow.pipeline import Answer
from proofs.played_journal import told

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Exchanged(Struct, frozen=True):
    """A command and what the server answered to it."""

    command: Command
    answer: Answer

    @property
    def time(self) -> TimestampUs:
        """The stamp of the command: its answer and all its events bear it."""
        return TimestampUs((datetime.fromisoformat(self.answer.response.timestamp) - _EPOCH) // _MICROSECOND)


class BookChange(Struct, frozen=True):
    """What a `book_update` says, less its checksum, which the rebuilt book is held against."""

    instrument_id: str
    book_seq: int
    bids: list[LevelInfo]
    asks: list[LevelInfo]
    sequence: int


class Twin:
    """Judges and executes each command as the server must have done, and keeps the messages that must have come."""

    def __init__(self, scenario: Scenario) -> None:
        self.venue = Venue(scenario.rulebook, scenario.instruments)
        self.translator = Translator(self.venue.queries.instrument)
        self.private: dict[TeamId, list[PrivateMessage]] = {}
        self.trades: list[Trade] = []
        self.book_changes: list[BookChange] = []

    def follow(self, exchanged: Exchanged) -> Verdict:
        """The verdict on the command; if it is accepted, it is executed at the place and time that the server gave."""
        verdict = self.venue.validate(exchanged.command)
        if isinstance(verdict, Accepted) and exchanged.answer.sequence is not None:
            self._execute(Sequence(exchanged.answer.sequence), exchanged.time, exchanged.command)
        return verdict

    def _execute(self, sequence: Sequence, time: TimestampUs, command: Command) -> None:
        translator = self.translator
        events = self.venue.execute(sequence, time, command)
        for private, message in told(translator, time, sequence, events):
            self.private.setdefault(private.team_id, []).append(message)
        for event in events:
            if isinstance(event, TradePrinted):
                self.trades.append(translator.trade(event, time, sequence))
            elif isinstance(event, BookChanged):
                update = translator.book_update(event, 0, time, sequence)
                change = BookChange(update.instrument_id, update.book_seq, update.bids, update.asks, update.sequence)
                self.book_changes.append(change)


def verdict_told(verdict: Verdict) -> tuple[bool, str | None]:
    """What of a verdict an answer shows: success, and the error code."""
    return (False, verdict.code) if isinstance(verdict, Reject) else (True, None)
