"""The signal `tracking_error`: the tracker is about to be far off its index."""

from typing import Final

from openoutcry.domain.simulation.signals import SignalToRole, TrackingError
from openoutcry.domain.simulation.world_rules import TrackingRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.world import SHARES, Integers, WorldSignal

_MILLI: Final = 1_000
_PPB: Final = 10**9


def tracking_signals(rules: TrackingRules, errors: Integers, deviation: int) -> list[WorldSignal]:
    """One each time that the error is past the trigger, not before it has been small again. Second 0 has none.

    `deviation`: the stationary one, in 1e-12 as `errors` are.
    """
    if not deviation:
        return []
    trigger = deviation * rules.trigger_milli // _MILLI
    rearmed = trigger * rules.rearmed_ppm // PPM
    drawn: list[WorldSignal] = []
    armed = True
    for second, error in enumerate(errors[1 + rules.ahead_seconds :].tolist(), start=1):
        if not armed:
            armed = abs(error) < rearmed
        elif abs(error) >= trigger:
            armed = False
            drawn.append(WorldSignal(second, SignalToRole(rules.role, _signal(rules, error, deviation))))
    return drawn


def _signal(rules: TrackingRules, error: int, deviation: int) -> TrackingError:
    z_score_milli = _nearest(error * _MILLI, deviation)
    less = rules.confidence_slope_ppm * (abs(z_score_milli) - _MILLI) // _MILLI
    return TrackingError(
        error_ppb=_nearest(error * _PPB, SHARES),
        direction="SPY_RICH" if error > 0 else "SPY_CHEAP",
        z_score_milli=z_score_milli,
        confidence_ppm=min(max(rules.confidence_ppm - less, rules.confidence_least_ppm), PPM),
    )


def _nearest(number: int, whole: int) -> int:
    return (2 * number + whole) // (2 * whole)
