"""How far the price band reaches over the values of a day, beside what makers and house ask for. Nobody trades."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

from msgspec import structs

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Reject
from openoutcry.domain.simulation.flow_rules import HouseRules, SimulatedFlow
from openoutcry.domain.types import MONEY_UNITS, PPM, Money
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.projections import no_projections
from openoutcry.scenarios.model import Scenario
from openoutcry.simulation.flow.widths import half_width
from openoutcry.simulation.shown import MarketShown
from proofs.market.stage import BEGINNING, DATE
from proofs.market.widths import Widths

EVERY_SECONDS: Final = 60
"""Market seconds from one look to the next."""
OUT, IN = 0.4, 0.6
"""Sizes of delta: an option is out of the money below the one, in the money above the other."""


class Reach:
    """Sums of widths, per contract and in currency, over the options that a maker's duty counts."""

    def __init__(self, widths: Widths, house: HouseRules) -> None:
        self.seen: Counter[str] = Counter()
        """Options, by how far they are in the money."""
        self.sums: defaultdict[tuple[str, str], float] = defaultdict(float)
        """Of each figure, likewise."""
        self._widths = widths
        self._house = house

    def look(self, shown: MarketShown, instruments: list[Instrument]) -> None:
        least_ticks = self._widths.duty.minimum_value_ticks
        for instrument in instruments:
            mark = shown.mark(instrument.instrument_id)
            if instrument.option and mark and mark.value >= least_ticks * instrument.tick_size:
                self._add(instrument, mark, shown.underlyings)

    def _add(self, option: Instrument, mark: Mark, underlyings: Mapping[str, Money]) -> None:
        tick, units = option.tick_size, option.multiplier / MONEY_UNITS
        highest_buy = self._widths.upper_edge(option, mark, underlyings)
        edge = highest_buy * tick - mark.value
        widest = self._widths.widest_spread(option, mark, underlyings)
        half = half_width(self._house, mark, underlyings[option.underlying], tick)
        after_news = half * self._house.news_width_ppm // PPM
        skew = after_news * (PPM - self._house.pull_ppm) // PPM
        delta = abs(mark.delta) / PPM
        kind = "out of the money" if delta < OUT else "in the money" if delta > IN else "at the money"
        found = {
            "from the value to the band's edge": edge * units,
            "the widest spread of a maker's duty": widest * units,
            "the house's spread": (-(-(mark.value + half) // tick) - (mark.value - half) // tick) * tick * units,
            "of 100, whose edge is further off than the widest spread": 100.0 * (edge > widest),
            "of 100, whose edge is nearer than half the widest spread": 100.0 * (edge < widest / 2),
            "of 100, whose ask by the house after news may be beyond the edge": 100.0
            * (-(-(mark.value + after_news + skew) // tick) > highest_buy),
        }
        for group in ("all", kind):
            self.seen[group] += 1
            for figure, value in found.items():
                self.sums[group, figure] += value


def measure_reach(scenario: Scenario, seed: int) -> dict[str, float]:
    """Means over the options and market seconds of a session."""
    plan, house = scenario.session, scenario.flow.house
    assert plan is not None and house is not None, "the scenario has a day and a house"  # noqa: PT018, S101
    quiet = structs.replace(
        scenario, session_date=DATE, session=structs.replace(plan, start="hand", speed=1), flow=SimulatedFlow()
    )
    time, reach = VirtualTime(BEGINNING), Reach(Widths(scenario), house)
    exchange = open_in_memory(quiet, loop=time, clock=time, seed=seed, projections_of=no_projections)
    try:
        queries, last = exchange.sequencer.queries, None
        shown = queries.shown()
        started = exchange.driver.start_session()
        assert not isinstance(started.verdict, Reject), started.verdict  # noqa: S101
        while queries.day().is_running and time.leap():
            now = shown.market_time
            if now != last and now is not None and now % EVERY_SECONDS == 0:
                reach.look(shown, queries.tradable())
            last = now
    finally:
        exchange.close()
    groups = ("all", "out of the money", "at the money", "in the money")
    return {
        f"{group}: {figure}": total / reach.seen[group]
        for group in groups
        for (of_group, figure), total in reach.sums.items()
        if of_group == group
    }
