"""Which connections read which public channel. A connection gets a message once, even by several channels."""

from collections.abc import Iterable, Mapping

from openoutcry.domain.types import InstrumentId
from openoutcry.protocol.channels import (
    CHANNEL_KINDS,
    INSTRUMENT_CHANNEL_KINDS,
    SINGLE_CHANNEL_KINDS,
    ChannelKind,
    ChannelName,
)
from openoutcry.runtime.streams.connection import Connection

Readers = Mapping[Connection, None]


class Subscriptions:
    """Readers of every channel, in order of subscription. A reader of every instrument is listed under each of them."""

    def __init__(self, instrument_ids: Iterable[InstrumentId]) -> None:
        self._instrument_ids = list(instrument_ids)
        self._readers: dict[ChannelKind, dict[InstrumentId | None, dict[Connection, None]]] = {
            kind: {} for kind in CHANNEL_KINDS
        }
        # Readers of every instrument, including those listed later.
        self._readers_of_all: dict[ChannelKind, dict[Connection, None]] = {
            kind: {} for kind in INSTRUMENT_CHANNEL_KINDS
        }

    def readers(self, kind: ChannelKind) -> Mapping[InstrumentId | None, Readers]:
        """Readers of the channels of this kind, by instrument (None where there is one channel); a live view,
        without channels that have none.
        """
        return self._readers[kind]

    def add(self, connection: Connection, channel: ChannelName) -> list[ChannelName]:
        """Subscribe; the single channels that this stands for, each of which must be begun."""
        connection.channels[channel] = None
        if channel.instrument_id is None and channel.kind in self._readers_of_all:
            self._readers_of_all[channel.kind][connection] = None
        return self._singles(channel)

    def begin(self, connection: Connection, single: ChannelName) -> None:
        """From now on the connection reads this single channel."""
        self._readers[single.kind].setdefault(single.instrument_id, {})[connection] = None

    def remove(self, connection: Connection, channel: ChannelName) -> list[ChannelName]:
        """Unsubscribe; the single channels that the connection no longer reads, not even by another name."""
        if channel not in connection.channels:
            return []
        del connection.channels[channel]
        if channel.instrument_id is None and channel.kind in self._readers_of_all:
            self._readers_of_all[channel.kind].pop(connection, None)
        everything = ChannelName(channel.kind)
        left = [
            single
            for single in self._singles(channel)
            if single not in connection.channels and everything not in connection.channels
        ]
        for single in left:
            readers = self._readers[single.kind].get(single.instrument_id)
            if readers is not None:
                readers.pop(connection, None)  # it may not have been begun yet
                if not readers:
                    del self._readers[single.kind][single.instrument_id]
        return left

    def list_instrument(self, instrument_id: InstrumentId) -> list[tuple[Connection, ChannelName]]:
        """The instrument is listed. The readers of every instrument, each with the single channels to be begun."""
        self._instrument_ids.append(instrument_id)
        return [
            (connection, ChannelName(kind, instrument_id))
            for kind, readers in self._readers_of_all.items()
            for connection in readers
        ]

    def _singles(self, channel: ChannelName) -> list[ChannelName]:
        if channel.kind in SINGLE_CHANNEL_KINDS or channel.instrument_id is not None:
            return [channel]
        return [ChannelName(channel.kind, instrument_id) for instrument_id in self._instrument_ids]
