"""The simulated market of a session as a picture: index, tracker, volatility, beliefs; regimes behind them, news as
marks.
"""

from itertools import cycle, pairwise
from typing import Final

import numpy as np

from openoutcry.cli.world.chart import Band, Chart, Dot, Line, Mark, Panel, Sample
from openoutcry.cli.world.drawn import DrawnSession, volatilities
from openoutcry.cli.world.summary import effect_told
from openoutcry.domain.simulation.headlines import REGIMES, NewsEffect
from openoutcry.domain.simulation.signals import TrackingError, VolatilityForecast
from openoutcry.domain.types import MONEY_UNITS, PPM
from openoutcry.simulation.world.world import SHARES

_REGIME_COLOURS: Final = ("#e3f4e4", "#fdf6dc", "#fbe0dd")
_LINE_COLOURS: Final = ("#1f5fa8", "#c2571a", "#2e8b57", "#8e44ad", "#b8860b")
_SHIFT, _JUMP, _NOTHING = "#b03a2e", "#6c3483", "#999999"
_EXPIRY_WIDTHS: Final = (3, 2.2, 1.4, 1, 0.7)
"""Of lines of implied volatility, by expiry. Every third one is dashed."""
_LEGEND: Final = (
    *(Sample(f"{name} volatility", colour) for name, colour in zip(REGIMES, _REGIME_COLOURS, strict=True)),
    Sample("news: shift", _SHIFT, is_mark=True),
    Sample("jump", _JUMP, is_mark=True),
    Sample("nothing", _NOTHING, is_mark=True),
)
_VOLATILITY_SECONDS: Final = 30
"""Between two values of the implied volatility that are drawn."""
_HALF_HOUR: Final = 1_800


def picture(drawn: DrawnSession) -> bytes:
    world, index = drawn.world, drawn.scenario.index
    seconds = np.arange(world.seconds + 1, dtype=np.float64)
    error = Line(index.tracker, seconds, world.errors / SHARES * 100, _LINE_COLOURS[0])
    price = Line(index.index, seconds, world.index / MONEY_UNITS, _LINE_COLOURS[0])
    return Chart(
        title=f"{drawn.scenario.name}, {drawn.source.name}, session of {drawn.hours.date}",
        most=float(world.seconds),
        times=[(second, drawn.clock(second)[:5]) for second in range(0, world.seconds + 1, _HALF_HOUR)],
        panels=(
            Panel(f"{index.index}; dots: volatility_forecast", 300, (price,), _forecasts(drawn)),
            Panel(f"{index.tracker} off its index, %; dots: tracking_error", 130, (error,), _tracking(drawn)),
            Panel("Volatility, % a year", 220, _volatilities(drawn)),
            Panel("What the public may believe, %", 110, _beliefs(drawn)),
        ),
        bands=_bands(drawn),
        marks=_marks(drawn),
        legend=_LEGEND,
    ).svg()


def _bands(drawn: DrawnSession) -> list[Band]:
    regimes = drawn.world.regimes
    edges = [0, *(np.flatnonzero(np.diff(regimes)) + 1).tolist(), drawn.world.seconds]
    return [Band(begin, end, _REGIME_COLOURS[regimes[begin]]) for begin, end in pairwise(edges)]


def _marks(drawn: DrawnSession) -> list[Mark]:
    return [
        Mark(
            item.second,
            f"{number}",
            _colour(item.effect),
            f"{drawn.clock(item.second)} {drawn.rules.headlines[item.headline].text}: {effect_told(item.effect)}",
        )
        for number, item in enumerate(drawn.world.news, start=1)
    ]


def _colour(effect: NewsEffect) -> str:
    if effect.regime is not None:
        return _SHIFT
    return _NOTHING if effect.jump_ppm is None else _JUMP


def _forecasts(drawn: DrawnSession) -> list[Dot]:
    dots = []
    for one in drawn.world.signals:
        signal = one.signal.signal
        if isinstance(signal, VolatilityForecast):
            says = (
                f"{drawn.clock(one.second)} volatility_forecast: {signal.regime} in {signal.seconds_until_change} s,"
                f" confidence {signal.confidence_ppm / PPM:.0%}"
            )
            dots.append(Dot(one.second, drawn.world.index[one.second] / MONEY_UNITS, _LINE_COLOURS[1], says))
    return dots


def _tracking(drawn: DrawnSession) -> list[Dot]:
    dots = []
    for one in drawn.world.signals:
        signal = one.signal.signal
        if isinstance(signal, TrackingError):
            says = f"{drawn.clock(one.second)} tracking_error: {signal.direction}, {signal.error_ppb / 1e7:+.3f} %"
            dots.append(Dot(one.second, drawn.world.errors[one.second] / SHARES * 100, _LINE_COLOURS[1], says))
    return dots


def _volatilities(drawn: DrawnSession) -> list[Line]:
    """Those of the regimes, and those at the money by which options are valued."""
    world = drawn.world
    by_regime = np.array([rules.volatility_micro / PPM * 100 for rules in drawn.rules.world.regimes])
    edges = np.unique([0, *(np.flatnonzero(np.diff(world.regimes)) + np.array([[0], [1]])).ravel(), world.seconds])
    steps = by_regime[world.regimes[edges]]
    lines = [Line("of the regime", edges.astype(np.float64), steps, "#777777", is_dashed=True)]
    seconds = np.arange(0, world.seconds, _VOLATILITY_SECONDS)
    found = volatilities(drawn, seconds).items()
    # Expiries may share a value: a later one is thinner and then dashed, so that the one under it is seen.
    styles = zip(_LINE_COLOURS, _EXPIRY_WIDTHS, cycle((False, False, True)), strict=False)
    for (expiry, values), (colour, width, is_dashed) in zip(found, styles, strict=False):
        date = f"{expiry[:4]}-{expiry[4:6]}-{expiry[6:]}"
        # Fixings end before the session does: the last seconds have no volatility.
        moving = values > 0
        places = seconds[moving].astype(np.float64)
        lines.append(Line(f"implied, {date}", places, 100 * values[moving], colour, is_dashed, width))
    return lines


def _beliefs(drawn: DrawnSession) -> list[Line]:
    seconds = np.arange(drawn.world.seconds + 1, dtype=np.float64)
    colours = (_LINE_COLOURS[2], _LINE_COLOURS[4], _SHIFT)
    return [
        Line(name, seconds, drawn.world.beliefs[:, place] / SHARES * 100, colour)
        for place, (name, colour) in enumerate(zip(REGIMES, colours, strict=True))
    ]
