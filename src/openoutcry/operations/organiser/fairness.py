"""Fair play: the organiser gives up a commitment whose seed is lost."""

from typing import Final

import structlog

from openoutcry.access.caller import Caller
from openoutcry.domain.reasons import Reject
from openoutcry.operations.commands import accepted, rejected
from openoutcry.operations.fairness import fairness_data
from openoutcry.operations.organiser.acting import why
from openoutcry.operations.result import Result
from openoutcry.protocol.requests import ReasonRequest
from openoutcry.protocol.responses import FairnessData
from openoutcry.runtime.exchange import Exchange

_log: Final = structlog.get_logger()


def withdraw_commitment(exchange: Exchange, caller: Caller, request: ReasonRequest) -> Result[FairnessData]:
    """Give up the commitment that waits for the next session; another one follows at once."""
    reason = why(caller, request)
    exchange.coordinator.admit()
    sequenced = exchange.driver.withdraw_commitment(reason)
    if isinstance(sequenced.verdict, Reject):
        return rejected(sequenced, sequenced.verdict)
    _log.info("commitment withdrawn")
    return accepted(sequenced, fairness_data(exchange))
