"""Why the venue refused a command, and why an order left the book: the codes that bots branch on."""

from enum import StrEnum
from typing import Any, final

from msgspec import Struct


class ErrorCode(StrEnum):
    """Codes of `error.code`. The HTTP status of each is in `protocol.errors`."""

    # The request as written.
    MALFORMED_REQUEST = "MALFORMED_REQUEST"
    INVALID_SIDE = "INVALID_SIDE"
    INVALID_QUANTITY = "INVALID_QUANTITY"
    INVALID_PRICE = "INVALID_PRICE"
    INVALID_TIME_IN_FORCE = "INVALID_TIME_IN_FORCE"
    MISSING_PRICE = "MISSING_PRICE"
    # Who asks.
    UNAUTHENTICATED = "UNAUTHENTICATED"
    ROLE_NOT_PERMITTED = "ROLE_NOT_PERMITTED"
    TEAM_SUSPENDED = "TEAM_SUSPENDED"
    JOIN_CODE_INVALID = "JOIN_CODE_INVALID"
    # What it is about.
    INVALID_INSTRUMENT = "INVALID_INSTRUMENT"
    ORDER_NOT_FOUND = "ORDER_NOT_FOUND"
    TEAM_NOT_FOUND = "TEAM_NOT_FOUND"
    TRADE_NOT_FOUND = "TRADE_NOT_FOUND"
    NO_SCORES = "NO_SCORES"
    ROUTE_NOT_FOUND = "ROUTE_NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    # The state it met.
    MARKET_CLOSED = "MARKET_CLOSED"
    INSTRUMENT_HALTED = "INSTRUMENT_HALTED"
    INSTRUMENT_EXPIRED = "INSTRUMENT_EXPIRED"
    CANCEL_FAILED = "CANCEL_FAILED"
    AMEND_FAILED = "AMEND_FAILED"
    BUST_FAILED = "BUST_FAILED"
    SETTLEMENT_FAILED = "SETTLEMENT_FAILED"
    DUPLICATE_CLIENT_ORDER_ID = "DUPLICATE_CLIENT_ORDER_ID"
    DUPLICATE_TEAM_NAME = "DUPLICATE_TEAM_NAME"
    # The limits it would break.
    POSITION_LIMIT_EXCEEDED = "POSITION_LIMIT_EXCEEDED"
    TOTAL_POSITION_LIMIT_EXCEEDED = "TOTAL_POSITION_LIMIT_EXCEEDED"
    ORDER_SIZE_EXCEEDED = "ORDER_SIZE_EXCEEDED"
    OPEN_ORDER_LIMIT_EXCEEDED = "OPEN_ORDER_LIMIT_EXCEEDED"
    PRICE_OUT_OF_BAND = "PRICE_OUT_OF_BAND"
    POST_ONLY_WOULD_TRADE = "POST_ONLY_WOULD_TRADE"
    TWO_SIDED_QUOTING_NOT_ALLOWED = "TWO_SIDED_QUOTING_NOT_ALLOWED"
    ORDER_TYPE_NOT_ALLOWED = "ORDER_TYPE_NOT_ALLOWED"
    SELF_TRADE_NOT_ALLOWED = "SELF_TRADE_NOT_ALLOWED"
    DELTA_LIMIT_EXCEEDED = "DELTA_LIMIT_EXCEEDED"
    REDUCE_ONLY = "REDUCE_ONLY"
    INSUFFICIENT_CASH = "INSUFFICIENT_CASH"
    CLIENT_ORDER_ID_LIMIT = "CLIENT_ORDER_ID_LIMIT"
    QUOTES_FROZEN = "QUOTES_FROZEN"
    TEAM_LIMIT = "TEAM_LIMIT"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    # The exchange itself.
    INTERNAL_ERROR = "INTERNAL_ERROR"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    PROCESSING_TIMEOUT = "PROCESSING_TIMEOUT"


class CancelReason(StrEnum):
    """Why an order left the book with quantity unfilled."""

    USER_REQUESTED = "user_requested"
    MASS_CANCEL = "mass_cancel"
    QUOTE_REPLACED = "quote_replaced"
    IOC_REMAINDER = "ioc_remainder"
    FOK_NOT_FILLABLE = "fok_not_fillable"
    MARKET_REMAINDER = "market_remainder"
    SELF_TRADE_PREVENTION = "self_trade_prevention"
    REDUCE_ONLY = "reduce_only"
    MARKET_MAKER_PROTECTION = "market_maker_protection"
    INSUFFICIENT_CASH = "insufficient_cash"
    SESSION_CLOSE = "session_close"
    INSTRUMENT_EXPIRED = "instrument_expired"
    CANCEL_ON_DISCONNECT = "cancel_on_disconnect"
    CANCEL_AFTER = "cancel_after"
    TEAM_SUSPENDED = "team_suspended"


@final
class Accepted(Struct, frozen=True, array_like=True, tag="accepted"):
    """The command will be executed. `new_id`: the order or team id that it takes; 0 if it takes none."""

    new_id: int = 0


@final
class Duplicate(Struct, frozen=True, array_like=True, tag="duplicate"):
    """The order was accepted before under the same client order id and terms; nothing is executed."""

    order_id: int


@final
class Reject(Struct, frozen=True, array_like=True, tag="reject"):
    """The command is refused and changes nothing. `details` holds JSON values: text, integers, numbers of the wire."""

    code: ErrorCode
    message: str
    details: dict[str, Any] | None = None


Verdict = Accepted | Duplicate | Reject

Finding = Reject | Duplicate | None
"""What a check finds: a refusal, an order that was accepted before, or nothing."""
