"""Compares what bots were told live, what the lab makes of it, and how both were scored."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from openoutcry.bootstrap.projections import scores_of
from openoutcry.client.bot.line import NOT_CONNECTED, OUTCOME_UNKNOWN
from openoutcry.domain.events import Event, OrderAcknowledged
from openoutcry.domain.identifiers import format_order_id, format_team_id
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.lab.recorded.feed import Fed, feed
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.replay import ReplayFailed, replay
from openoutcry.scoring.formula.score import Score, score
from proofs.live_lab.fill_rules import judged
from proofs.live_lab.live import LiveBot
from proofs.played_journal import PlayedJournal
from proofs.report import Report
from proofs.scores import boards
from proofs.scores.boards import DIGITS, Result
from proofs.scores.proof import compare
from proofs.server_process import replayed_state_hash, run_openoutcry

OUTSIDE_THE_JOURNAL = frozenset({NOT_CONNECTED, OUTCOME_UNKNOWN, ErrorCode.RATE_LIMIT_EXCEEDED})
"""Codes of verdicts that no command was given for."""


def check_fed(report: Report, what: str, data: Path, state_hash: str) -> tuple[Fed | None, list[Score]]:
    """Each command in `data` is judged again by an exchange in memory, which comes to the same state. Returns the
    scores that it makes of it.
    """
    judged_again = report.check(f"{what}: each verdict = the lab's on the same command, to the byte")
    sealed = report.check(f"{what}: state at each seal of the journal = the lab's")
    hashes = report.check(f"{what}: state hash at the end = the lab's, and openoutcry replay's")
    scenario = DataDirectory(data).kept_scenario()
    rules = scenario.scoring
    scores = None if rules is None else scores_of(scenario, rules)
    try:
        fed = feed(data, projections=() if scores is None else (scores,))
    except ReplayFailed as failed:
        for check in (judged_again, sealed, hashes):
            check.differ(str(failed))
        return None, []
    judged_again.compared, sealed.compared = fed.commands, fed.seals
    hashes.equal("lab", expected=state_hash, found=fed.state_hash)
    hashes.equal("openoutcry replay", expected=state_hash, found=replayed_state_hash(data))
    return fed, [] if scores is None or rules is None else score(scores.entries(), rules)


def check_told(report: Report, data: Path, bots: Sequence[LiveBot]) -> None:
    """Whatever a bot was told of its orders stands in the journal: each order that was accepted, each refusal."""
    entered: defaultdict[str, set[str]] = defaultdict(set)
    refused: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)

    def follow(record: Sequenced, events: list[Event]) -> None:
        team_id = getattr(record.command, "team_id", None)
        if isinstance(record.verdict, Reject) and team_id is not None:
            refused[format_team_id(team_id)][str(record.verdict.code), record.verdict.message] += 1
        for event in events:
            if isinstance(event, OrderAcknowledged):
                entered[format_team_id(event.team_id)].add(format_order_id(event.order_id))

    journal = PlayedJournal(data)
    for _ in replay(journal.reader, journal.venue, [follow]):
        pass
    accepted = report.check("live: orders that bots were told of stand in the journal")
    refusals = report.check("live: refusals that bots were told of stand in the journal, word for word")
    for bot in bots:
        told = Counter[tuple[str, str]]()
        for _, _, verdict in bot.line.answers:
            sides = ((quote.bid_order_id, quote.ask_order_id) for quote in verdict.quotes)
            for order_id in filter(None, (verdict.order_id, *(each for side in sides for each in side))):
                accepted.equal(f"{bot.name}'s {order_id}", expected=True, found=order_id in entered[bot.team_id])
            if verdict.error is not None and verdict.error.code not in OUTSIDE_THE_JOURNAL:
                told[verdict.error.code, verdict.error.message] += 1
        for words, number in told.items():
            found = min(number, refused[bot.team_id][words])
            refusals.equal(f"{bot.name}: {words}", expected=number, found=found)


def check_rules(report: Report, what: str, data: Path) -> int:
    """Every fill keeps the rules. Returns how many there were."""
    rules = judged(data)
    check = report.check(f"{what}: fills keep price-time priority, limits, one price an auction")
    check.compared = rules.fills
    for wrong in rules.wrong:
        check.differ(wrong)
    verified = run_openoutcry("verify", str(data))
    check = report.check(f"{what}: openoutcry verify finds it sound")
    if not check.equal("exit code", expected=0, found=verified.returncode):
        check.differ(verified.stdout + verified.stderr)
    return rules.fills


def check_scores(report: Report, what: str, data: Path, found: Sequence[Score]) -> Result:
    """The lab's scores of it are those of `openoutcry score`, which are returned."""
    document = boards.of_document(boards.scored(data))
    compare(report, f"{what}: the lab's scores = openoutcry score", document, of_scores(found))
    return document


def of_scores(scores: Sequence[Score]) -> Result:
    """In the shape of `boards`."""
    return {
        each.entry.team_name: {
            "rank": each.rank,
            "pnl": each.entry.pnl / MONEY_UNITS,
            "inactive": each.inactive,
            "excluded": (each.entry.excluded_trades, each.entry.excluded_value / MONEY_UNITS),
            "total": _rounded(each.total),
            "parts": tuple(map(_rounded, (each.role_points, each.compliance, each.risk))),
            **{
                part.name: tuple(map(_rounded, (float(part.value), float(part.share), float(part.points))))
                for part in each.components
            },
        }
        for each in scores
    }


def _rounded(number: float) -> float:
    return round(number, DIGITS) + 0.0
