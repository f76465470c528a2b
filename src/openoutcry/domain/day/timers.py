"""Timers on market time: what is to happen when market time has come so far. The venue keeps them in one heap."""

from typing import final

from msgspec import Struct

from openoutcry.domain.day.phases import Phase
from openoutcry.domain.types import InstrumentId, MarketTime


@final
class PhaseDue(Struct, frozen=True, array_like=True, tag="phase_due"):
    """The session moves to another phase, or one instrument does.

    `earliest`: when, as far as anybody is told. `number`: of the phase that this ends, so that it does nothing once
    that has ended otherwise; None for a line of the timetable.
    """

    phase: Phase
    earliest: MarketTime
    instrument_id: InstrumentId | None = None
    number: int | None = None


@final
class BatchDue(Struct, frozen=True, array_like=True, tag="batch_due"):
    """The next batch auction of the session, by number, from 1."""

    number: int


MarketTimer = PhaseDue | BatchDue
"""All kinds of timers; each has its row in `venue/due/table.py`."""
