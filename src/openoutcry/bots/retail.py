"""A retail trader: small orders at random times, either market orders or limit orders at the own side's best price."""

from typing import Any, Final

from openoutcry.bots.desk import Desk

MEAN_PAUSE_SECONDS: Final = 0.5
AT_MARKET: Final = 0.4
LARGEST_SIZE: Final = 5
ENOUGH: Final = 30
"""At so many contracts, it only reduces what it holds."""
RESTING_ORDERS: Final = 5
"""How many limit orders may rest. The oldest beyond it are cancelled."""


async def trade_at_random(desk: Desk) -> None:
    """Trade until it is time to stop."""
    api, market, rng = desk.api, desk.market, desk.rng
    while await desk.pause(rng.expovariate(1 / MEAN_PAUSE_SECONDS)):
        tradable = [
            instrument_id
            for instrument_id in market.tradable
            if market.instruments[instrument_id].position_limits.get(desk.stats.role, 0) > 0
        ]
        held_in = [instrument_id for instrument_id in tradable if desk.position(instrument_id)]
        is_full = sum(abs(desk.position(instrument_id)) for instrument_id in held_in) >= ENOUGH
        if not tradable or not market.is_open:
            continue
        instrument_id, quantity = rng.choice(held_in if is_full else tradable), rng.randint(1, LARGEST_SIZE)
        is_buyer, at_market = rng.random() < 0.5, rng.random() < AT_MARKET
        held = desk.position(instrument_id)
        if is_full:
            is_buyer = held < 0
        top = market.tops.get(instrument_id)
        touch = None if top is None else (top.bid_price if is_buyer else top.ask_price)
        terms: dict[str, Any] = {
            "instrument_id": instrument_id,
            "side": "buy" if is_buyer else "sell",
            "quantity": quantity,
        }
        if at_market:
            await desk.send(api.submit_order(terms, order_type="market"))
        elif touch is not None:
            await desk.send(api.submit_order(terms, price=touch))
        for order in api.orders.open_orders()[:-RESTING_ORDERS]:
            if order.order_id is not None:
                await api.cancel_order(order.order_id)
