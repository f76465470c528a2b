"""What is measured of one world: for each figure, what this seed adds to the sums above and below."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.signals import TrackingError, VolatilityForecast
from openoutcry.domain.simulation.world_rules import ForecastRules, MarketRules, TrackingRules, WorldRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.world import SHARES, World
from proofs.world.estimate import Observation
from proofs.world.straddles import TEN_MINUTES, for_ten_minutes, to_settlement

Measured = dict[str, Observation]

LAG: Final = 60
"""Seconds between the two values whose correlation tells a half-life."""
TOUCH_SECONDS: Final = 300
"""In which half of a tracking error should be gone, as often as its confidence says."""
CONFIDENCES: Final = (0.46, 0.56, 0.66, 0.76, 0.861)
"""Bounds of the groups in which confidence is compared with truth."""
BELIEFS: Final = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.000_001)


class _Sums(defaultdict[str, list[float]]):
    def __init__(self) -> None:
        super().__init__(lambda: [0.0, 0.0])

    def add(self, figure: str, above: float, below: float) -> None:
        sums = self[figure]
        sums[0] += above
        sums[1] += below


def measure(world: World, rules: MarketRules) -> Measured:
    sums = _Sums()
    _regimes(sums, world)
    _prices(sums, world)
    _news(sums, world, rules)
    _reverting(sums, "tracker", world.errors / SHARES)
    _reverting(sums, "level", world.levels / SHARES)
    _beliefs(sums, world)
    _straddles(sums, world, rules)
    if rules.forecast is not None:
        _forecasts(sums, world, rules.forecast)
    if rules.tracking is not None:
        _tracking(sums, world, rules.tracking, rules.world)
    return {figure: (above, below) for figure, (above, below) in sums.items()}


def _switches(world: World) -> Iterator[tuple[int, str, str]]:
    """Seconds at which the chain itself goes from one regime to another."""
    forced = {item.second for item in world.news if item.effect.regime is not None}
    for second in (np.flatnonzero(np.diff(world.regimes)) + 1).tolist():
        if second not in forced:
            yield second, REGIMES[world.regimes[second - 1]], REGIMES[world.regimes[second]]


def _regimes(sums: _Sums, world: World) -> None:
    steps = world.regimes[:-1]
    for place, name in enumerate(REGIMES):
        inside = int((steps == place).sum())
        sums.add(f"share {name}", inside, len(steps))
        sums.add(f"leaves {name}", 0, inside)
    sums.add("switches", int(np.count_nonzero(np.diff(world.regimes))), 1)
    for _, before, after in _switches(world):
        sums.add(f"leaves {before}", 1, 0)
        for name in REGIMES:
            sums.add(f"{before} to {name}", name == after, 1)
    for item in world.news:
        if item.effect.regime is not None:
            before = REGIMES[world.regimes[item.second - 1]]
            for name in REGIMES:
                sums.add(f"{before} forced to {name}", name == item.effect.regime, 1)


def _prices(sums: _Sums, world: World) -> None:
    returns = np.diff(np.log(world.index))
    squares = returns * returns
    jumps = [item.second - 1 for item in world.news if item.effect.jump_ppm is not None]
    sums.add("variance with jumps", float(squares.sum()), len(squares))
    quiet = np.ones(len(squares), dtype=np.bool_)
    quiet[jumps] = False
    sums.add("variance", float(squares[quiet].sum()), int(quiet.sum()))
    for place, name in enumerate(REGIMES):
        inside = quiet & (world.regimes[:-1] == place)
        sums.add(f"variance {name}", float(squares[inside].sum()), int(inside.sum()))
    sums.add("growth", world.index[-1] / world.index[0] - 1, 1)


def _news(sums: _Sums, world: World, rules: MarketRules) -> None:
    sums.add("news", len(world.news), 1)
    least, spread = rules.world.news_gap_least_seconds, rules.world.jump_spread_ppm / PPM
    middle = math.log(rules.world.jump_ppm) - spread * spread / 2
    # The mean of what comes on top of the least gap: all such time of the session, over the news that ended it.
    for before, after in pairwise([0, *(item.second for item in world.news), world.seconds]):
        sums.add("gap beyond", max(after - before - least, 0), 0)
    sums.add("gap beyond", 0, len(world.news))
    for item in world.news:
        jump = item.effect.jump_ppm
        sums.add("news that shift", item.effect.regime is not None, 1)
        sums.add("news that jump", jump is not None, 1)
        sums.add("news without effect", item.effect.regime is None and jump is None, 1)
        if jump is not None:
            sums.add("jump size", abs(jump) / PPM, 1)
            sums.add("jump spread", (math.log(abs(jump)) - middle) ** 2, 1)
            sums.add("jumps up", jump > 0, 1)
            sums.add("jump", jump / PPM, 1)
            sign = rules.headlines[item.headline].jump_sign
            if sign:
                sums.add("jumps against their headline", sign * jump < 0, 1)


def _reverting(sums: _Sums, name: str, values: NDArray[np.float64]) -> None:
    squares = values * values
    sums.add(f"{name} variance", float(squares.sum()), len(values))
    sums.add(f"{name} mean", float(values.sum()), len(values))
    sums.add(f"{name} kept", float((values[:-LAG] * values[LAG:]).sum()), float(squares[:-LAG].sum()))


def _beliefs(sums: _Sums, world: World) -> None:
    beliefs = world.beliefs / SHARES
    named = beliefs.argmax(axis=1)
    sums.add("named truly", int((named == world.regimes).sum()), len(named))
    for place, name in enumerate(REGIMES):
        believed, true = beliefs[:, place], world.regimes == place
        sums.add(f"belief {name}", float(believed.sum()) - int(true.sum()), len(true))
        for least, most in pairwise(BELIEFS):
            inside = (believed >= least) & (believed < most)
            figure = f"belief {least:.0%} to {min(most, 1):.0%}"
            sums.add(figure, float((true[inside] - believed[inside]).sum()), int(inside.sum()))


def _straddles(sums: _Sums, world: World, rules: MarketRules) -> None:
    """What they earn, over what they cost."""
    for straddle in to_settlement(world, rules, straddle_seconds(world.seconds)):
        sums.add(f"straddle from {straddle.second}", straddle.earned, straddle.paid)
    last = world.seconds - TEN_MINUTES
    for straddle in for_ten_minutes(world, rules):
        figure = "last straddle" if straddle.second == last else "straddle"
        sums.add(f"{figure} for ten minutes", straddle.earned, straddle.paid)
        sums.add(f"{figure} for ten minutes in {straddle.named}", straddle.earned, straddle.paid)


def straddle_seconds(seconds: int) -> list[int]:
    """Four instants of a session of so many seconds, from which straddles are held until they settle."""
    return [seconds * quarter // 4 for quarter in range(4)]


def _forecasts(sums: _Sums, world: World, rules: ForecastRules) -> None:
    switches = list(_switches(world))
    any_shift = np.flatnonzero(np.diff(world.regimes)) + 1
    forecasts = [
        (item.second, item.signal.signal)
        for item in world.signals
        if isinstance(item.signal.signal, VolatilityForecast)
    ]
    sums.add("forecasts", len(forecasts), 1)
    sums.add("forecasts that come true", 0, len(forecasts))
    sums.add("changes told ahead", 0, len(switches))
    for second, forecast in forecasts:
        confidence = forecast.confidence_ppm / PPM
        ahead = next(((at - second, after) for at, _, after in switches if at >= second), None)
        is_true = ahead is not None and ahead[0] <= rules.lead_most_seconds + 1 and ahead[1] == forecast.regime
        sums.add("forecasts that come true", is_true, 0)
        sums.add("confidence", confidence, 1)
        group = next((pair for pair in pairwise(CONFIDENCES) if pair[0] <= confidence < pair[1]), CONFIDENCES[-2:])
        sums.add(f"confidence {group[0]:.0%} to {group[1]:.0%}", is_true - confidence, 1)
        if is_true and ahead is not None:
            sums.add("changes told ahead", 1, 0)
            sums.add("lead", ahead[0], 1)
            if ahead[0] >= rules.lead_least_seconds:  # shorter ones are told in whole seconds, which is coarse
                sums.add("seconds told", forecast.seconds_until_change, ahead[0])
        else:
            following = (any_shift > second) & (any_shift <= second + rules.quiet_seconds)
            sums.add("false alarms before a change", bool(following.any()), 1)


def _tracking(sums: _Sums, world: World, rules: TrackingRules, world_rules: WorldRules) -> None:
    deviation = world_rules.tracker_deviation_ppm * SHARES // PPM
    signals = [
        (item.second, item.signal.signal) for item in world.signals if isinstance(item.signal.signal, TrackingError)
    ]
    sums.add("tracking signals", len(signals), 1)
    errors = world.errors
    for second, signal in signals:
        told = second + rules.ahead_seconds
        error = int(errors[told])
        is_exact = abs(signal.error_ppb * (SHARES // 10**9) - error) * 2 <= SHARES // 10**9
        sums.add("tracking signals that tell another error", not is_exact, 1)
        sums.add("z score", abs(error) / deviation, 1)
        if told + TOUCH_SECONDS > world.seconds:
            continue
        after = errors[told : told + TOUCH_SECONDS + 1] * (1 if error > 0 else -1)
        confidence = signal.confidence_ppm / PPM
        sums.add("tracking confidence", bool((2 * after <= abs(error)).any()) - confidence, 1)
