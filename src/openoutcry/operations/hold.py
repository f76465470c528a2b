"""With durability "disk": a result is told once every command that it may tell of is on the disk. One rule for all.

A result waits for the last command that had been sequenced when it was made, by any team. Its own command is not
enough, because queries, verdicts and refusals depend on earlier commands of others. So no code has to know which result
tells of which command.
"""

from typing import Any

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import Sequence
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout


class Hold:
    """Decides when a result may be told; with durability "os" at once."""

    def __init__(self, exchange: Exchange) -> None:
        self._coordinator = exchange.coordinator
        self._sequencer = exchange.sequencer
        self._clock = exchange.clock

    def holds(self) -> bool:
        """Whether a result made just now must wait."""
        return self._coordinator.holds(self._sequencer.last_sequence)

    async def until_released(self) -> None:
        """Return when a result made just now may be told. Raises `ProcessingTimeout`."""
        await self._coordinator.until_synced(self._sequencer.last_sequence)

    def in_place_of(self, sequence: Sequence | None, timed_out: ProcessingTimeout) -> Result[Any]:
        """The result in place of one with this `sequence` that may not be told.

        A command's outcome is unknown; a query may be sent again.
        """
        if sequence is not None:
            reject = Reject(ErrorCode.PROCESSING_TIMEOUT, str(timed_out))
        else:
            reject = Reject(ErrorCode.SERVICE_UNAVAILABLE, f"The answer cannot be given now: {timed_out.reason}")
        return Result(self._clock.now(), reject=reject)
