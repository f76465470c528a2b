"""Plays a recording into an exchange in which others take part: everything that was asked then, at the same instants.

A second venue does the recording again beside it, as it was. What a command did there and what it did here, together,
say what a recorded order is called here, and what came otherwise.
"""

from collections.abc import Callable, Iterator
from typing import Final

from openoutcry.domain.commands import (
    AdvanceMarket,
    ContinueWork,
    ReplaceQuotes,
    StartSession,
    SubmitOrder,
    TakeScenarioValues,
)
from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.lab.recorded.comparison import Comparison, Differences
from openoutcry.lab.recorded.recording import Recording
from openoutcry.lab.recorded.translation import NotHere, Translation
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.recovery.replay import Progress, replay
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.venue import Venue

AFTER_LAST_SECONDS: Final = 1
"""Wall seconds that pass after the last command, in which bots still hear of it."""

_BEGINS: Final = (StartSession, SubmitOrder, ReplaceQuotes)
"""Others join before the first of these."""

_OF_THE_MARKET: Final = frozenset({AdvanceMarket, TakeScenarioValues, ContinueWork})
"""Commands that come out alike whoever trades, and are not compared."""


class Background:
    """`exchange` does nothing by itself (`runs_itself=False`), began at `recording.begins` and has `comparison` among
    its projections.
    """

    def __init__(self, recording: Recording, exchange: Exchange, time: VirtualTime, comparison: Comparison) -> None:
        self.names: Final = Translation(exchange.sequencer.queries)
        self._recording = recording
        self._exchange = exchange
        self._time = time
        self._comparison = comparison
        scenario = recording.scenario
        self._then = Venue(scenario.rulebook, scenario.instruments)
        self._join: Callable[[], None] | None = None
        self._own_names: frozenset[str] = frozenset()

    def play(self, join: Callable[[], None], step: int = 1_000) -> Iterator[Progress]:
        """Play all of it, while it is iterated. `join` is called once, when others may register and begin: before the
        first session starts.

        Raises `ReplayFailed` if this version does not do the recording again as it was, and what the exchange raises.
        """
        self._join = join
        reader = self._recording.reader()
        yield from replay(reader, self._then, [self._follow], before=self._before, step=step)
        self._join_now()
        self._time.pass_seconds(AFTER_LAST_SECONDS)
        self._finish_work()

    def conclude(self) -> Differences:
        """What came otherwise. To be called at the end."""
        return self._comparison.conclude(self.names)

    # ---- one command after the other

    def _before(self, record: Sequenced) -> None:
        """Let time pass, and what others do meanwhile happen, before a recorded command is given."""
        self._time.pass_until(record.time, self._finish_work)
        self._finish_work()
        if isinstance(record.command, _BEGINS):
            self._join_now()

    def _follow(self, record: Sequenced, events: list[Event]) -> None:
        """The command has been done as it was; now it is given here."""
        comparison, command = self._comparison, record.command
        comparison.note_then(events)
        try:
            translated = self.names.of(command, self._own_names)
        except NotHere:
            self.names.learn(events, ())
            comparison.differences.commands += 1
            comparison.differences.not_here += 1
            return
        if type(command) is ContinueWork and not self._exchange.sequencer.has_work:
            self.names.learn(events, ())
            return
        sequenced, events_here = self._exchange.sequencer.perform(translated)
        self.names.learn(events, events_here)
        if type(command) not in _OF_THE_MARKET:
            comparison.compare(record, events, sequenced.verdict, events_here, self.names)
        self._time.run()

    def _finish_work(self) -> None:
        """Work that others have made. As long as the recording is at work too, its own slices do it."""
        sequencer = self._exchange.sequencer
        while sequencer.has_work and not self._then.has_work:
            sequencer.perform(ContinueWork(SLICE))
            self._time.run()

    def _join_now(self) -> None:
        join, self._join = self._join, None
        if join is None:
            return
        queries = self._exchange.sequencer.queries
        known = {team.team_id for team in queries.teams()}
        join()
        joined = [team for team in queries.teams() if team.team_id not in known]
        self._comparison.bots.update(team.team_id for team in joined)
        self._own_names = frozenset(team.team_name for team in joined)
        self._time.run()
