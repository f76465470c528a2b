"""The simulated market of a session in tables: regimes, prices, news with what they do, signals."""

import io
from collections import Counter
from typing import TextIO

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from openoutcry.cli.world.drawn import DrawnSession
from openoutcry.domain.simulation.headlines import REGIMES, NewsEffect
from openoutcry.domain.types import MONEY_UNITS, PPM
from openoutcry.simulation.world.world import SHARES

_PIPED_WIDTH = 120


def show(drawn: DrawnSession, to: TextIO) -> None:
    """On a terminal in its colours and width; elsewhere as lines without blanks at their ends."""
    if to.isatty():
        _print(drawn, Console(file=to))
    else:
        lines = io.StringIO()
        _print(drawn, Console(file=lines, width=_PIPED_WIDTH))
        to.writelines(f"{line.rstrip()}\n" for line in lines.getvalue().splitlines())


def _print(drawn: DrawnSession, console: Console) -> None:
    scenario, world = drawn.scenario, drawn.world
    session = f"{drawn.source.name}, session of {drawn.hours.date}"
    console.print(f"[bold]{escape(scenario.title)}[/bold], {escape(session)}", soft_wrap=True)
    for table in (_overview(drawn), _regimes(drawn), _news(drawn)):
        console.print(table)
        console.print()
    console.print(f"digest  {world.digest}", soft_wrap=True, highlight=False)


def _overview(drawn: DrawnSession) -> Table:
    world, index = drawn.world, drawn.scenario.index
    prices = world.index / MONEY_UNITS
    signals = Counter(str(one.signal.signal.__struct_config__.tag) for one in world.signals)
    table = Table.grid(padding=(0, 2))
    opening, close, change = prices[0], prices[-1], 100 * (prices[-1] / prices[0] - 1)
    table.add_row(index.index, f"{opening:,.2f} to {close:,.2f} ({change:+.2f} %)")
    table.add_row("", f"lowest {prices.min():,.2f}, highest {prices.max():,.2f}")
    error = world.errors / SHARES * 100
    spread, most = error.std(), np.abs(error).max()
    table.add_row(index.tracker, f"off by {spread:.3f} % (standard deviation), {most:.3f} % at most")
    beliefs = (world.beliefs.argmax(axis=1) == world.regimes).mean()
    table.add_row("beliefs", f"the likeliest regime is the true one in {beliefs:.1%} of the seconds")
    told = ", ".join(f"{count} {name}" for name, count in sorted(signals.items()))
    table.add_row("signals", told or "none")
    return table


def _regimes(drawn: DrawnSession) -> Table:
    world = drawn.world
    returns = np.diff(np.log(world.index))
    quiet = np.ones(len(returns), dtype=np.bool_)
    quiet[[item.second - 1 for item in world.news if item.effect.jump_ppm is not None]] = False
    table = Table("regime", "minutes", "share", "stays", "volatility", "measured", box=None, padding=(0, 2, 0, 0))
    for column in table.columns[1:]:
        column.justify = "right"
    steps = world.regimes[:-1]
    for place, (name, rules) in enumerate(zip(REGIMES, drawn.rules.world.regimes, strict=True)):
        inside = steps == place
        used = returns[inside & quiet]
        begun = int(np.count_nonzero(inside[1:] & ~inside[:-1])) + int(inside[0])
        table.add_row(
            name,
            f"{inside.sum() / 60:.1f}",
            f"{inside.mean():.1%}",
            f"{begun}",
            f"{rules.volatility_micro / PPM:.1%}",
            f"{np.sqrt((used * used).mean() * drawn.rules.world.year_seconds):.1%}" if len(used) else "",
        )
    return table


def _news(drawn: DrawnSession) -> Table:
    table = Table("news", "at", "second", "headline", "odds", "effect", box=None, padding=(0, 2, 0, 0))
    table.columns[0].justify = table.columns[2].justify = "right"
    for number, item in enumerate(drawn.world.news, start=1):
        headline = drawn.rules.headlines[item.headline]
        odds = headline.odds
        table.add_row(
            f"{number}",
            drawn.clock(item.second),
            f"{item.second}",
            escape(headline.text),
            f"{odds.regime_shift}/{odds.price_jump}/{odds.no_effect}",
            effect_told(item.effect),
        )
    table.caption = "Odds of a shift of the regime, of a jump, of nothing, in percent. Nobody is told the effect."
    table.caption_justify = "left"
    return table


def effect_told(effect: NewsEffect) -> str:
    if effect.regime is not None:
        return f"{effect.regime} volatility"
    if effect.jump_ppm is not None:
        return f"jump {effect.jump_ppm / PPM:+.2%}"
    return "none"
