"""House and retail flow of the session under way, made ready for it.

Only scenarios with a simulated market import this module: it needs numpy.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from openoutcry.domain.day.game_rules import SettlementRules
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.domain.types import MarketTime, TeamId
from openoutcry.pricing.rounding import volatility_units
from openoutcry.pricing.settlement_average import average_ahead
from openoutcry.pricing.surface import RegimeSurface
from openoutcry.runtime.session.marks import parameters_of
from openoutcry.runtime.session.worlds import SessionWorlds
from openoutcry.scenarios.model import PricingNumbers, Scenario, SessionPlan
from openoutcry.simulation.flow.flow import MarketFlow
from openoutcry.simulation.flow.house import HouseMaker
from openoutcry.simulation.flow.retail import RetailFlow
from openoutcry.simulation.flow.step import Step
from openoutcry.simulation.flow.trends import trends_of
from openoutcry.simulation.world.quiet import quiet_seconds
from openoutcry.simulation.world.world import Integers, World
from openoutcry.venue.reading.queries import Queries


class FlowTeams(NamedTuple):
    """The exchange's own teams; None: the scenario has none of that kind."""

    house: TeamId | None
    retail: TeamId | None


class SessionFlow:
    """Made anew when the world is drawn anew, or other instruments can be traded. It keeps nothing else."""

    def __init__(
        self, scenario: Scenario, plan: SessionPlan, queries: Queries, worlds: SessionWorlds, teams: FlowTeams
    ) -> None:
        self._rules = scenario.flow
        self._market = scenario.market or MarketRules()
        self._settlement = scenario.rulebook.game.settlement or SettlementRules()
        self._parameters = parameters_of(plan, scenario.pricing or PricingNumbers())
        self._queries = queries
        self._worlds = worlds
        self._teams = teams
        self._made_for: tuple[World, tuple[int, int, int]] | None = None
        self._flow: MarketFlow

    def steps(self, market_time: MarketTime) -> Sequence[Step]:
        drawn, counts = self._worlds.drawn, self._queries.count_instruments()
        if self._made_for is None or self._made_for[0] is not drawn or self._made_for[1] != counts:
            self._flow = MarketFlow(self._house(), self._retail(drawn))
            self._made_for = drawn, counts
        return self._flow.steps(market_time)

    def _house(self) -> HouseMaker | None:
        rules, team_id = self._rules.house, self._teams.house
        if rules is None or team_id is None:
            return None
        return HouseMaker(rules, team_id, self._queries.tradable())

    def _retail(self, world: World) -> RetailFlow | None:
        rules, team_id, worlds = self._rules.retail, self._teams.retail, self._worlds
        if rules is None or team_id is None:
            return None
        return RetailFlow(
            rules,
            self._rules.house or HouseRules(),
            team_id,
            self._queries.tradable(),
            worlds.seed,
            worlds.opening_at,
            trends_of(rules, world.index, self._money_volatility(world)),
        )

    def _money_volatility(self, world: World) -> Integers:
        """Of today's options at the money, in 1e-6, at each second of the world."""
        seconds_left = np.arange(world.seconds, -1, -1)[:, None]
        average = average_ahead(seconds_left, self._settlement, self._parameters)
        quiet = quiet_seconds(self._market, world)
        surface = RegimeSurface(self._market, self._settlement)
        return volatility_units(surface.at_the_money(world.beliefs, quiet, world.levels, average)[:, 0])
