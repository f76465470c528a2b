"""The market of a scenario: who trades for the exchange itself, what moves prices, and what drives the sessions."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from openoutcry.domain.commands import NO_KEY, RegisterTeam, SetQuoteProtection
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.rulebook import FLOW_ROLE, HOUSE_ROLE
from openoutcry.domain.simulation.flow_rules import SimulatedFlow
from openoutcry.domain.types import TeamId
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.timers import CallLater
from openoutcry.runtime.session.driver import MarketDriver
from openoutcry.runtime.session.expiries import Expiries
from openoutcry.runtime.session.fairness import FairPlay
from openoutcry.runtime.session.made_second import MakeMarks, SecondMaker, ValuesDue, no_marks, no_values
from openoutcry.runtime.session.market import SessionMarket, Simulated
from openoutcry.runtime.session.market_second import MarketSeconds
from openoutcry.runtime.session.plans import NextSession
from openoutcry.runtime.session.prices import PricesAt, PricesOf, flat_prices
from openoutcry.runtime.session.seeds import NumberedSeeds, SeedSource, SessionSeeds
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.simulation.flow.step import Flow
from openoutcry.venue.reading.queries import Queries

if TYPE_CHECKING:
    from openoutcry.runtime.session.worlds import SessionWorlds

OWN_TEAMS: Final = {HOUSE_ROLE: "House", FLOW_ROLE: "Retail flow"}
"""Names of the exchange's own teams, by their roles."""


def register_own_teams(scenario: Scenario, sequencer: Sequencer) -> None:
    """Register the exchange's own teams, of the roles that the scenario has for them, and let the house's quotes be
    pulled when their values move; unless an earlier start has done so.
    """
    for role, name in OWN_TEAMS.items():
        if role in scenario.rulebook.roles and own_team(sequencer.queries, role) is None:
            sequencer.perform(RegisterTeam(name, role, NO_KEY))
    house, rules = own_team(sequencer.queries, HOUSE_ROLE), scenario.flow.house
    if house is not None and rules is not None:
        pulls = ProtectionSettings(move_ppm=rules.pull_ppm)
        sequencer.perform_change(SetQuoteProtection(house, None, pulls))


def own_team(queries: Queries, role: str) -> TeamId | None:
    """The exchange's own team of this role, `HOUSE_ROLE` or `FLOW_ROLE`."""
    return next(
        (team.team_id for team in queries.teams() if team.role == role and not queries.has_key(team.team_id)), None
    )


def market_of(
    scenario: Scenario,
    plan: SessionPlan,
    queries: Queries,
    simulated: Simulated | None = None,
    prices_of: PricesOf = flat_prices,
) -> SessionMarket:
    """Of a scenario whose market is simulated, or else has the prices of `prices_of`."""
    if simulated is None or scenario.market is None:
        prices_at = prices_of(scenario)
        return SessionMarket(prices_at, SecondMaker(queries, *_valuation_of(scenario, plan, queries, prices_at)), None)
    # Imports numpy, which takes half a second: only for scenarios with a simulated market.
    from openoutcry.runtime.session.worlds import SessionWorlds  # noqa: PLC0415

    worlds = SessionWorlds(scenario, plan, scenario.market, queries, *simulated)
    valuation = _valuation_of(scenario, plan, queries, worlds.prices_at, worlds)
    flow = _flow_of(scenario, plan, queries, worlds)
    return SessionMarket(worlds.prices_at, SecondMaker(queries, *valuation, worlds.told_at, flow), worlds.draw_next)


def driver_of(
    scenario: Scenario,
    sequencer: Sequencer,
    clock: Clock,
    call_later: CallLater,
    seeds: SeedSource,
    prices_of: PricesOf | None = None,
    worlds_folder: Path | None = None,
) -> MarketDriver:
    """What drives the scenario's sessions; it is to be started.

    `prices_of` the scenario move its underlyings; None: its simulated market does, and without one they stay where they
    start. `worlds_folder`: where worlds are kept; None: in memory.
    """
    plan, queries = scenario.session, sequencer.queries
    if plan is None:
        return MarketDriver(sequencer, clock, call_later, None, MarketSeconds(sequencer, SecondMaker(queries)))
    fair_play, simulated = None, None
    word_of = SessionSeeds(*seeds).word_of
    if scenario.market is not None:
        fair_play = FairPlay(scenario.hash, NumberedSeeds(*seeds), sequencer)
        word_of = fair_play.word_of_next
        if prices_of is None:
            from openoutcry.runtime.session.kept_worlds import KeptWorlds  # noqa: PLC0415 - imports numpy

            simulated = Simulated(fair_play, KeptWorlds(worlds_folder))
    market = market_of(scenario, plan, queries, simulated, prices_of or flat_prices)
    expiries = Expiries(scenario, plan, sequencer, market.prices_at)
    return MarketDriver(
        sequencer,
        clock,
        call_later,
        NextSession(scenario, plan, word_of, market.draw_world),
        MarketSeconds(sequencer, market.maker, expiries),
        expiries,
        fair_play,
        starts_itself=plan.start == "schedule",
    )


def _valuation_of(
    scenario: Scenario,
    plan: SessionPlan,
    queries: Queries,
    prices_at: PricesAt,
    worlds: "SessionWorlds | None" = None,
) -> tuple[MakeMarks, ValuesDue]:
    if scenario.pricing is None:
        return no_marks, no_values
    # Imports numpy too.
    from openoutcry.runtime.session.marks import ChainMarks  # noqa: PLC0415

    marks = ChainMarks(scenario, plan, scenario.pricing, queries, prices_at, worlds)
    return marks.make, marks.values_due


def _flow_of(scenario: Scenario, plan: SessionPlan, queries: Queries, worlds: "SessionWorlds") -> Flow | None:
    if scenario.flow == SimulatedFlow():
        return None
    # Imports numpy too.
    from openoutcry.runtime.session.session_flow import FlowTeams, SessionFlow  # noqa: PLC0415

    teams = FlowTeams(own_team(queries, HOUSE_ROLE), own_team(queries, FLOW_ROLE))
    return SessionFlow(scenario, plan, queries, worlds, teams)
