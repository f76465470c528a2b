"""A hedge fund on its signal: it buys straddles before volatility rises and sells them before it falls."""

from typing import Final

from openoutcry.domain.types import PPM, MarketTime
from proofs.market.stage import INDEX, Seat

VOLATILITIES: Final = {"low": 0.1, "medium": 0.2, "high": 0.5}
SIZE: Final = 40
"""Straddles."""
AT_ONCE: Final = 10
LEAST_CHANGE: Final = 1.25
"""Of the volatility that options are priced for: a regime that is nearer to it is not worth the spreads."""
HOLD_SECONDS: Final = 300
"""After the change should have come."""
LARGEST_DELTA: Final = 15.0


class Fund:
    role = "hedge_fund"
    milliseconds = 250

    def __init__(self) -> None:
        self._targets: dict[str, int] = {}
        self._until = MarketTime(0)

    def act(self, seat: Seat) -> None:
        now = seat.now
        for signal in seat.signals:
            assert signal.forecast_regime is not None and signal.seconds_until_change is not None  # noqa: PT018, S101
            self._targets = dict.fromkeys(self._targets, 0) | _straddle(seat, VOLATILITIES[signal.forecast_regime])
            self._until = MarketTime(now + signal.seconds_until_change + HOLD_SECONDS)
        seat.signals.clear()
        if now > self._until:
            self._targets = dict.fromkeys(self._targets, 0)
        seat.hold(self._targets, AT_ONCE)
        seat.hedge(LARGEST_DELTA)


def _straddle(seat: Seat, volatility: float) -> dict[str, int]:
    """Of the nearest expiry, at the strike nearest to the index: to be bought if it is priced for much less than
    `volatility`, to be sold if for much more.
    """
    spot = seat.shown.underlyings[INDEX]
    terms = [(str(one.instrument_id), one.option) for one in seat.options if one.underlying == INDEX and one.option]
    if not terms:
        return {}
    _, _, strike, expiry = min(
        (option.expiry, abs(option.strike - spot), option.strike, option.expiry) for _, option in terms
    )
    legs = [name for name, option in terms if (option.expiry, option.strike) == (expiry, strike)]
    implied = seat.mark(legs[0]).volatility / PPM
    if max(implied / volatility, volatility / implied) < LEAST_CHANGE:
        return {}
    return dict.fromkeys(legs, SIZE if implied < volatility else -SIZE)
