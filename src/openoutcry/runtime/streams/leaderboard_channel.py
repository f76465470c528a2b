"""The channel of the leaderboard: all of it, whenever it is shown anew."""

from collections.abc import Callable
from typing import Final

from openoutcry.domain.types import TimestampUs
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import PublicMessage
from openoutcry.runtime.leaderboard import Leaderboard
from openoutcry.runtime.streams.channel_message import ChannelMessage
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.subscriptions import Subscriptions

_CHANNEL: Final = ChannelName("leaderboard")


class LeaderboardChannel:
    """Its readers. Someone who begins is shown the newest."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        leaderboard: Leaderboard,
        encode: Callable[[PublicMessage], bytes],
        now: Callable[[], TimestampUs],
    ) -> None:
        self._readers = subscriptions.readers("leaderboard")
        self._leaderboard = leaderboard
        self._encode = encode
        self._now = now
        self._told = leaderboard.number

    def begin(self, connection: Connection) -> None:
        message = self._leaderboard.message(self._now())
        if message is not None:
            connection.show(ChannelMessage(_CHANNEL, self._encode(message)))

    def tell_if_new(self, time: TimestampUs) -> None:
        """After a command, of this time, that the scores have taken in."""
        if self._told == self._leaderboard.number:
            return
        self._told = self._leaderboard.number
        readers = self._readers.get(None)
        message = None if readers is None else self._leaderboard.message(time)
        if readers is None or message is None:
            return
        shared = ChannelMessage(_CHANNEL, self._encode(message))
        for connection in readers:
            connection.show(shared)
