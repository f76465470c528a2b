"""The commands that are counted, by kind, and the commands that prepare them.

Each kind begins with the same market: ten instruments, each with fifty price levels a side and two orders a level.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from openoutcry.access.keys import hash_key
from openoutcry.domain.commands import (
    AmendOrder,
    CancelOrder,
    Command,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReplaceQuotes,
    SubmitOrder,
)
from openoutcry.domain.types import ClientOrderId, OrderId, TeamId, Ticks
from openoutcry.scenarios.loader import load_scenario

SCENARIO: Final = load_scenario(Path(__file__).with_name("scenario.toml"))
INSTRUMENTS: Final = tuple(instrument.instrument_id for instrument in SCENARIO.instruments)
TRADED: Final = INSTRUMENTS[0]
TEAMS: Final = 8
LEVELS: Final = 50
ORDERS_PER_LEVEL: Final = 2

_BEST_BID: Final = 900
_BEST_ASK: Final = 1_100
_BETWEEN: Final = 1_000
"""A price at which only the orders of this measurement trade."""

_MAKER: Final = TeamId(1)
_TAKER: Final = TeamId(2)


def key_of(team_id: TeamId) -> bytes:
    return b"the-key-of-team-%d-is-as-long-as-a-true-one" % team_id


def market() -> Iterator[Command]:
    """The commands that make the market with which each count begins."""
    for number in range(1, TEAMS + 1):
        yield RegisterTeam(f"Team {number}", "participant", hash_key(key_of(TeamId(number))))
    for level in range(LEVELS):
        for instrument_id in INSTRUMENTS:
            for place in range(ORDERS_PER_LEVEL):
                team_id = TeamId(3 + (level + place) % (TEAMS - 2))
                yield SubmitOrder(team_id, instrument_id, "buy", 5, Price(Ticks(_BEST_BID - level)))
                yield SubmitOrder(team_id, instrument_id, "sell", 5, Price(Ticks(_BEST_ASK + level)))


FIRST_ORDER_ID: Final = SCENARIO.rulebook.first_order_id + 2 * LEVELS * len(INSTRUMENTS) * ORDERS_PER_LEVEL
"""The id of the first order after `market`."""

Commands = tuple[list[Command], list[Command]]
"""The commands that prepare, and the commands that are counted."""


def resting_orders(count: int) -> Commands:
    """Orders that each join a level of the book below the best."""
    return [], _resting_orders(count)


def crossing_orders(count: int) -> Commands:
    """Orders that each trade completely with one resting order."""
    waiting: list[Command] = [SubmitOrder(_MAKER, TRADED, "sell", 1, Price(Ticks(_BETWEEN))) for _ in range(count)]
    return waiting, [
        SubmitOrder(_TAKER, TRADED, "buy", 1, Price(Ticks(_BETWEEN)), client_order_id=_client_order_id(number))
        for number in range(count)
    ]


def cancels(count: int) -> Commands:
    """Cancels that each take an order from a level of several, in random order."""
    return _resting_orders(count), [CancelOrder(_MAKER, order_id) for order_id in _shuffled(count)]


def amendments(count: int) -> Commands:
    """Amendments that each move an order to another price, where it rests."""
    return _resting_orders(count), [
        AmendOrder(_MAKER, order_id, None, Price(Ticks(_BEST_BID - 30 - place % 11)))
        for place, order_id in enumerate(_shuffled(count))
    ]


def quotes(count: int) -> Commands:
    """Quotes that each replace both sides in ten instruments at other prices."""

    def replacement(number: int) -> Command:
        bid, ask = Price(Ticks(_BETWEEN - 20 + number % 3)), Price(Ticks(_BETWEEN + 20 + number % 3))
        return ReplaceQuotes(_MAKER, tuple(QuoteTerms(each, bid, 5, ask, 5) for each in INSTRUMENTS))

    return [replacement(-1)], [replacement(number) for number in range(count)]


KINDS: Final[dict[str, Callable[[int], Commands]]] = {
    "an order that rests": resting_orders,
    "an order that trades": crossing_orders,
    "a cancel": cancels,
    "an amendment": amendments,
    "quotes in 10 instruments": quotes,
}


def _resting_orders(count: int) -> list[Command]:
    return [
        SubmitOrder(
            _MAKER,
            TRADED,
            "buy",
            1 + number % 9,
            Price(Ticks(_BEST_BID - 1 - number * 7 % (LEVELS - 1))),
            client_order_id=_client_order_id(number),
        )
        for number in range(count)
    ]


def _shuffled(count: int) -> list[OrderId]:
    order_ids = [OrderId(FIRST_ORDER_ID + number) for number in range(count)]
    Random(3).shuffle(order_ids)  # noqa: S311 - to be had again is the point
    return order_ids


def _client_order_id(number: int) -> ClientOrderId:
    return ClientOrderId(f"k7Gp2x-{number:06}")
