"""What everybody was told: the news, and the newest announcement."""

from collections import deque
from typing import Final

import msgspec
from msgspec import Struct

from openoutcry.domain.commands import Announce, PublishNews
from openoutcry.domain.events import Announced, Event, NewsPublished
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import NewsId, Sequence, TimestampUs
from openoutcry.venue.snapshot import shape_of

MAX_NEWS: Final = 10_000
"""News that are kept. Older ones are only counted here; the journal has them."""


class Notice(Struct, frozen=True, array_like=True):
    """News, or an announcement, with the time and the sequence of its command."""

    time: TimestampUs
    sequence: Sequence
    event: NewsPublished | Announced


class _State(Struct):
    forgotten: int
    news: list[Notice]
    announcement: Notice | None


class Notices:
    """A projection: the newest news, oldest first, and the newest announcement."""

    name: Final = "notices"
    shape: Final = shape_of(_State)
    commands: Final = frozenset[type]({PublishNews, Announce})

    def __init__(self, most: int = MAX_NEWS) -> None:
        self.forgotten = 0
        """How many older news are no longer kept."""
        self._news: deque[Notice] = deque(maxlen=most)
        self._announcement: Notice | None = None

    def newest(self) -> list[Notice]:
        """The newest of each kind, as far as there is one."""
        return [notice for notice in (self._news[-1] if self._news else None, self._announcement) if notice is not None]

    def page(self, after: NewsId, limit: int) -> tuple[list[Notice], int]:
        """The first `limit` news after that of the id `after`, and how many come after these."""
        later = [each for each in self._news if isinstance(each.event, NewsPublished) and each.event.news_id > after]
        return later[:limit], max(0, len(later) - limit)

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, NewsPublished):
                self.forgotten += len(self._news) == self._news.maxlen
                self._news.append(Notice(sequenced.time, sequenced.sequence, event))
            elif isinstance(event, Announced):
                self._announcement = Notice(sequenced.time, sequenced.sequence, event)

    def capture(self) -> bytes:
        return msgspec.msgpack.encode(_State(self.forgotten, list(self._news), self._announcement))

    def restore(self, state: memoryview) -> None:
        restored = msgspec.msgpack.decode(state, type=_State)
        self.forgotten = restored.forgotten
        self._news.extend(restored.news)
        self._announcement = restored.announcement
