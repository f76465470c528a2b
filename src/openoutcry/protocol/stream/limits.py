"""The path of the stream, its limits, and why it is closed."""

from typing import Final

STREAM_PATH: Final = "/ws"

MAX_MESSAGE_BYTES: Final = 16 * 1024

MAX_MESSAGES_PER_SECOND: Final = 50

MAX_FRAMES_PER_SECOND: Final = 100
"""Frames of any kind: messages, their fragments, pings and pongs. A connection that sends more than this, after a burst
of `FRAME_BURST`, is closed (4010)."""

FRAME_BURST: Final = 400
"""The burst of frames. It is larger than the number of messages that are refused one by one before the connection is
closed."""

COUNTED_BYTES: Final = 4 * 1024
"""A message counts once more for each full `COUNTED_BYTES` of it."""

MAX_SUBSCRIPTIONS: Final = 1_000

CHANNELS_PER_SECOND: Final = 20
"""Channels that a connection may ask for or leave each second. At once it may ask for `MAX_SUBSCRIPTIONS` names and `*`
of every kind. A message that asks for more is refused as a whole."""

MAX_CHANNEL_LENGTH: Final = 80

CHECKSUM_DEPTH: Final = 10
"""Levels on each side that `checksum` covers."""


class CloseCode:
    """Why the server closed a connection."""

    GOING_AWAY: Final = 1001
    INTERNAL_ERROR: Final = 1011
    TRY_AGAIN_LATER: Final = 1013
    AUTHENTICATION_FAILED: Final = 4001
    NOT_PERMITTED: Final = 4003
    TOO_SLOW: Final = 4008
    TOO_MANY_CONNECTIONS: Final = 4009
    PROTOCOL_ERROR: Final = 4010
