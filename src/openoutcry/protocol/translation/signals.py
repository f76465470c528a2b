"""Signals of roles as they are written on the wire: shares as fractions, `_percent` in percent."""

from typing import Final

from openoutcry.domain.events import SignalSent
from openoutcry.domain.simulation.signals import TrackingError, VolatilityForecast
from openoutcry.domain.types import PPM, Sequence, TimestampUs
from openoutcry.protocol import stream
from openoutcry.protocol.timestamps import format_market_time, format_timestamp

_PPB_OF_PERCENT: Final = 10_000_000


def signal_message(event: SignalSent, time: TimestampUs, sequence: Sequence) -> stream.Signal:
    market_time = format_market_time(event.market_time, event.utc_offset)
    signal = event.signal
    match signal:
        case VolatilityForecast():
            return stream.Signal(
                seq=event.seq,
                signal_type="volatility_forecast",
                forecast_regime=signal.regime,
                seconds_until_change=signal.seconds_until_change,
                confidence=signal.confidence_ppm / PPM,
                market_time=market_time,
                timestamp=format_timestamp(time),
                sequence=sequence,
            )
        case TrackingError():
            return stream.Signal(
                seq=event.seq,
                signal_type="tracking_error",
                error_percent=signal.error_ppb / _PPB_OF_PERCENT,
                direction=signal.direction,
                z_score=signal.z_score_milli / 1_000,
                confidence=signal.confidence_ppm / PPM,
                market_time=market_time,
                timestamp=format_timestamp(time),
                sequence=sequence,
            )
