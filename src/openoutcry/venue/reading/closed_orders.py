"""An index of a team's closed orders, for queries alone."""

from itertools import islice

from openoutcry.domain.types import OrderId
from openoutcry.matching.order import Order
from openoutcry.venue.state.team import Team


class ClosedOrders:
    """The closed orders of one team by their ids. Looked through when they are asked for: no command waits for it.

    It knows places, not orders: of a team that asks no more, no order is kept that the team has forgotten.
    """

    def __init__(self, team: Team) -> None:
        self._team = team
        self._numbers: dict[OrderId, int] = {}
        """How many had closed when each one had. Some of them may be forgotten by now."""
        self._ids: list[OrderId] = []
        self._closed = 0
        """How many orders had closed when this was brought up to date."""

    def catch_up(self) -> None:
        kept = len(self._team.closed_orders)
        closed = self._team.forgotten_orders + kept
        new = min(closed - self._closed, kept)
        if not new:
            return
        if len(self._numbers) + new > 2 * kept:
            self._numbers, self._ids, new = {}, [], kept
        for place, order in enumerate(islice(reversed(self._team.closed_orders), new)):
            self._numbers[order.order_id] = closed - place
            self._ids.append(order.order_id)
        self._closed = closed

    def order(self, order_id: OrderId) -> Order | None:
        """None for one that is not closed, or forgotten."""
        place = self._numbers.get(order_id, 0) - self._team.forgotten_orders - 1
        return self._team.closed_orders[place] if place >= 0 else None

    def ids(self) -> list[OrderId]:
        """Ascending; some of them may be of orders that are forgotten by now."""
        # What was sorted before is one run to the sort, which is a merge then.
        self._ids.sort()
        return self._ids
