"""What the organisers did."""

from openoutcry.access.caller import Caller
from openoutcry.domain.types import Sequence
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import ActionsQuery
from openoutcry.protocol.responses import ActionsData
from openoutcry.protocol.translation.actions import action_info
from openoutcry.runtime.actions import Actions
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable


def list_actions(exchange: Exchange, _caller: Caller, query: ActionsQuery) -> Result[ActionsData]:
    """A page of the organisers' commands, oldest first. Raises `Unavailable` if the list failed and was dropped."""
    actions = exchange.projections.running(Actions)
    if actions is None:
        raise Unavailable("The list of actions failed and was dropped; the log says why, and the journal has them all")
    page, omitted = actions.page(Sequence(query.after), query.limit)
    instrument_of = exchange.sequencer.queries.instrument
    infos = [action_info(sequenced, instrument_of) for sequenced in page]
    data = ActionsData(infos, omitted, actions.forgotten)
    return Result(exchange.clock.now(), data)
