"""WebSocket messages. Each carries `type`; private events are flat, as bots know them from FIX."""

from openoutcry.protocol.stream.books import AuctionIndicative, BookSnapshot, BookUpdate, TopOfBook, Trade
from openoutcry.protocol.stream.connection import Ack, ConnectionMessage, Heartbeat, StreamError, Welcome
from openoutcry.protocol.stream.from_client import (
    CancelOnDisconnect,
    Channel,
    Channels,
    ClientMessage,
    Login,
    Ping,
    Resume,
    StreamRequestId,
    Subscribe,
    Unsubscribe,
)
from openoutcry.protocol.stream.limits import (
    CHANNELS_PER_SECOND,
    CHECKSUM_DEPTH,
    COUNTED_BYTES,
    FRAME_BURST,
    MAX_CHANNEL_LENGTH,
    MAX_FRAMES_PER_SECOND,
    MAX_MESSAGE_BYTES,
    MAX_MESSAGES_PER_SECOND,
    MAX_SUBSCRIPTIONS,
    STREAM_PATH,
    CloseCode,
)
from openoutcry.protocol.stream.market import (
    Announcement,
    Greeks,
    InstrumentExpired,
    InstrumentListed,
    News,
    SessionStatus,
    Settlement,
    UnderlyingPrice,
)
from openoutcry.protocol.stream.message import Message
from openoutcry.protocol.stream.private import (
    DutyStatus,
    ExecutionReport,
    NewOrderAck,
    OrderAmended,
    OrderCancelled,
    PositionUpdate,
    PrivateMessage,
    ProtectionTriggered,
    Signal,
    TradeBusted,
)
from openoutcry.protocol.stream.scores import Leaderboard

__all__ = [
    "CHANNELS_PER_SECOND",
    "CHECKSUM_DEPTH",
    "COUNTED_BYTES",
    "FRAME_BURST",
    "MAX_CHANNEL_LENGTH",
    "MAX_FRAMES_PER_SECOND",
    "MAX_MESSAGES_PER_SECOND",
    "MAX_MESSAGE_BYTES",
    "MAX_SUBSCRIPTIONS",
    "STREAM_PATH",
    "Ack",
    "Announcement",
    "AuctionIndicative",
    "BookSnapshot",
    "BookUpdate",
    "CancelOnDisconnect",
    "Channel",
    "Channels",
    "ClientMessage",
    "CloseCode",
    "ConnectionMessage",
    "DutyStatus",
    "ExecutionReport",
    "Greeks",
    "Heartbeat",
    "InstrumentExpired",
    "InstrumentListed",
    "Leaderboard",
    "Login",
    "Message",
    "NewOrderAck",
    "News",
    "OrderAmended",
    "OrderCancelled",
    "Ping",
    "PositionUpdate",
    "PrivateMessage",
    "ProtectionTriggered",
    "PublicMessage",
    "Resume",
    "ServerMessage",
    "SessionStatus",
    "Settlement",
    "Signal",
    "StreamError",
    "StreamRequestId",
    "Subscribe",
    "TopOfBook",
    "Trade",
    "TradeBusted",
    "UnderlyingPrice",
    "Unsubscribe",
    "Welcome",
]

PublicMessage = (
    BookSnapshot
    | BookUpdate
    | TopOfBook
    | AuctionIndicative
    | Trade
    | TradeBusted
    | SessionStatus
    | InstrumentListed
    | InstrumentExpired
    | Settlement
    | News
    | Announcement
    | UnderlyingPrice
    | Greeks
    | Leaderboard
)

ServerMessage = PrivateMessage | PublicMessage | ConnectionMessage
