"""From executed commands to readers: private events to their teams' streams, then public ones to the channels.

Synchronous: `publish` only hands messages over; each connection has its own writer, called at the end of the turn.
"""

from typing import Final

from openoutcry.domain.events import Event, TeamKeyRotated
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.protocol.stream import CloseCode
from openoutcry.runtime.streams.connections import Connections
from openoutcry.runtime.streams.private_streams import PrivateStreams
from openoutcry.runtime.streams.public_channels import PublicChannels, Tell


class Publisher:
    """Routes events by their type; the sequencer delivers each executed command to it once."""

    def __init__(
        self, private_streams: PrivateStreams, public_channels: PublicChannels, connections: Connections
    ) -> None:
        self._private_streams = private_streams
        self._connections = connections
        # By type, because this is asked for every event; a `match` over classes takes ten times as long.
        self._tellers: Final[dict[type, Tell]] = {
            **public_channels.tellers,
            TeamKeyRotated: self._close_rotated,
        }

    def publish(self, sequenced: Sequenced, events: list[Event]) -> None:
        """Hand the events of an executed command to their readers.

        Raises `AssertionError` on a gap in a stream.
        """
        added = self._private_streams.add(sequenced, events)
        if added == len(events):
            return
        time, sequence, tellers = sequenced.time, sequenced.sequence, self._tellers
        for event in events[added:]:
            tell = tellers.get(type(event))
            if tell is not None:
                tell(event, time, sequence)

    def _close_rotated(self, event: TeamKeyRotated, _time: TimestampUs, _sequence: Sequence) -> None:
        reason = "the key was rotated: log in with the new one"
        self._connections.close_all_of(event.of_team_id, CloseCode.AUTHENTICATION_FAILED, reason)
