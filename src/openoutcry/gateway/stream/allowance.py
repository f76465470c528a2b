"""What one connection to `/ws` may ask for: messages pay by length, subscriptions by number of channels."""

from collections.abc import Callable
from typing import Any

from openoutcry.access.rate_limits import Bucket
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS, EndpointLimits
from openoutcry.gateway.stream.refusals import StreamRefused
from openoutcry.protocol.channels import EVERY_INSTRUMENT, INSTRUMENT_CHANNEL_KINDS
from openoutcry.protocol.stream import (
    CHANNELS_PER_SECOND,
    COUNTED_BYTES,
    MAX_MESSAGES_PER_SECOND,
    MAX_SUBSCRIPTIONS,
    CloseCode,
)
from openoutcry.protocol.stream_errors import StreamErrorCode
from openoutcry.scenarios.model import Rate


class StreamAllowance:
    def __init__(
        self,
        count_instruments: Callable[[], int],
        monotonic: Callable[[], float],
        limits: EndpointLimits = DEFAULT_LIMITS,
    ) -> None:
        """`count_instruments`: how many channels `*` stands for now."""
        self._max_refused_in_a_row = limits.max_refused_in_a_row
        self._count_instruments = count_instruments
        self._messages = Bucket(Rate(per_second=MAX_MESSAGES_PER_SECOND, burst=MAX_MESSAGES_PER_SECOND), monotonic)
        everything = _everything(count_instruments())
        self._channels = Bucket(Rate(per_second=CHANNELS_PER_SECOND, burst=everything), monotonic)
        self._refused_in_a_row = 0

    def spend_message(self, characters: int) -> None:
        """Pay for reading a message of so many characters. Raises `StreamRefused`."""
        tokens = 1 + characters // COUNTED_BYTES
        if not self._messages.take(tokens):
            raise self._refused(self._messages, tokens, "messages", "this one was not read")

    def spend_channels(self, channels: list[str]) -> None:
        """Pay for subscribing to these channels, or for leaving them. Raises `StreamRefused`."""
        every = f":{EVERY_INSTRUMENT}"
        instruments = self._count_instruments()
        self._channels.burst = _everything(instruments)
        tokens = sum(instruments if channel.endswith(every) else 1 for channel in channels)
        if not self._channels.take(tokens):
            raise self._refused(self._channels, tokens, "channels", "nothing was changed")

    def answered(self) -> None:
        """A message was carried out."""
        self._refused_in_a_row = 0

    def _refused(self, bucket: Bucket, tokens: int, what: str, consequence: str) -> StreamRefused:
        self._refused_in_a_row += 1
        seconds = round(bucket.seconds_until(min(tokens, bucket.burst)), 3)
        details: dict[str, Any] = {
            "limit": bucket.burst,
            "window_seconds": bucket.window_seconds,
            "retry_after_seconds": seconds,
        }
        limit = f"More than {bucket.burst} {what} in {bucket.window_seconds:g} seconds"
        return StreamRefused(
            StreamErrorCode.RATE_LIMIT_EXCEEDED,
            f"{limit}: {consequence}; wait {seconds} seconds",
            details,
            close_code=CloseCode.PROTOCOL_ERROR if self._refused_in_a_row >= self._max_refused_in_a_row else None,
        )


def _everything(instruments: int) -> int:
    """The burst of channels: as many as a connection can have in all."""
    return MAX_SUBSCRIPTIONS + len(INSTRUMENT_CHANNEL_KINDS) * instruments
