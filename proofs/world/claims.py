"""What the rules say of the figures that are measured.

Where no formula gives a figure, a number with an error of its own stands here: another implementation's, over other
seeds.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.simulation.world_rules import ForecastRules, MarketRules, TrackingRules, WorldRules
from openoutcry.domain.types import PPM
from openoutcry.pricing.session_time import SESSION_SECONDS, YEAR_SECONDS
from proofs.world.estimate import Estimate
from proofs.world.measures import BELIEFS, CONFIDENCES, LAG, straddle_seconds


def _itself(value: float) -> float:
    return value


def _percent(value: float) -> float:
    return 100 * value


def _root_percent(value: float) -> float:
    return 100 * math.sqrt(value)


def _annual_percent(variance: float) -> float:
    """Volatility from the variance of a second."""
    return 100 * math.sqrt(variance * YEAR_SECONDS)


def _minutes(value: float) -> float:
    return value / 60


def _mean_minutes(rate: float) -> float:
    """From a rate per second."""
    return 1 / rate / 60


def _half_life_minutes(kept: float) -> float:
    """From the correlation of values `LAG` seconds apart."""
    return LAG * math.log(0.5) / math.log(kept) / 60


class Claim(NamedTuple):
    section: str
    says: str
    figure: str
    """As `measures` names it."""
    expected: Estimate | None
    """None: there is nothing to compare with."""
    unit: str = ""
    of: Callable[[float], float] = _itself
    """From what is measured to what is told."""
    is_share: bool = False
    """Of examples that are independent of each other: few of them, all alike, do not make its error 0."""
    within: float | None = None
    """The measured value differs by no more than this share, beside the test by standard errors."""


def claims(rules: MarketRules) -> Iterator[Claim]:
    yield from _regimes(rules.world)
    yield from _prices(rules.world)
    yield from _news(rules)
    yield from _reverting(rules.world)
    if rules.forecast is not None:
        yield from _forecasts(rules.forecast)
    if rules.tracking is not None:
        yield from _tracking(rules.tracking)
    yield from _beliefs()
    yield from _straddles()


def _exactly(value: float) -> Estimate:
    return Estimate(value, 0.0)


def _share(section: str, says: str, figure: str, percent: float) -> Claim:
    return Claim(section, says, figure, _exactly(percent), "%", _percent, is_share=True)


def _regimes(world: WorldRules) -> Iterator[Claim]:
    section = "Regimes"
    for name, share in zip(REGIMES, (20.9, 54.2, 24.9), strict=True):
        yield Claim(section, f"time in {name}", f"share {name}", Estimate(share, 0.5), "%", _percent)
    yield Claim(section, "switches a session, forced ones included", "switches", Estimate(13.05, 0.12))
    for place, (name, regime) in enumerate(zip(REGIMES, world.regimes, strict=True)):
        stay = _exactly(regime.stay_seconds / 60)
        yield Claim(section, f"mean stay in {name}, if no news end it", f"leaves {name}", stay, "min", _mean_minutes)
        for other, after in enumerate(REGIMES):
            if regime.next_ppm[other]:
                chance = regime.next_ppm[other] / PPM * 100
                yield _share(section, f"after {name}: {after}", f"{name} to {after}", chance)
        for other, after in enumerate(REGIMES):
            if regime.forced_ppm[other] or other == place:
                chance = regime.forced_ppm[other] / PPM * 100
                says = f"news in {name} that shift it: to {after}"
                yield _share(section, says, f"{name} forced to {after}", chance)


def _prices(world: WorldRules) -> Iterator[Claim]:
    section = "The index"
    for name, regime in zip(REGIMES, world.regimes, strict=True):
        volatility = _exactly(regime.volatility_micro / PPM * 100)
        says = f"realised volatility in {name}, a year"
        yield Claim(section, says, f"variance {name}", volatility, "%", _annual_percent, within=0.05)
    yield Claim(section, "over all regimes", "variance", Estimate(29.3, 0.15), "%", _annual_percent)
    yield Claim(
        section, "over all regimes, with jumps", "variance with jumps", Estimate(32.1, 0.15), "%", _annual_percent
    )
    yield Claim(section, "mean return of a session", "growth", _exactly(0), "%", _percent)


def _news(rules: MarketRules) -> Iterator[Claim]:
    section = "News"
    weight = sum(headline.weight for headline in rules.headlines)
    least, beyond = rules.world.news_gap_least_seconds, rules.world.news_gap_beyond_seconds

    def share(says: str, figure: str, odds: str) -> Claim:
        percent = sum(one.weight * getattr(one.odds, odds) for one in rules.headlines) / weight
        return _share(section, says, figure, percent)

    # A renewal process: the long-run rate, and what its first gap lacks of it.
    gap = least + beyond
    number = SESSION_SECONDS / gap + (beyond * beyond - gap * gap) / (2 * gap * gap)
    yield Claim(section, "items a session", "news", _exactly(number))
    says = f"mean of the gap beyond {least / 60:g} minutes"
    yield Claim(section, says, "gap beyond", _exactly(beyond / 60), "min", _minutes)
    yield share("that shift the regime", "news that shift", "regime_shift")
    yield share("that make the price jump", "news that jump", "price_jump")
    yield share("without effect", "news without effect", "no_effect")
    size, spread = rules.world.jump_ppm / PPM * 100, rules.world.jump_spread_ppm / PPM
    yield Claim(section, "mean size of a jump", "jump size", _exactly(size), "%", _percent)
    yield Claim(section, "deviation of its logarithm", "jump spread", _exactly(spread), "", math.sqrt)
    yield _share(section, "jumps upward", "jumps up", 50)
    yield Claim(section, "mean jump, with its sign", "jump", _exactly(0), "%", _percent)
    yield Claim(
        section, "jumps against their headline's sign", "jumps against their headline", _exactly(0), "%", _percent
    )


def _reverting(world: WorldRules) -> Iterator[Claim]:
    processes = (
        ("The tracker", "error", "tracker", world.tracker_deviation_ppm, world.tracker_half_life_seconds),
        ("Level noise", "noise", "level", world.level_noise_ppm, world.level_half_life_seconds),
    )
    for section, what, name, deviation, half_life in processes:
        sd = _exactly(deviation / PPM * 100)
        yield Claim(section, f"standard deviation of the {what}", f"{name} variance", sd, "%", _root_percent)
        yield Claim(section, f"mean of the {what}", f"{name} mean", _exactly(0), "%", _percent)
        half = _exactly(half_life / 60)
        yield Claim(section, f"half-life of the {what}", f"{name} kept", half, "min", _half_life_minutes)


def _forecasts(rules: ForecastRules) -> Iterator[Claim]:
    section = "volatility_forecast"
    mean = (rules.confidence_least_ppm + rules.confidence_most_ppm) / 2 / PPM * 100
    yield Claim(section, "forecasts a session", "forecasts", None)
    yield _share(section, "forecasts that come true", "forecasts that come true", mean)
    yield _share(section, "changes by the chain that are told ahead", "changes told ahead", mean)
    yield Claim(section, "mean confidence", "confidence", _exactly(mean), "%", _percent)
    for least, most in pairwise(CONFIDENCES):
        group = f"confidence {least:.0%} to {most:.0%}"
        yield Claim(section, f"true ones less their {group}", group, _exactly(0), "%", _percent)
    yield Claim(section, "mean lead of true ones", "lead", None, "s")
    yield Claim(section, "seconds_until_change, of the lead", "seconds told", _exactly(100), "%", _percent)
    figure = "false alarms before a change"
    says = f"false alarms with a change within {rules.quiet_seconds} s"
    yield Claim(section, says, figure, _exactly(0), "%", _percent)


def _tracking(rules: TrackingRules) -> Iterator[Claim]:
    section = "tracking_error"
    yield Claim(section, "signals a session", "tracking signals", None)
    yield Claim(section, "mean error, in standard deviations", "z score", None)
    says = "half of it gone within 300 s, less the confidence"
    yield Claim(section, says, "tracking confidence", _exactly(0), "%", _percent)
    says = f"signals that do not tell the error of {rules.ahead_seconds} s later"
    yield Claim(section, says, "tracking signals that tell another error", _exactly(0), "%", _percent)


def _beliefs() -> Iterator[Claim]:
    section = "Beliefs"
    yield Claim(section, "seconds whose likeliest regime is the true one", "named truly", None, "%", _percent)
    for name in REGIMES:
        yield Claim(section, f"belief in {name}, less the truth", f"belief {name}", _exactly(0), "%", _percent)
    for least, most in pairwise(BELIEFS):
        group = f"{least:.0%} to {min(most, 1):.0%}"
        says = f"truth less belief, where a regime is believed by {group}"
        yield Claim(section, says, f"belief {group}", _exactly(0), "%", _percent)


def _straddles() -> Iterator[Claim]:
    section = "Hedged straddles at theoretical values, what they earn of their price"
    for second in straddle_seconds(SESSION_SECONDS):
        says = f"bought after {second / 3600:.3g} hours, held until settlement"
        yield Claim(section, says, f"straddle from {second}", _exactly(0), "%", _percent)
    for figure, says in (
        ("straddle for ten minutes", "held ten minutes"),
        ("last straddle for ten minutes", "held the last ten minutes, until settlement"),
    ):
        yield Claim(section, says, figure, _exactly(0), "%", _percent)
        for name in REGIMES:
            yield Claim(
                section, f"{says}, bought in {name} as believed", f"{figure} in {name}", _exactly(0), "%", _percent
            )
