"""From the tables of a file to the rules of the simulated market, and of those who trade in it for the exchange."""

from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.simulation.flow_rules import HouseRules, RetailRules, SimulatedFlow
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import (
    ForecastRules,
    MarketRules,
    RegimeRules,
    TrackingRules,
    WorldRules,
)
from openoutcry.scenarios.building.headlines import shipped_headlines
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.market import HeadlineTable, SignalsTable, WorldTable
from openoutcry.scenarios.schema.pricing import PricingTable
from openoutcry.scenarios.schema.session import ScheduleTable
from openoutcry.scenarios.timetable import Hours, full_session
from openoutcry.scenarios.units import rules_of, rules_where_given


def market_rules(file: ScenarioFile) -> MarketRules | None:
    if file.world is None:
        return None
    signals = file.signals or SignalsTable()
    return MarketRules(
        world=_world(file.world, _year_seconds(file.schedule or ScheduleTable(), file.pricing or PricingTable())),
        headlines=tuple(map(_headline, shipped_headlines() if file.headlines is None else file.headlines)),
        forecast=rules_where_given(ForecastRules, signals.volatility_forecast),
        tracking=rules_where_given(TrackingRules, signals.tracking_error),
    )


def simulated_flow(file: ScenarioFile) -> SimulatedFlow:
    return SimulatedFlow(
        house=rules_where_given(HouseRules, file.house), retail=rules_where_given(RetailRules, file.retail_flow)
    )


def _year_seconds(schedule: ScheduleTable, pricing: PricingTable) -> int:
    return full_session(Hours(opening=schedule.opening, close=schedule.close)) * pricing.sessions_per_year


def _world(table: WorldTable, year_seconds: int) -> WorldRules:
    low, medium, high = (rules_of(RegimeRules, regime) for regime in (table.low, table.medium, table.high))
    return rules_of(WorldRules, table, year_seconds=year_seconds, low=low, medium=medium, high=high)


def _headline(table: HeadlineTable) -> Headline:
    return rules_of(Headline, table, odds=rules_of(NewsOdds, table.odds))
