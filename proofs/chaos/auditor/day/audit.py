"""All that is checked of a trading day, after the accounts are."""

from proofs.chaos.auditor.auditor import Auditor
from proofs.chaos.auditor.books import CLAIM as BOOKS
from proofs.chaos.auditor.closing import Closing
from proofs.chaos.auditor.day.auctions import Auctions
from proofs.chaos.auditor.day.duties import DutyCheck
from proofs.chaos.auditor.day.market_time import check_market_time
from proofs.chaos.auditor.day.notices import check_notices
from proofs.chaos.auditor.day.phases import PhaseCheck
from proofs.chaos.auditor.day.settlements import check_settlements
from proofs.chaos.auditor.day.timeline import Timeline
from proofs.chaos.auditor.examiner import Truth
from proofs.chaos.auditor.history import History
from proofs.chaos.machine.server import Server


class DayAudit:
    def __init__(self, auditor: Auditor, server: Server, closing: Closing, truth: Truth, history: History) -> None:
        self._auditor = auditor
        self._server = server
        self._closing = closing
        self._truth = truth
        self._history = history
        self._timeline = Timeline(history)

    def examine(self) -> None:
        scenario, findings, history, timeline = (
            self._server.scenario,
            self._auditor.findings,
            self._history,
            self._timeline,
        )
        check_market_time(history, timeline, self._server.moments, self._server.clock, findings)
        PhaseCheck(scenario, history, findings).run()
        Auctions(timeline, findings).check([team.events for team in self._truth.teams])
        check_settlements(history, self._closing.ledgers, findings)
        streams = {team.account["team_id"]: team.events for team in self._truth.teams}
        DutyCheck(scenario, history, timeline, streams, findings).run()
        check_notices(self._auditor.notices, history, self._closing, findings)
        self._check_crossed_books()

    def _check_crossed_books(self) -> None:
        for occasion, line, instrument_id, sequence in self._auditor.crossed:
            phases = self._timeline.phases_in(instrument_id, sequence)
            self._auditor.findings.check(
                phases != {"continuous"} or self._closing.may_be_lost(occasion),
                BOOKS,
                f"{line}: {instrument_id} is crossed after {sequence}, while orders trade",
            )
