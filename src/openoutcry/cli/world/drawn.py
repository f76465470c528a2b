"""A session of a scenario with its world drawn."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from openoutcry.cli.world.sources import Source
from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import MarketTime
from openoutcry.pricing.black_scholes import Floats
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.session_time import Integers
from openoutcry.pricing.settlement_average import average_ahead
from openoutcry.pricing.surface import RegimeSurface
from openoutcry.runtime.session.marks import parameters_of, sessions_ahead
from openoutcry.scenarios.calendar import calendar_of
from openoutcry.scenarios.chain import chain_of
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.scenarios.timetable import Timetable, timetable
from openoutcry.simulation.world.drawing import draw
from openoutcry.simulation.world.quiet import quiet_seconds
from openoutcry.simulation.world.world import World


@dataclass(frozen=True, slots=True)
class DrawnSession:
    scenario: Scenario
    plan: SessionPlan
    rules: MarketRules
    source: Source
    hours: Timetable
    world: World

    def clock(self, second: int) -> str:
        """The time of day at the exchange at a second of the world."""
        zone = ZoneInfo(self.scenario.time_zone)
        return f"{dt.datetime.fromtimestamp(self.hours.opening_at + second, zone):%H:%M:%S}"


def draw_session(scenario: Scenario, plan: SessionPlan, rules: MarketRules, source: Source) -> DrawnSession:
    hours = timetable(source.date, plan.hours, scenario.time_zone, calendar_of(scenario.calendar))
    world = draw(rules, source.seed, hours.close_at - hours.opening_at, source.opening, scenario.index.ratio)
    return DrawnSession(scenario, plan, rules, source, hours, world)


def volatilities(drawn: DrawnSession, seconds: Integers) -> dict[str, Floats]:
    """Annual volatilities of theoretical values at the money, by expiry `YYYYMMDD`: one for each of the seconds."""
    scenario, world, date = drawn.scenario, drawn.world, drawn.hours.date
    listed = [*scenario.instruments]
    if scenario.chain is not None:
        listed += chain_of(scenario.chain, date, drawn.source.opening, calendar_of(scenario.calendar))
    today = f"{date:%Y%m%d}"
    expiries = sorted({one.option.expiry for one in listed if one.option is not None and one.option.expiry >= today})
    if not expiries or scenario.pricing is None:
        return {}
    sessions = sessions_ahead(scenario, drawn.plan, date, expiries[-1])
    settlement = scenario.rulebook.game.settlement or SettlementRules()
    surface, quiet = RegimeSurface(drawn.rules, settlement), quiet_seconds(drawn.rules, world)
    instants = drawn.hours.opening_at + seconds
    parameters = parameters_of(drawn.plan, scenario.pricing)
    average = average_ahead(sessions.seconds_left(instants, expiries), settlement, parameters)
    moments = [
        Moment(
            now=MarketTime(drawn.hours.opening_at + second),
            prices={},
            beliefs=world.beliefs[second].tolist(),
            quiet_seconds=int(quiet[second]),
            level=int(world.levels[second]),
        )
        for second in seconds.tolist()
    ]
    groups = np.arange(len(expiries))
    found = surface.volatilities(moments, average, groups, np.zeros((len(seconds), len(expiries))))
    return dict(zip(expiries, found.T, strict=True))
