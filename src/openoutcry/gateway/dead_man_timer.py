"""The dead-man timer: all of a team's orders go unless it is renewed in time."""

from openoutcry.domain.reasons import Reject
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.sequencing import accepted, rejected
from openoutcry.protocol.requests import CancelAfterRequest
from openoutcry.protocol.responses import CancelAfterData
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.runtime.exchange import Exchange


def set_cancel_after(exchange: Exchange, receipt: Receipt, request: CancelAfterRequest) -> Answer[CancelAfterData]:
    """Set, renew or switch off the timer; says when it would strike."""
    exchange.coordinator.admit()
    sequenced = exchange.protection.set_cancel_after(receipt.team_id, request.seconds)
    if isinstance(sequenced.verdict, Reject):
        return rejected(receipt, sequenced, sequenced.verdict)
    cancel_at = exchange.sequencer.queries.cancel_at(receipt.team_id)
    return accepted(
        receipt, sequenced, CancelAfterData(cancel_at=None if cancel_at is None else format_timestamp(cancel_at))
    )
