"""The wiring that a server and an exchange in memory share."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock
from openoutcry.runtime.leaderboard import Leaderboard
from openoutcry.runtime.notices import Notices
from openoutcry.runtime.projections import Projections
from openoutcry.runtime.sequencing.sequencer import Deliver, Schedule, Sequencer
from openoutcry.runtime.sequencing.timers import CallLater, TimerHandle
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.runtime.streams.outgoing import Outgoing
from openoutcry.runtime.streams.pace import Pace
from openoutcry.runtime.streams.public_channels import PublicChannels
from openoutcry.runtime.streams.publisher import Publisher
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.venue.venue import Venue


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
    leaderboard: Leaderboard | None,
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
        leaderboard if leaderboard is not None and leaderboard.is_shown else None,
    )
    notices = projections.running(Notices)
    for notice in () if notices is None else notices.newest():
        channels.tellers[type(notice.event)](notice.event, notice.time, notice.sequence)
    return channels


def leaderboard_of(scenario: Scenario, projections: Projections) -> Leaderboard | None:
    """None: the scenario is not scored, or its scores were dropped."""
    if scenario.scoring is None:
        return None
    from openoutcry.scoring.scores import Scores  # noqa: PLC0415 - numpy takes long, and most scenarios don't need it

    scores = projections.running(Scores)
    return None if scores is None else Leaderboard(scores.board, scenario.scoring)


def to_readers(publisher: Publisher, projections: Projections, channels: PublicChannels) -> Deliver:
    """Delivers to the publisher, and then to the projections that read the command; if none reads any, an order pays
    nothing. What they show anew goes to its readers at once.
    """
    publish, kinds, leaderboard = publisher.publish, projections.commands, channels.leaderboard
    if not kinds:
        return publish

    def deliver(sequenced: Sequenced, events: list[Event]) -> None:
        publish(sequenced, events)
        if type(sequenced.command) in kinds:
            projections.apply(sequenced, events)

    def deliver_and_show(sequenced: Sequenced, events: list[Event]) -> None:
        deliver(sequenced, events)
        leaderboard.tell_if_new(sequenced.time)  # type: ignore[union-attr]  # there is one where this is used

    return deliver if leaderboard is None else deliver_and_show


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
