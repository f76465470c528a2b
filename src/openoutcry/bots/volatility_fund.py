"""A hedge fund that trades volatility on the private signal `volatility_forecast`.

The signal names the regime that may come. If options are priced for less volatility than that regime has, the fund buys
a straddle (a call and a put at the money), else it sells one. It hedges the delta, so that the price of the index does
not matter, and closes a while after the change should have come.
"""

from typing import Final

from openoutcry.bots.desk import Desk
from openoutcry.bots.hedging import hedge
from openoutcry.bots.market_view import MarketView
from openoutcry.bots.values import INDEX
from openoutcry.protocol.stream import Signal

PAUSE_SECONDS: Final = 0.2
VOLATILITIES: Final = {"low": 0.1, "medium": 0.2, "high": 0.5}
"""Annual, by regime: the default game's."""
SIZE: Final = 20
"""Straddles."""
LEAST_CONFIDENCE: Final = 0.5
HOLD_SECONDS: Final = 300
"""From the forecast change to the end of the bet, in market time."""
LARGEST_DELTA: Final = 3.0
"""Of the portfolio; the role's limit is 50."""


async def trade_forecasts(desk: Desk) -> None:
    """Trade until it is time to stop."""
    bet: Signal | None = None
    targets: dict[str, int] = {}
    while await desk.pause(PAUSE_SECONDS):
        if not desk.market.is_open:
            continue
        signal = desk.market.next_signal()
        if signal is not None and signal.confidence >= LEAST_CONFIDENCE:
            bet, targets = signal, dict.fromkeys(targets, 0) | straddle_for(desk.market, signal)
        elif bet is not None and desk.market.values.seconds_since(bet.market_time) > _lasts(bet):
            bet, targets = None, dict.fromkeys(targets, 0)
        targets = await desk.hold(targets, most=SIZE)
        await hedge(desk, LARGEST_DELTA)


def _lasts(bet: Signal) -> float:
    return (bet.seconds_until_change or 0) + HOLD_SECONDS


def straddle_for(market: MarketView, signal: Signal) -> dict[str, int]:
    """What to hold of the call and the put nearest to the money, of the nearest expiry."""
    index = market.values.underlyings[INDEX]
    options = [
        (instrument.expiry or "", abs((instrument.strike or 0.0) - index), instrument.instrument_id)
        for instrument in map(market.instruments.__getitem__, market.tradable)
        if instrument.kind == "option" and instrument.underlying == INDEX
    ]
    targets: dict[str, int] = {}
    for _, _, instrument_id in sorted(options)[:2]:
        greeks = market.values.greeks.get(instrument_id)
        if greeks is not None and greeks.implied_volatility is not None and signal.forecast_regime is not None:
            is_cheap = greeks.implied_volatility < VOLATILITIES[signal.forecast_regime]
            targets[instrument_id] = SIZE if is_cheap else -SIZE
    return targets
