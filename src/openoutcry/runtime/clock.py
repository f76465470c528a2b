"""Where the time of a command comes from."""

import time
from typing import Protocol

from openoutcry.domain.types import TimestampUs


class Clock(Protocol):
    def now(self) -> TimestampUs:
        """Wall-clock time. It may go back; the sequencer's stamps do not."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> TimestampUs:
        return TimestampUs(time.time_ns() // 1000)
