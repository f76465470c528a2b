"""The order that the checks look at, and its circumstances."""

from openoutcry.domain.commands import Price, SubmitOrder
from openoutcry.matching.order import Order
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState


class OrderContext:
    """An order, who sends it, and where to, while it is checked. `find_fault` and `context_of_quotes` make them.

    Terms are as the client wrote them until `check_terms` has passed. They stand here beside `command`, for compiled
    code takes ten times as long to read a field of a Struct, and because a side of a quote has no command of its own:
    only checks that it does not pass through read `command`. `market` is there once `check_market` has found it.
    `replaced` is the order at work whose place this one would take: it is judged as if that were not there, and what is
    filled of that counts for its quantity.
    """

    state: VenueState
    command: SubmitOrder
    team: Team
    market: Market
    side: str
    quantity: int
    price: Price | None
    time_in_force: str
    post_only: bool
    replaced: Order | None

    __slots__ = (
        "command",
        "market",
        "post_only",
        "price",
        "quantity",
        "replaced",
        "side",
        "state",
        "team",
        "time_in_force",
    )
