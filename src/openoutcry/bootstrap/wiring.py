"""The wiring that a server and an exchange in memory share."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from openoutcry.domain.events import Event
from openoutcry.domain.sequenced import Sequenced
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.clock import Clock
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
