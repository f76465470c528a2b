"""The exchange just after one command, for `openoutcry replay --until`: what it did, its books, its teams."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from openoutcry.domain.events import Event
from openoutcry.domain.identifiers import format_order_id, format_team_id
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.domain.types import InstrumentId, TeamId
from openoutcry.domain.views import OrderView
from openoutcry.protocol.timestamps import format_market_time, format_timestamp
from openoutcry.protocol.translation import Translator
from openoutcry.runtime.recovery.rerun import Moment

LEVELS: Final = 5
MOST_TOLD: Final = 40
"""Messages, books and teams that are shown of each; a command of the exchange itself can concern all of them."""


def lines_of(moment: Moment) -> Iterator[str]:
    sequenced, day = moment.sequenced, moment.queries.day()
    command = sequenced.command
    by = getattr(command, "team_id", None)
    yield f"sequence    {sequenced.sequence}"
    yield f"time        {format_timestamp(sequenced.time)}"
    if day.market_time is not None:
        yield f"market time {format_market_time(day.market_time, day.utc_offset)}"
    whose = "" if by is None else f" of {_name(moment, by)}"
    yield f"command     {type(command).__struct_config__.tag}{whose}"
    yield f"verdict     {_verdict(moment)}"
    yield from _some(f"told        {line}" for line in _told(moment))
    yield from _some(f"book        {line}" for line in _books(moment))
    teams = dict.fromkeys([*([] if by is None else [by]), *(each for each in map(_team_of, moment.events) if each)])
    yield from _some(line for team_id in teams for line in _team(moment, team_id))


def _verdict(moment: Moment) -> str:
    verdict = moment.sequenced.verdict
    if isinstance(verdict, Accepted):
        return "accepted"
    return f"refused: {verdict.code}: {verdict.message}" if isinstance(verdict, Reject) else "a duplicate, not executed"


def _told(moment: Moment) -> Iterator[str]:
    """What teams were told, each message as they get it."""
    translator = Translator(moment.queries.instrument)
    sequenced = moment.sequenced
    for event in moment.events:
        write = translator.private_messages.get(type(event))
        if write is not None:
            message = msgspec.json.encode(write(event, sequenced.time, sequenced.sequence)).decode()
            team_id = _team_of(event)
            yield f"{'' if team_id is None else format_team_id(team_id)} {message}"


def _books(moment: Moment) -> Iterator[str]:
    named = {getattr(event, "instrument_id", None): None for event in moment.events}
    named[getattr(moment.sequenced.command, "instrument_id", None)] = None
    for instrument_id in named:
        instrument = None if instrument_id is None else moment.queries.instrument(instrument_id)
        depth = None if instrument is None else moment.queries.depth(instrument.instrument_id, LEVELS)
        if instrument is not None and depth is not None:
            bids, asks = (_levels(instrument, each) for each in (depth.bids, depth.asks))
            yield f"{instrument.instrument_id}  bids {bids}  asks {asks}"


def _levels(instrument: Instrument, levels: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{quantity} @ {instrument.price_of(price):.2f}" for price, quantity in levels) or "none"


def _team(moment: Moment, team_id: TeamId) -> Iterator[str]:
    queries = moment.queries
    orders = ", ".join(_order(moment, order) for order in queries.open_orders(team_id)[:MOST_TOLD]) or "none"
    positions = {name: quantity for name, quantity in queries.positions(team_id).items() if quantity}
    held = ", ".join(f"{quantity} {name}" for name, quantity in positions.items()) or "none"
    yield f"orders      {_name(moment, team_id)}: {orders}"
    yield f"positions   {_name(moment, team_id)}: {held}"


def _order(moment: Moment, order: OrderView) -> str:
    instrument = moment.queries.instrument(InstrumentId(order.instrument_id))
    price = "the market" if order.price is None or instrument is None else f"{instrument.price_of(order.price):.2f}"
    return (
        f"{format_order_id(order.order_id)} {SIDE_NAMES[order.side]} {order.remaining_quantity} {order.instrument_id}"
        f" @ {price}"
    )


def _name(moment: Moment, team_id: TeamId) -> str:
    team = moment.queries.team(team_id)
    return format_team_id(team_id) if team is None else f"{format_team_id(team_id)} {team.team_name}"


def _team_of(event: Event) -> TeamId | None:
    return getattr(event, "team_id", None)


def _some(lines: Iterable[str]) -> Iterator[str]:
    """Of many lines the first, and how many come after them."""
    left = 0
    for number, line in enumerate(lines):
        if number < MOST_TOLD:
            yield line
        else:
            left += 1
    if left:
        yield f"            and {left} more"
