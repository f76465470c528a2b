"""All matches of an exchange, one after the other: each as it was when the next one began."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.commands import RevealSeed, StartSession
from openoutcry.domain.events import Event
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MarketTime, TeamId
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.match.explained import Explained
from openoutcry.scoring.scores import Scores
from openoutcry.scoring.surveillance.finding import Exclusion, Finding


class PlayedMatch(Struct, frozen=True, kw_only=True):
    """One match, and all that an organiser wants to know of it."""

    session: int
    """The number of the session, from 1."""
    date: str
    as_of: MarketTime
    """The newest market second."""
    utc_offset: int
    is_running: bool
    """Its session has not closed."""
    is_over: bool
    """It has closed, and all that expired with it is settled: nothing will change."""
    seed: str | None
    """In hexadecimal. None: it is not revealed yet, or the market is not simulated."""
    world_digest: str | None
    """What tells the world that it was played in from others."""
    entries: tuple[Entry, ...]
    explained: dict[TeamId, Explained]
    findings: tuple[Finding, ...]
    exclusions: tuple[Exclusion, ...]


class Matches:
    """A fold, as `Scores` is, over which it lies."""

    def __init__(self, scores: Scores) -> None:
        self._scores: Final = scores
        self._before: Final[list[PlayedMatch]] = []
        self._seed: str | None = None
        self._world_digest: str | None = None

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        command = sequenced.command
        if type(command) is StartSession and type(sequenced.verdict) is Accepted:
            self._before[:] = self.played()
            self._seed, self._world_digest = None, command.world_digest
        elif type(command) is RevealSeed and type(sequenced.verdict) is Accepted:
            self._seed = command.seed.hex()
        self._scores.apply(sequenced, events)

    def played(self) -> list[PlayedMatch]:
        """All of them up to now."""
        scores = self._scores
        match, session = scores.match, scores.match.session
        if not session.number:
            return []
        explained = {
            each.team_id: found for each in match.participants if (found := scores.explained(each.team_id)) is not None
        }
        newest = PlayedMatch(
            session=session.number,
            date=session.date,
            as_of=session.market_time,
            utc_offset=session.utc_offset,
            is_running=session.is_running,
            is_over=not session.is_running and match.is_settled,
            seed=self._seed,
            world_digest=self._world_digest,
            entries=tuple(scores.entries()),
            explained=explained,
            findings=tuple(scores.watch.findings()),
            exclusions=tuple(scores.watch.exclusions()),
        )
        return [*self._before, newest]
