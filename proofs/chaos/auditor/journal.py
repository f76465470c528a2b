"""Compares verdicts with the journal: every answered command has its place there, with the same verdict."""

from typing import Final

from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.identifiers import format_order_id
from openoutcry.domain.reasons import Duplicate, Reject
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import OrderId
from openoutcry.journal.reader import read_journal
from openoutcry.protocol.timestamps import format_timestamp
from proofs.chaos.auditor.auditor import Auditor
from proofs.chaos.auditor.closing import Closing
from proofs.chaos.auditor.told import ToldAnswer
from proofs.chaos.machine.server import Server

CLAIM: Final = "what was answered is in the journal"


def check_journal(auditor: Auditor, server: Server, closing: Closing) -> None:
    """After the exchange has ended."""
    records = {int(record.sequence): record for record in read_journal(server.directory.journal)}
    for told in auditor.answers:
        if told.sequence is not None:
            difference = _difference(told, records.get(told.sequence))
            auditor.findings.check(
                difference is None or closing.may_be_lost(told.occasion),
                CLAIM,
                f"{told} at {told.occasion.time:.6f}: {difference}",
            )


def _difference(told: ToldAnswer, record: Sequenced | None) -> str | None:
    """How the journal differs; None if it agrees."""
    if record is None:
        return "nothing is at its place"
    if format_timestamp(record.time) != told.timestamp:
        return f"of another time, {format_timestamp(record.time)}"
    code, order_id = _outcome(told)
    verdict = record.verdict
    if isinstance(verdict, Reject):
        return None if code == verdict.code else f"refused as {verdict.code}"
    if code is not None:
        return f"accepted as {verdict}"
    if isinstance(record.command, SubmitOrder):
        kept = format_order_id(OrderId(verdict.order_id if isinstance(verdict, Duplicate) else verdict.new_id))
        return None if kept == order_id else f"accepted as {kept}"
    return None


def _outcome(told: ToldAnswer) -> tuple[str | None, str | None]:
    """Code and order id of the command at that place: in the answer to a batch, of the last order that was taken."""
    if told.request.path != "/orders/batch" or not told.success:
        return told.code, told.order_id
    outcomes = [((result["error"] or {}).get("code"), result["order_id"]) for result in told.data["results"]]
    return [outcome for outcome in outcomes if outcome[0] != "SERVICE_UNAVAILABLE"][-1]
