"""The wiring that a server and an exchange in memory share."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from openoutcry.domain.commands import NO_KEY, RegisterTeam, SetQuoteProtection
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.events import Event
from openoutcry.domain.rulebook import FLOW_ROLE, HOUSE_ROLE
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import TeamId
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.notices import Notices
from openoutcry.runtime.projections import Projections
from openoutcry.runtime.sequencing.sequencer import Deliver, Schedule, Sequencer
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.session.driver import MarketDriver
from openoutcry.runtime.session.expiries import Expiries
from openoutcry.runtime.session.fairness import FairPlay
from openoutcry.runtime.session.market_second import MakeMarks, MarketSeconds, ValuesDue, no_marks, no_values
from openoutcry.runtime.session.plans import NextSession
from openoutcry.runtime.session.prices import PricesAt
from openoutcry.runtime.session.seeds import NumberedSeeds, SeedSource, SessionSeeds
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.pace import Pace
from openoutcry.runtime.streams.public_channels import PublicChannels
from openoutcry.runtime.streams.publisher import Publisher
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.venue.venue import Venue

OWN_TEAMS: Final = {HOUSE_ROLE: "House", FLOW_ROLE: "Retail flow"}
"""Names of the exchange's own teams, by their roles."""


class TurnsAndTimers(Protocol):
    """The part of an event loop that every exchange needs: `asyncio` has it, and so may virtual time."""

    def call_soon(self, callback: Callable[[], None], /) -> object: ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> TimerHandle: ...


def channels_of(
    scenario: Scenario,
    venue: Venue,
    translator: Translator,
    clock: Clock,
    projections: Projections,
    call_later: CallLater,
) -> PublicChannels:
    """The public channels of all instruments, beginning with the present state of the market and the newest notices."""
    queries, plan = venue.queries, scenario.session or SessionPlan()
    instrument_ids = [instrument.instrument_id for instrument in queries.instruments()]
    channels = PublicChannels(
        translator,
        scenario.rulebook.roles,
        queries.instruments(),
        queries.market(),
        clock.now,
        filter(None, map(queries.indicative, instrument_ids)),
        Pace(plan.indicative_per_second, clock.elapsed, call_later),
        scenario.rulebook.game,
        queries.marks(),
        1 if scenario.pricing is None else scenario.pricing.greeks_interval_seconds,
    )
    notices = projections.running(Notices)
    for notice in () if notices is None else notices.newest():
        channels.tellers[type(notice.event)](notice.event, notice.time, notice.sequence)
    return channels


def register_own_teams(scenario: Scenario, sequencer: Sequencer) -> None:
    """Register the exchange's own teams, of the roles that the scenario has for them, and let the house's quotes be
    pulled when their values move; unless an earlier start has done so.
    """
    for role, name in OWN_TEAMS.items():
        if role in scenario.rulebook.roles and own_team(sequencer, role) is None:
            sequencer.perform(RegisterTeam(name, role, NO_KEY))
    house, rules = own_team(sequencer, HOUSE_ROLE), scenario.flow.house
    if house is not None and rules is not None:
        sequencer.perform(SetQuoteProtection(house, None, ProtectionSettings(move_ppm=rules.pull_ppm)))


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
    prices_at: PricesAt,
) -> MarketDriver:
    """What drives the scenario's sessions; it is to be started."""
    plan = scenario.session
    if plan is None:
        return MarketDriver(sequencer, clock, call_later, None, MarketSeconds(sequencer))
    expiries = Expiries(scenario, plan, sequencer, prices_at)
    fair_play = None
    if scenario.market is not None:
        fair_play = FairPlay(scenario.hash, NumberedSeeds(*seeds), sequencer)
    word_of = SessionSeeds(*seeds).word_of if fair_play is None else fair_play.word_of_next
    return MarketDriver(
        sequencer,
        clock,
        call_later,
        NextSession(scenario, plan, word_of),
        MarketSeconds(sequencer, expiries, *_valuation_of(scenario, plan, sequencer, prices_at)),
        expiries,
        fair_play,
        starts_itself=plan.start == "schedule",
    )


def _valuation_of(
    scenario: Scenario, plan: SessionPlan, sequencer: Sequencer, prices_at: PricesAt
) -> tuple[MakeMarks, ValuesDue]:
    if scenario.pricing is None:
        return no_marks, no_values
    # Imports numpy, which takes half a second: only for scenarios with pricing.
    from openoutcry.runtime.session.marks import ChainMarks  # noqa: PLC0415

    marks = ChainMarks(scenario, plan, scenario.pricing, sequencer.queries, prices_at)
    return marks.make, marks.values_due


def to_readers(publisher: Publisher, projections: Projections) -> Deliver:
    """Delivers to the publisher, and then to the projections that read the command; if none reads any, an order pays
    nothing.
    """
    publish, kinds = publisher.publish, projections.commands
    if not kinds:
        return publish

    def deliver(sequenced: Sequenced, events: list[Event]) -> None:
        publish(sequenced, events)
        if type(sequenced.command) in kinds:
            projections.apply(sequenced, events)

    return deliver


def if_refused(deliver: Deliver, projections: Projections) -> Deliver | None:
    """Delivers a refused command if a projection reads it; None if none reads any."""
    kinds = projections.commands
    if not kinds:
        return None

    def deliver_refused(sequenced: Sequenced, events: list[Event]) -> None:
        if type(sequenced.command) in kinds:
            deliver(sequenced, events)

    return deliver_refused


def before_writing(loop: TurnsAndTimers, outgoing: Outgoing) -> Schedule:
    """Runs a function in the next turn of the loop, and then, in the same turn, writes the resulting messages."""

    def schedule(execute: Callable[[], None]) -> None:
        loop.call_soon(execute)
        loop.call_soon(outgoing.write)

    return schedule


def finish(sequencer: Sequencer) -> None:
    """Execute what waits."""
    with suppress(Unavailable):  # a venue that has stopped itself has nothing to finish
        sequencer.execute_pending()
