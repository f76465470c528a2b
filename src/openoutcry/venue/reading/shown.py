"""What the exchange's own flow is shown: the simulation's `MarketShown`."""

from collections.abc import Iterator, Sequence
from typing import Final

from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.phases import Phase
from openoutcry.domain.orders import CLOSED_STATUSES
from openoutcry.domain.simulation.shown import InstrumentShown, OwnOrder
from openoutcry.domain.types import InstrumentId, MarketTime, Money, TeamId, Ticks
from openoutcry.venue.state.venue import VenueState

NOTHING: Final = (None, None)


class Shown:
    """The venue as it is whenever it is asked. Methods expect teams and instruments that there are."""

    def __init__(self, state: VenueState) -> None:
        self._state = state

    @property
    def market_time(self) -> MarketTime | None:
        return self._state.day.market_time

    @property
    def last_news(self) -> MarketTime | None:
        return self._state.day.last_news

    @property
    def underlyings(self) -> dict[str, Money]:
        return dict(self._state.day.underlyings)  # type: ignore[arg-type]

    def phase(self, instrument_id: InstrumentId) -> Phase:
        return self._state.markets[instrument_id].phase

    def mark(self, instrument_id: InstrumentId) -> Mark | None:
        return self._state.markets[instrument_id].mark

    def position(self, team_id: TeamId, instrument_id: InstrumentId) -> tuple[int, Money]:
        holding = self._state.team(team_id).holdings.get(instrument_id)
        return (0, Money(0)) if holding is None else (holding.position.quantity, holding.position.cost_basis)

    def instrument(self, team_id: TeamId, instrument_id: InstrumentId) -> InstrumentShown:
        # Asked for every instrument that is to be quoted: everything is read where it lies, without a call.
        market = self._state.markets[instrument_id]
        bids, asks = market.book.sides
        best_prices: tuple[Ticks | None, Ticks | None] = (
            bids.best_rank if bids.ranks else None,  # type: ignore[assignment]
            -asks.best_rank if asks.ranks else None,
        )
        holding = self._state.teams[team_id - 1].holdings.get(instrument_id)
        if holding is None:
            return InstrumentShown(
                market.phase,
                market.matches,
                market.mark,
                0,
                best_prices,
                NOTHING,
                (0, 0),
                NOTHING,
            )
        bid, ask = holding.quotes
        bid_price = ask_price = None
        bid_quantity = ask_quantity = 0
        if bid is not None and bid.status not in CLOSED_STATUSES:
            bid_price, bid_quantity = bid.price, bid.remaining_quantity
        if ask is not None and ask.status not in CLOSED_STATUSES:
            ask_price, ask_quantity = ask.price, ask.remaining_quantity
        bid_filled_at, ask_filled_at = holding.quote_filled_at
        return InstrumentShown(
            market.phase,
            market.matches,
            market.mark,
            holding.position.quantity,
            best_prices,
            (bid_price, ask_price),
            (bid_quantity, ask_quantity),
            (bid_filled_at, ask_filled_at),
        )

    def unquoted(self, team_id: TeamId, wanted: Sequence[tuple[InstrumentId, int, Money]]) -> list[int]:
        holdings, markets = self._state.teams[team_id - 1].holdings, self._state.markets
        places = []
        for place, (instrument_id, quantity, bid_from) in enumerate(wanted):
            holding = holdings.get(instrument_id)
            if holding is not None:
                bid, ask = holding.quotes
                # A quote at work rests.
                if ask is not None and ask.level is not None and ask.remaining_quantity == quantity:
                    if bid is not None and bid.level is not None:
                        if bid.remaining_quantity == quantity:
                            continue
                    elif (mark := markets[instrument_id].mark) is not None and mark.value < bid_from:
                        continue
            places.append(place)
        return places

    def open_orders(self, team_id: TeamId) -> Iterator[OwnOrder]:
        for order in self._state.team(team_id).open_orders.values():
            if not order.is_quote and order.price is not None:
                yield OwnOrder(order.order_id, order.client_order_id, order.instrument_id, order.side, order.price)
