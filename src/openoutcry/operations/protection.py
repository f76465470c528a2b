"""The dead-man timer: all of a team's orders are cancelled unless it is renewed in time."""

from openoutcry.access.caller import Caller
from openoutcry.domain.reasons import Reject
from openoutcry.operations.commands import accepted, rejected
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import CancelAfterRequest
from openoutcry.protocol.responses import CancelAfterData
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.runtime.exchange import Exchange


def set_cancel_after(exchange: Exchange, caller: Caller, request: CancelAfterRequest) -> Result[CancelAfterData]:
    """Set, renew or switch off the timer; says when it would strike."""
    exchange.coordinator.admit()
    sequenced = exchange.protection.set_cancel_after(caller.team_id, request.seconds)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    cancel_at = exchange.sequencer.queries.cancel_at(caller.team_id)
    return accepted(sequenced, CancelAfterData(cancel_at=None if cancel_at is None else format_timestamp(cancel_at)))
