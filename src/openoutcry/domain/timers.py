"""Timers on market time: what is to happen when market time has come so far. The venue keeps them in one heap."""

from typing import final

from msgspec import Struct

from openoutcry.domain.phases import Phase


@final
class PhaseDue(Struct, frozen=True, array_like=True, tag="phase_due"):
    """The session moves to another phase, by its timetable."""

    phase: Phase


MarketTimer = PhaseDue
"""All kinds of timers; each has its row in `venue/due/table.py`."""
