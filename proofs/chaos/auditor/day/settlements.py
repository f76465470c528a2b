"""The end of options: each is settled once, when its last session is over, at what its price was on average."""

from typing import Final

from openoutcry.domain.commands import StartSession
from openoutcry.domain.reasons import Reject
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History
from proofs.chaos.auditor.ledger import SETTLED, Ledger

NOTHING_LEFT: Final = "nobody holds what is settled"


def check_settlements(history: History, ledgers: dict[str, Ledger], findings: Findings) -> None:
    last = max(
        (
            record.command.date.replace("-", "")
            for record, _ in history.steps
            if isinstance(record.command, StartSession) and not isinstance(record.verdict, Reject)
        ),
        default="",
    )
    for instrument_id, instrument in history.instruments.items():
        is_over = instrument.option is not None and instrument.option.expiry <= last
        paid = history.settlements.get(instrument_id, [])
        findings.equal(SETTLED, f"settlements of {instrument_id}", expected=int(is_over), told=len(paid))
        if paid:
            for ledger in ledgers.values():
                held = ledger.positions.get(instrument_id, 0)
                findings.equal(NOTHING_LEFT, f"{ledger.bot} {instrument_id}", expected=0, told=held)
