"""Messages about the connection itself."""

from typing import Any, ClassVar, Literal

from openoutcry.protocol.responses import AccountInfo, OrderInfo
from openoutcry.protocol.stream.message import Message


class Welcome(Message, kw_only=True, tag="welcome"):
    """First message, and again after a login. State as of `next_seq` - 1; team fields are null while anonymous.

    `orders`: the oldest open ones, `MAX_ORDERS_SHOWN` at most; `orders_omitted`: how many more there are, which
    `GET /orders` pages from the last of these on.
    """

    type: ClassVar[Literal["welcome"]] = "welcome"
    session_id: str
    epoch: int
    team_id: str | None
    next_seq: int | None
    positions: dict[str, int] | None
    account: AccountInfo | None
    orders: list[OrderInfo] | None
    orders_omitted: int = 0
    heartbeat_seconds: float
    timestamp: str


class Heartbeat(Message, kw_only=True, tag="heartbeat"):
    """Sent when the connection has been silent. `seq`: the last event of the private stream; null while anonymous."""

    type: ClassVar[Literal["heartbeat"]] = "heartbeat"
    seq: int | None
    timestamp: str


class Ack(Message, kw_only=True, tag="ack"):
    """The answer to a client message that was carried out."""

    type: ClassVar[Literal["ack"]] = "ack"
    op: str
    request_id: str | None = None
    channels: list[str] | None = None
    timestamp: str


class StreamError(Message, kw_only=True, tag="error"):
    """The answer to a client message that was not carried out."""

    type: ClassVar[Literal["error"]] = "error"
    op: str | None
    request_id: str | None
    code: str
    message: str
    details: dict[str, Any] | None = None
    timestamp: str


ConnectionMessage = Welcome | Heartbeat | Ack | StreamError
