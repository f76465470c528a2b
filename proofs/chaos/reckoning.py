"""The reckoning after trading: last queries, the end of the exchange, its journal, a last start."""

from openoutcry.journal.reader import read_journal
from openoutcry.journal.segment import JournalCorrupt
from openoutcry.runtime.recovery.replay import ReplayFailed
from openoutcry.runtime.recovery.rerun import rerun
from openoutcry.runtime.recovery.snapshots.files import Block, block_of
from proofs.chaos.auditor.auditor import Auditor
from proofs.chaos.auditor.closing import Closing
from proofs.chaos.auditor.day.audit import DayAudit
from proofs.chaos.auditor.examiner import Examiner, NotAnswered, Truth
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import read_history
from proofs.chaos.auditor.journal import check_journal
from proofs.chaos.auditor.protection import check_protection
from proofs.chaos.machine.projections import projections_of
from proofs.chaos.machine.server import Server
from proofs.chaos.parties.bot import Bot


class Reckoning:
    def __init__(self, server: Server, auditor: Auditor, examiner: Examiner) -> None:
        self._server = server
        self._auditor = auditor
        self._examiner = examiner
        self._findings: Findings = auditor.findings

    async def hold(self, bots: list[Bot], quiet_at: str) -> None:
        """`quiet_at`: the time until which bots were connected, and by which all messages to them had arrived."""
        try:
            history = read_history(self._server.scenario, self._server.directory.path)
            truth = await self._examiner.ask(bots, history.instruments)
        except (ReplayFailed, JournalCorrupt) as failed:
            self._findings.add("the whole journal can be read", str(failed))
            return
        except NotAnswered as refusal:
            self._findings.add("the last questions are answered", str(refusal))
            return
        closing = Closing(self._auditor, self._server, truth, history)
        closing.examine(quiet_at)
        if self._server.scenario.session is not None:
            DayAudit(self._auditor, self._server, closing, truth, history).examine()
        state, projections = self._state(), self._projections()
        await self._server.stop()
        try:
            self._replay(state, projections)
        except JournalCorrupt as corrupt:
            self._findings.add("the whole journal can be read", str(corrupt))
            return
        check_journal(self._auditor, self._server, closing)
        self._start_again(state, projections)
        self._check_protection(truth, closing)

    def _state(self) -> tuple[str, int]:
        """Hash of the state, and epoch."""
        exchange = self._server.exchange
        assert exchange is not None, "it has just answered, or started"  # noqa: S101
        return exchange.sequencer.state_hash(), exchange.sequencer.epoch

    def _projections(self) -> list[Block]:
        """What they have come to. With durability "disk" they know of what is on the disk, which by now is all."""
        exchange = self._server.exchange
        assert exchange is not None, "it has just answered, or started"  # noqa: S101
        return list(map(block_of, exchange.projections.capture(exchange.sequencer.last_sequence)))

    def _replay(self, state: tuple[str, int], projections: list[Block]) -> None:
        try:
            report = rerun(self._server.directory.path, projections_of=projections_of)
        except ReplayFailed as failed:
            self._findings.add("a replay leads to the same state", str(failed))
            return
        self._findings.equal("a replay leads to the same state", "replay", expected=state[0], told=report.state_hash)
        replayed = list(map(block_of, report.projections))
        self._findings.equal("projections know the whole past", "replay", expected=replayed, told=projections)

    def _start_again(self, state: tuple[str, int], projections: list[Block]) -> None:
        try:
            started = self._server.start()
        except ReplayFailed as failed:
            self._findings.add("the exchange starts again", str(failed))
            return
        if self._findings.check(started, "the exchange starts again", "after a clean end it does not"):
            self._findings.equal("a restart changes nothing", "state, epoch", expected=state, told=self._state())
            told = self._projections()
            self._findings.equal("a restart changes nothing", "projections", expected=projections, told=told)

    def _check_protection(self, truth: Truth, closing: Closing) -> None:
        """By now no connection can still be open."""
        ledgers = {team.account["team_id"]: closing.ledgers[team.bot] for team in truth.teams}
        records = read_journal(self._server.directory.journal)
        check_protection(records, ledgers, self._server.moments, self._server.clock, self._findings)
