"""Which connections read which public channel. A connection reads a message once, however many of its channels fit."""

from collections.abc import Iterable

from openoutcry.domain.types import InstrumentId
from openoutcry.protocol.channels import ChannelName
from openoutcry.runtime.connection import Connection


class Subscriptions:
    """Readers of every channel, in order of subscription. Channels of `every instrument` stand under each of them."""

    def __init__(self, instrument_ids: Iterable[InstrumentId]) -> None:
        self._instrument_ids = tuple(instrument_ids)
        self._readers: dict[ChannelName, dict[Connection, None]] = {}

    def readers(self, channel: ChannelName) -> Iterable[Connection]:
        """Readers of one instrument's channel or of `market`."""
        return self._readers.get(channel, ())

    def add(self, connection: Connection, channel: ChannelName) -> list[ChannelName]:
        """Subscribe; the single channels that this stands for."""
        connection.channels[channel] = None
        singles = self._singles(channel)
        for single in singles:
            self._readers.setdefault(single, {})[connection] = None
        return singles

    def remove(self, connection: Connection, channel: ChannelName) -> list[ChannelName]:
        """Unsubscribe; the single channels that the connection no longer reads, not even by another name."""
        if channel not in connection.channels:
            return []
        del connection.channels[channel]
        everything = ChannelName(channel.kind)
        left = [
            single
            for single in self._singles(channel)
            if single not in connection.channels and everything not in connection.channels
        ]
        for single in left:
            readers = self._readers[single]
            del readers[connection]
            if not readers:
                del self._readers[single]
        return left

    def _singles(self, channel: ChannelName) -> list[ChannelName]:
        if channel.kind == "market" or channel.instrument_id is not None:
            return [channel]
        return [ChannelName(channel.kind, instrument_id) for instrument_id in self._instrument_ids]
