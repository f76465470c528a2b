"""What a private signal says. Only teams of its role get it."""

from typing import Literal

from msgspec import Struct

from openoutcry.domain.simulation.headlines import Regime

SignalType = Literal["volatility_forecast", "tracking_error"]
Direction = Literal["SPY_RICH", "SPY_CHEAP"]


class VolatilityForecast(Struct, frozen=True, array_like=True, tag="volatility_forecast", gc=False):
    """The regime of volatility may be another soon. `confidence_ppm`: how often such a forecast comes true."""

    regime: Regime
    seconds_until_change: int
    confidence_ppm: int


class TrackingError(Struct, frozen=True, array_like=True, tag="tracking_error", gc=False):
    """The tracker is about to be off its index. `confidence_ppm`: how often half of it is gone within 300 seconds."""

    error_ppb: int
    """1e-9 of the index: above 0 the tracker is rich."""
    direction: Direction
    z_score_milli: int
    """The error in thousandths of its standard deviation."""
    confidence_ppm: int


Signal = VolatilityForecast | TrackingError


class SignalToRole(Struct, frozen=True, array_like=True):
    """A signal for every team of `role`."""

    role: str
    signal: Signal
