"""Timers on market time: what is to happen when market time has come so far. The venue keeps them in one heap."""

from typing import final

from msgspec import Struct

from openoutcry.domain.phases import Phase


@final
class PhaseDue(Struct, frozen=True, array_like=True, tag="phase_due"):
    """The session moves to another phase, by its timetable."""

    phase: Phase


@final
class BatchDue(Struct, frozen=True, array_like=True, tag="batch_due"):
    """The next batch auction of the session, by number, from 1."""

    number: int


MarketTimer = PhaseDue | BatchDue
"""All kinds of timers; each has its row in `venue/due/table.py`."""
