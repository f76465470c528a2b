"""Checks the sessions of a data directory for fair play. Nothing is changed; a server may run on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from openoutcry.domain.commands import CommitSeed, StartSession, WithdrawCommitment
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence
from openoutcry.journal.reader import JournalReader, Segment
from openoutcry.journal.segment import JournalCorrupt
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.fairness.flow import FlowAudit
from openoutcry.runtime.recovery.fairness.report import FairnessReport, Finding, SessionFindings
from openoutcry.runtime.recovery.fairness.revealed import revealed_seeds
from openoutcry.runtime.recovery.fairness.session import SessionAudit
from openoutcry.runtime.recovery.fairness.start import Commitment
from openoutcry.runtime.recovery.replay import Progress, ReplayFailed, check_kept_scenario, collection_paused, replay
from openoutcry.runtime.session.market import MarketOf
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.venue.venue import Venue

COMMANDS_PER_PROGRESS: Final = 500


class NotDrawn(Exception):  # noqa: N818 - what is the matter, named
    """The scenario has no simulated market, so there is nothing to be drawn anew."""


def verify_fairness(
    path: Path, market_of: MarketOf, on_progress: Callable[[Progress], None] = lambda _progress: None
) -> FairnessReport:
    """Replay the whole journal, and draw and decide anew all that the exchange itself brought into it.

    Raises `NotDrawn`, `NoExchangeHere`, `OtherScenario`, `EditedScenario`, `JournalFormat`, `JournalCorrupt` and
    `OSError` if the directory cannot be checked at all.
    """
    directory = DataDirectory(path)
    scenario = directory.kept_scenario()
    if scenario.market is None or scenario.session is None:
        raise NotDrawn(f"the scenario {scenario.name} has no simulated market: nothing in it is drawn from a seed")
    reader = JournalReader(directory.journal)
    check_kept_scenario(reader, directory, scenario)
    venue = Venue(scenario.rulebook, scenario.instruments)
    audit = _JournalAudit(directory, scenario, scenario.session, venue, reader, market_of)
    with collection_paused():
        try:
            steps = replay(reader, venue, before=audit.see, on_segment=audit.begin_segment, step=COMMANDS_PER_PROGRESS)
            for progress in steps:
                on_progress(progress)
            followed = Finding("sound", "journal", "every verdict and every state came out as it was recorded")
        except (ReplayFailed, JournalCorrupt) as failure:
            followed = Finding("failed", "journal", str(failure))
    return FairnessReport(
        scenario_name=scenario.name,
        scenario_hash=scenario.hash,
        sessions=audit.found(),
        findings=(followed, *audit.findings()),
        sequence=audit.last_sequence,
        state_hash=venue.state_hash(),
    )


class _JournalAudit:
    """Hands every command to the session that it is of. The venue has the state before it."""

    def __init__(
        self,
        directory: DataDirectory,
        scenario: Scenario,
        plan: SessionPlan,
        venue: Venue,
        reader: JournalReader,
        market_of: MarketOf,
    ) -> None:
        self._directory = directory
        self._scenario = scenario
        self._plan = plan
        self._venue = venue
        self._reader = reader
        self._market_of = market_of
        self._revealed = revealed_seeds(JournalReader(directory.journal))
        self._commitment: Commitment | None = None
        self._withdrawn: list[str] = []
        self._outside = self._new_flow()
        """Of own teams before the first session: they are to do nothing."""
        self.sessions: list[SessionAudit] = []
        self.last_sequence = Sequence(0)

    def begin_segment(self, segment: Segment) -> None:
        before, header = self._reader.end, segment.header
        is_start = before.clean or (header is not None and header.epoch > before.epoch)
        if is_start and self.sessions:
            self.sessions[-1].restart()

    def see(self, record: Sequenced) -> None:
        self.last_sequence = record.sequence
        command = record.command
        if type(record.verdict) is Accepted:
            if type(command) is StartSession:
                self._begin_session(record.sequence, command)
                return
            if type(command) is CommitSeed:
                queries = self._venue.queries
                teams = sum(queries.has_key(team.team_id) for team in queries.teams())
                self._commitment = Commitment(record.sequence, teams)
            elif type(command) is WithdrawCommitment:
                reason = None if command.why is None else command.why.reason
                self._withdrawn.append(f"at command {record.sequence}: {reason or 'no reason was given'}")
        if self.sessions:
            self.sessions[-1].see(record)
        else:
            self._outside.see(record)

    def found(self) -> tuple[SessionFindings, ...]:
        """At the journal's end. All but the last session are over; the last one is if it does not run then."""
        if self.sessions:
            self.sessions[-1].end()
        last, is_running = len(self.sessions), self._venue.queries.day().is_running
        return tuple(
            session.found(is_over=number < last or not is_running)
            for number, session in enumerate(self.sessions, start=1)
        )

    def findings(self) -> list[Finding]:
        """About no session."""
        found = [Finding("note", "withdrawn", f"a commitment, {text}") for text in self._withdrawn]
        if self._outside.tally.faults:
            found.append(self._outside.tally.finding("commands"))
        return found

    def _begin_session(self, sequence: Sequence, start: StartSession) -> None:
        if self.sessions:
            self.sessions[-1].end()
        number, flow = len(self.sessions) + 1, self._new_flow()
        session = SessionAudit(self._scenario, self._plan, self._venue, flow, number, start)
        revealed = self._revealed.get(sequence)
        session.draw(self._commitment, revealed, self._directory.worlds, self._market_of)
        self._commitment = None
        self.sessions.append(session)

    def _new_flow(self) -> FlowAudit:
        house = self._scenario.flow.house
        pulls = None if house is None else ProtectionSettings(move_ppm=house.pull_ppm)
        return FlowAudit(self._venue, pulls)
