"""With durability "disk": nothing is told before everything that it may tell of is on the disk. One rule for all.

A result waits for the last command that had been sequenced when it was made, whoever sent that command. Its own
command is not enough: queries, verdicts and refusals all stand on what others did before. So nobody has to know
which result tells of what.
"""

from typing import Any

from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import Sequence
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout


class Hold:
    """What may be told, and when; with durability "os" everything at once."""

    def __init__(self, exchange: Exchange) -> None:
        self._coordinator = exchange.coordinator
        self._sequencer = exchange.sequencer
        self._clock = exchange.clock

    def holds(self) -> bool:
        """Whether what was made just now may not be told yet."""
        return self._coordinator.holds(self._sequencer.last_sequence)

    async def until_released(self) -> None:
        """Return when what was made just now may be told. Raises `ProcessingTimeout`."""
        await self._coordinator.until_synced(self._sequencer.last_sequence)

    def in_place_of(self, sequence: Sequence | None, timed_out: ProcessingTimeout) -> Result[Any]:
        """What is told in place of a result with this `sequence`, which may not be.

        The outcome of a command is unknown; a query has none, and may be sent again.
        """
        if sequence is not None:
            reject = Reject(ErrorCode.PROCESSING_TIMEOUT, str(timed_out))
        else:
            reject = Reject(ErrorCode.SERVICE_UNAVAILABLE, f"The answer cannot be given now: {timed_out.reason}")
        return Result(self._clock.now(), reject=reject)
