"""Whether the exchange runs and takes commands: for people, and for monitoring."""

from typing import Final, Literal

from msgspec import Struct

from openoutcry import __version__
from openoutcry.access.caller import Caller
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import HealthData
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable

SLOW_SYNC_SECONDS: Final = 1.0
"""Seconds after which a sync of a few records counts as a failing disk; answers that wait for it time out soon."""


class _Condition(Struct, frozen=True):
    status: Literal["ok", "degraded", "stopped"]
    reason: str | None = None
    takes_commands: bool = True


def show_health(exchange: Exchange, _caller: Caller) -> Result[HealthData]:
    """While no command is taken, `reject` says why, beside the same data. Asks nothing of the venue.

    It waits for nothing, so with durability "disk" it tells of nothing that is not on the disk, but how much waits.
    """
    now = exchange.clock.now()
    condition = _condition(exchange)
    data = HealthData(
        status=condition.status,
        reason=condition.reason,
        version=__version__,
        uptime_seconds=(now - exchange.started_at) / 1_000_000,
        sequence=exchange.coordinator.last_told(exchange.sequencer.last_sequence),
        epoch=exchange.sequencer.epoch,
        journal_lag_commands=exchange.journal.unsynced,
        failed_projections=dict(exchange.projections.failed),
    )
    reject = None if condition.takes_commands else Reject(ErrorCode.SERVICE_UNAVAILABLE, str(condition.reason))
    return Result(now, data, reject)


def _condition(exchange: Exchange) -> _Condition:
    """The worst current problem. After a full disk this also tries whether it is still full."""
    stopped = exchange.sequencer.stopped_reason or exchange.journal.failure
    if stopped is not None:
        return _Condition("stopped", stopped, takes_commands=False)
    exchange.journal.try_again()
    if exchange.journal.obstacle is not None:
        return _Condition("degraded", exchange.journal.obstacle, takes_commands=False)
    try:
        exchange.private_streams.check_room()
    except Unavailable as no_room:
        return _Condition("degraded", str(no_room), takes_commands=False)
    if exchange.private_streams.trouble is not None:
        return _Condition("degraded", exchange.private_streams.trouble)
    if exchange.driver.trouble is not None:
        return _Condition("degraded", exchange.driver.trouble)
    seconds = exchange.journal.sync_seconds
    if seconds > SLOW_SYNC_SECONDS:
        return _Condition("degraded", f"a sync of the journal has not ended after {seconds:.0f} seconds")
    if exchange.projections.failed:
        failed = ", ".join(f"{name} (at {sequence})" for name, sequence in exchange.projections.failed.items())
        return _Condition("degraded", f"dropped after a failure, while trading goes on: {failed}; the log tells more")
    return _Condition("ok")
