"""A market maker. It quotes both sides of every instrument around its own value.

If it is long, it lowers both prices a little; if it is short, it raises them. So its position returns to zero.
"""

from random import Random
from typing import Any, Final

from openoutcry.bots.desk import Desk
from openoutcry.client import Response
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST
from openoutcry.protocol.responses import QuotesData

PAUSE_SECONDS: Final = 0.4
SIZE: Final = 10
HALF_SPREAD: Final = 0.006
"""Half the distance between bid and ask, as a share of the value."""
SKEW: Final = 0.0004
"""How far the quotes move for each contract held, as a share of the value."""
SPOT_SHARE: Final = 0.02
"""The part of spread and skew that applies to spot, whose value is more certain than that of an option."""
SHOCK: Final = 0.0001
"""Standard deviation of the random change of the opinion's drift at each step, as a share of the price."""
DRIFT_KEPT: Final = 0.8
"""The part of the drift that stays at the next step. It gives the opinion trends, which trend followers can use."""
OPINION_KEPT: Final = 0.96
"""The part of the opinion that stays at the next step. The opinion returns to zero, which mean reversion can use."""

Quote = dict[str, Any]


class Opinion:
    """How far the maker believes the underlying to be from its fixed price, as a share.

    It has trends and returns to zero. With a pure random walk the other bots could not earn anything from the maker.
    """

    def __init__(self, rng: Random) -> None:
        self.share = 0.0
        self._drift = 0.0
        self._rng = rng

    def step(self) -> float:
        self._drift = DRIFT_KEPT * self._drift + self._rng.gauss(0, SHOCK)
        self.share = OPINION_KEPT * self.share + self._drift
        return self.share


async def make_markets(desk: Desk) -> None:
    """Quote until it is time to stop."""
    views = Opinion(desk.rng)
    while await desk.pause(PAUSE_SECONDS):
        opinion = views.step()
        quotes = [
            quote
            for instrument_id in desk.market.tradable
            if (quote := _quote(desk, instrument_id, opinion)) is not None
        ]
        for start in range(0, len(quotes), MAX_QUOTES_PER_REQUEST):
            shown = quotes[start : start + MAX_QUOTES_PER_REQUEST]
            response = await desk.send(desk.api.replace_quotes(shown))
            if response.success:
                await _take_what_is_in_the_way(desk, shown, response)


def _quote(desk: Desk, instrument_id: str, opinion: float) -> Quote | None:
    """The quote for an instrument, within the position limit. None if the instrument has no value yet."""
    market, instrument = desk.market, desk.market.instruments[instrument_id]
    value = market.textbook_value(instrument_id, opinion)
    if value is None:
        return None
    share = 1.0 if instrument.kind == "option" else SPOT_SHARE
    position, limit = desk.position(instrument_id), instrument.position_limits.get(desk.stats.role, 0)
    middle = value * (1 - SKEW * share * position)
    half_spread = max(value * HALF_SPREAD * share, 2 * instrument.tick_size)
    bid_price = market.round_to_tick(instrument_id, middle - half_spread)
    ask_price = market.round_to_tick(instrument_id, middle + half_spread)
    bid_quantity, ask_quantity = min(SIZE, limit - position), min(SIZE, limit + position)
    quote: Quote = {"instrument_id": instrument_id}
    if bid_quantity > 0 and middle > half_spread:
        quote |= {"bid_price": bid_price, "bid_quantity": bid_quantity}
    if ask_quantity > 0 and ask_price > bid_price:
        quote |= {"ask_price": ask_price, "ask_quantity": ask_quantity}
    return quote


async def _take_what_is_in_the_way(desk: Desk, quotes: list[Quote], response: Response) -> None:
    """Trade with IOC orders where a quote was refused because it would have traded: others show a better price."""
    for quote, result in zip(quotes, response.data_as(QuotesData).results, strict=True):
        if result.error is None:
            continue
        if result.error.code != ErrorCode.POST_ONLY_WOULD_TRADE:
            desk.stats.refusals += 1
            continue
        is_bid = result.bid_order_id is None and "bid_price" in quote
        order = {
            "instrument_id": result.instrument_id,
            "side": "buy" if is_bid else "sell",
            "price": quote["bid_price" if is_bid else "ask_price"],
            "quantity": quote["bid_quantity" if is_bid else "ask_quantity"],
            "time_in_force": "ioc",
        }
        await desk.send(desk.api.submit_order(order))
