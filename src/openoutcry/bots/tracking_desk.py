"""An arbitrage desk that trades the tracker against options on the index, on the private signal `tracking_error`.

Where SPY is dear against SPX, it sells SPY and buys calls on SPX; where SPY is cheap, it buys SPY and puts on SPX. Both
deltas offset each other, as the role's duty asks. A signal comes early, when the error does not yet pay for the spreads
of both: the desk waits for a larger one. When the error is gone, it closes both.
"""

from typing import Final

from openoutcry.bots.desk import Desk
from openoutcry.bots.hedging import hedge
from openoutcry.bots.market_view import MarketView
from openoutcry.bots.values import INDEX

PAUSE_SECONDS: Final = 0.2
SIZE: Final = 40
"""Options."""
ENTER_AT: Final = 0.0006
"""The error that pays for the spreads, as a share of the index."""
LARGEST_DELTA: Final = 0.5
"""Of the portfolio; beyond it the tracker is traded."""


async def trade_tracking_errors(desk: Desk) -> None:
    """Trade until it is time to stop."""
    side = 0
    """1 where SPY is cheap, by the latest signal, -1 where it is dear, 0 while there is nothing to earn."""
    targets: dict[str, int] = {}
    while await desk.pause(PAUSE_SECONDS):
        if not desk.market.is_open:
            continue
        signal, error = desk.market.next_signal(), desk.market.values.tracking_error
        if error * side > 0:
            side, targets = 0, dict.fromkeys(targets, 0)
        if signal is not None and not side:
            side = -1 if signal.direction == "SPY_RICH" else 1
        if error * side < -ENTER_AT and not any(targets.values()):
            targets |= options_for(desk.market, side)
        targets = await desk.hold(targets, most=SIZE)
        await hedge(desk, LARGEST_DELTA)


def options_for(market: MarketView, side: int) -> dict[str, int]:
    """What to hold of the option that moves most with the index: its spread is the smallest part of what it moves."""
    wanted = "call" if side < 0 else "put"
    options = [
        (abs(market.values.delta_of(instrument.instrument_id)), instrument.instrument_id)
        for instrument in map(market.instruments.__getitem__, market.tradable)
        if instrument.option_type == wanted and instrument.underlying == INDEX
    ]
    return {instrument_id: SIZE for _, instrument_id in sorted(options)[-1:]}
