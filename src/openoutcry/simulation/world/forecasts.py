"""The signal `volatility_forecast`: shifts of the chain told ahead, some of them, and false alarms, as many as misses.

A forecast's confidence is the chance that it comes true. Shifts by news are never told ahead.
"""

from collections.abc import Sequence

import numpy as np

from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.signals import SignalToRole, VolatilityForecast
from openoutcry.domain.simulation.world_rules import ForecastRules, WorldRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.words import WORD_BITS
from openoutcry.simulation.world.chance import Chance
from openoutcry.simulation.world.news import MICROSECONDS
from openoutcry.simulation.world.regimes import Shift, chosen
from openoutcry.simulation.world.world import Integers, WorldSignal


def draw_forecasts(
    rules: ForecastRules, world: WorldRules, chance: Chance, shifts: Sequence[Shift], regimes: Integers, after: int
) -> list[WorldSignal]:
    """Forecasts later than the second `after`, at which `regimes` begin."""
    quiet = _quiet_seconds(shifts, after, after + len(regimes) - 1, rules.quiet_seconds)
    drawn: list[WorldSignal] = []
    for shift in shifts:
        if shift.forced:
            continue
        confidence = rules.confidence_least_ppm + chance.below(
            rules.confidence_most_ppm - rules.confidence_least_ppm + 1
        )
        comes_true = chance.below(PPM) < confidence
        lead = rules.lead_least_seconds * MICROSECONDS + chance.below(
            (rules.lead_most_seconds - rules.lead_least_seconds) * MICROSECONDS + 1
        )
        blurred_ppm = PPM - rules.blur_ppm + chance.below(2 * rules.blur_ppm + 1)
        quiet_word, regime_chance = chance.word(), chance.below(PPM)
        if comes_true:
            lead = min(lead, (shift.instant - shift.since) // 2)
            second, regime = -(-(shift.instant - lead) // MICROSECONDS), shift.regime
        elif len(quiet):
            second = int(quiet[quiet_word * len(quiet) >> WORD_BITS])
            regime = chosen(world.regimes[int(regimes[second - after])].next_ppm, regime_chance)
        else:
            continue
        told = max(round(lead * blurred_ppm / (MICROSECONDS * PPM)), 1)
        forecast = VolatilityForecast(REGIMES[regime], told, confidence)
        drawn.append(WorldSignal(second, SignalToRole(rules.role, forecast)))
    return drawn


def _quiet_seconds(shifts: Sequence[Shift], after: int, seconds: int, quiet: int) -> Integers:
    """Seconds later than `after` that are followed by so many without a shift, and before the close."""
    calm = np.ones(max(seconds - quiet - after, 0), dtype=np.bool_)
    for shift in shifts:
        # Its second is one of those that follow: second - quiet to second - 1 are not calm. Place 0 is after + 1.
        calm[max(shift.second - quiet - after - 1, 0) : max(shift.second - after - 1, 0)] = False
    return np.flatnonzero(calm) + after + 1
