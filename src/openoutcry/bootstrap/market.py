"""The market of a scenario: who trades for the exchange itself, what moves prices, and what drives the sessions."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from openoutcry.domain.commands import NO_KEY, RegisterTeam, SetQuoteProtection
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.rulebook import FLOW_ROLE, HOUSE_ROLE
from openoutcry.domain.types import TeamId
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.sequencing.timers import CallLater
from openoutcry.runtime.session.driver import MarketDriver
from openoutcry.runtime.session.expiries import Expiries
from openoutcry.runtime.session.fairness import FairPlay
from openoutcry.runtime.session.market_second import (
    MakeMarks,
    MarketSeconds,
    ToldAt,
    ValuesDue,
    no_marks,
    no_values,
    nothing_told,
)
from openoutcry.runtime.session.plans import NextSession
from openoutcry.runtime.session.prices import PricesAt, PricesOf, flat_prices
from openoutcry.runtime.session.seeds import NumberedSeeds, SeedSource, SessionSeeds
from openoutcry.scenarios.model import Scenario, SessionPlan

if TYPE_CHECKING:
    from openoutcry.runtime.session.worlds import SessionWorlds

OWN_TEAMS: Final = {HOUSE_ROLE: "House", FLOW_ROLE: "Retail flow"}
"""Names of the exchange's own teams, by their roles."""


def register_own_teams(scenario: Scenario, sequencer: Sequencer) -> None:
    """Register the exchange's own teams, of the roles that the scenario has for them, and let the house's quotes be
    pulled when their values move; unless an earlier start has done so.
    """
    for role, name in OWN_TEAMS.items():
        if role in scenario.rulebook.roles and own_team(sequencer, role) is None:
            sequencer.perform(RegisterTeam(name, role, NO_KEY))
    house, rules = own_team(sequencer, HOUSE_ROLE), scenario.flow.house
    if house is not None and rules is not None:
        pulls = ProtectionSettings(move_ppm=rules.pull_ppm)
        sequencer.perform_change(SetQuoteProtection(house, None, pulls))


def own_team(sequencer: Sequencer, role: str) -> TeamId | None:
    """The exchange's own team of this role, `HOUSE_ROLE` or `FLOW_ROLE`."""
    queries = sequencer.queries
    return next(
        (team.team_id for team in queries.teams() if team.role == role and not queries.has_key(team.team_id)), None
    )


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
    plan = scenario.session
    if plan is None:
        return MarketDriver(sequencer, clock, call_later, None, MarketSeconds(sequencer))
    fair_play, worlds = None, None
    word_of, prices_at = SessionSeeds(*seeds).word_of, (prices_of or flat_prices)(scenario)
    told_at: ToldAt = nothing_told
    if scenario.market is not None:
        # Imports numpy, which takes half a second: only for scenarios with a simulated market.
        from openoutcry.runtime.session.worlds import SessionWorlds  # noqa: PLC0415

        fair_play = FairPlay(scenario.hash, NumberedSeeds(*seeds), sequencer)
        word_of = fair_play.word_of_next
        if prices_of is None:
            worlds = SessionWorlds(scenario, plan, scenario.market, sequencer.queries, fair_play, worlds_folder)
            prices_at, told_at = worlds.prices_at, worlds.told_at
    expiries = Expiries(scenario, plan, sequencer, prices_at)
    make_marks, values_due = _valuation_of(scenario, plan, sequencer, prices_at, worlds)
    return MarketDriver(
        sequencer,
        clock,
        call_later,
        NextSession(scenario, plan, word_of, None if worlds is None else worlds.draw_next),
        MarketSeconds(sequencer, expiries, make_marks, values_due, told_at),
        expiries,
        fair_play,
        starts_itself=plan.start == "schedule",
    )


def _valuation_of(
    scenario: Scenario, plan: SessionPlan, sequencer: Sequencer, prices_at: PricesAt, worlds: "SessionWorlds | None"
) -> tuple[MakeMarks, ValuesDue]:
    if scenario.pricing is None:
        return no_marks, no_values
    # Imports numpy too.
    from openoutcry.runtime.session.marks import ChainMarks  # noqa: PLC0415

    marks = ChainMarks(scenario, plan, scenario.pricing, sequencer.queries, prices_at, worlds)
    return marks.make, marks.values_due
