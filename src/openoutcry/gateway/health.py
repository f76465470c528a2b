"""Whether the exchange is alive and takes commands: for people, and for what watches over it."""

from openoutcry import __version__
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.answers import Answer, refuse, succeed
from openoutcry.gateway.receipts import Receipt
from openoutcry.protocol.responses import HealthData
from openoutcry.runtime.exchange import Exchange


def show_health(exchange: Exchange, receipt: Receipt) -> Answer[HealthData]:
    """200 while commands are taken; else 503, with the reason and the same data. Asks nothing of the venue.

    It waits for nothing, so with durability "disk" it tells of nothing that is not on the disk, but how much waits.
    """
    now = exchange.clock.now()
    failure = exchange.journal.failure
    reason = exchange.sequencer.stopped_reason or (None if failure is None else str(failure))
    data = HealthData(
        status="ok" if reason is None else "stopped",
        reason=reason,
        version=__version__,
        uptime_seconds=(now - exchange.started_at) / 1_000_000,
        sequence=exchange.coordinator.last_told(exchange.sequencer.last_sequence),
        epoch=exchange.sequencer.epoch,
        journal_lag_commands=exchange.journal.unsynced,
    )
    if reason is None:
        return succeed(receipt, now, data)
    answer: Answer[HealthData] = refuse(receipt, now, Reject(ErrorCode.SERVICE_UNAVAILABLE, reason))
    answer.response.data = data
    return answer
