"""What everybody was told: the news, the newest announcement, the phases of the session and of instruments, and which
instrument expired and was settled last.
"""

from collections import deque
from typing import Final, get_args

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import (
    AdvanceMarket,
    Announce,
    ContinueWork,
    EndSession,
    ExpireInstrument,
    HaltInstrument,
    PublishNews,
    ResumeInstrument,
    SetPhase,
    SettleInstrument,
    StartSession,
)
from openoutcry.domain.events import (
    Announced,
    Event,
    InstrumentExpired,
    InstrumentSettled,
    NewsPublished,
    PhaseChanged,
)
from openoutcry.domain.rulebook import OpeningPhase
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.shapes import shape_of
from openoutcry.domain.types import InstrumentId, NewsId, Sequence, TimestampUs

MAX_NEWS: Final = 10_000
"""News that are kept. Older ones are only counted here; the journal has them."""

_TOLD: Final = frozenset[type]({NewsPublished, Announced, PhaseChanged, InstrumentExpired, InstrumentSettled})


class Notice(Struct, frozen=True, array_like=True):
    """What was told, with the time and the sequence of its command."""

    time: TimestampUs
    sequence: Sequence
    event: NewsPublished | Announced | PhaseChanged | InstrumentExpired | InstrumentSettled


class _State(Struct):
    forgotten: int
    news: list[Notice]
    announcement: Notice | None
    phases: list[Notice]
    expiry: Notice | None
    settlement: Notice | None


class Notices:
    """A projection: the newest news, oldest first; the present phases; the newest announcement, expiry, settlement."""

    name: Final = "notices"
    shape: Final = shape_of(_State)
    commands: Final = frozenset[type](
        {
            PublishNews,
            Announce,
            ExpireInstrument,
            SettleInstrument,
            # What changes phases; ticks bring news too.
            StartSession,
            EndSession,
            SetPhase,
            HaltInstrument,
            ResumeInstrument,
            AdvanceMarket,
            ContinueWork,
        }
    )

    def __init__(self, most: int = MAX_NEWS) -> None:
        self.forgotten = 0
        """How many older news are no longer kept."""
        self._news: deque[Notice] = deque(maxlen=most)
        self._announcement: Notice | None = None
        self._phases: dict[InstrumentId | None, Notice] = {}
        """By instrument, None: that of the session. Instruments that are in the session's phase are left out."""
        self._expiry: Notice | None = None
        self._settlement: Notice | None = None

    def newest(self) -> list[Notice]:
        """The newest of each kind, as far as there is one."""
        newest_news = self._news[-1] if self._news else None
        notices = (*self._phases.values(), newest_news, self._announcement, self._expiry, self._settlement)
        return [notice for notice in notices if notice is not None]

    def page(self, after: NewsId, limit: int) -> tuple[list[Notice], int]:
        """The first `limit` news after that of the id `after`, and how many come after these."""
        later = [each for each in self._news if isinstance(each.event, NewsPublished) and each.event.news_id > after]
        return later[:limit], max(0, len(later) - limit)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        for event in events:
            if type(event) not in _TOLD:
                continue  # first of all: a tick may cancel hundreds of quotes
            if isinstance(event, NewsPublished):
                self.forgotten += len(self._news) == self._news.maxlen
                self._news.append(Notice(sequenced.time, sequenced.sequence, event))
            elif isinstance(event, Announced):
                self._announcement = Notice(sequenced.time, sequenced.sequence, event)
            elif isinstance(event, PhaseChanged):
                self._phases.pop(event.instrument_id, None)
                if not self._joins_session(event):
                    self._phases[event.instrument_id] = Notice(sequenced.time, sequenced.sequence, event)
            elif isinstance(event, InstrumentExpired):
                self._expiry = Notice(sequenced.time, sequenced.sequence, event)
            elif isinstance(event, InstrumentSettled):
                self._settlement = Notice(sequenced.time, sequenced.sequence, event)

    def _joins_session(self, event: PhaseChanged) -> bool:
        session = self._phases.get(None)
        if event.instrument_id is None:
            return False
        if session is None:  # it is in the phase in which the exchange began
            return event.phase in get_args(OpeningPhase)
        return isinstance(session.event, PhaseChanged) and event.phase == session.event.phase

    def capture(self) -> bytes:
        return msgspec.msgpack.encode(
            _State(
                self.forgotten,
                list(self._news),
                self._announcement,
                list(self._phases.values()),
                self._expiry,
                self._settlement,
            )
        )

    def restore(self, state: memoryview) -> None:
        restored = msgspec.msgpack.decode(state, type=_State)
        self.forgotten = restored.forgotten
        self._news.extend(restored.news)
        self._announcement = restored.announcement
        self._expiry, self._settlement = restored.expiry, restored.settlement
        for notice in restored.phases:
            assert isinstance(notice.event, PhaseChanged), "a phase"  # noqa: S101
            self._phases[notice.event.instrument_id] = notice
