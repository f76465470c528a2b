"""Codes of the `error` messages on `/ws`. If REST has a code for the same error, it is the same code."""

from enum import StrEnum


class StreamErrorCode(StrEnum):
    MALFORMED_REQUEST = "MALFORMED_REQUEST"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    UNSUPPORTED_OPERATION = "UNSUPPORTED_OPERATION"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    ALREADY_LOGGED_IN = "ALREADY_LOGGED_IN"
    ORIGIN_NOT_ALLOWED = "ORIGIN_NOT_ALLOWED"
    CONNECTION_LIMIT = "CONNECTION_LIMIT"
    RESUME_AHEAD = "RESUME_AHEAD"
    """`after_seq` lies beyond the stream's end: `welcome` is the state to start from."""
    INVALID_CHANNEL = "INVALID_CHANNEL"
    INVALID_INSTRUMENT = "INVALID_INSTRUMENT"
    SUBSCRIPTION_LIMIT = "SUBSCRIPTION_LIMIT"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    PROCESSING_TIMEOUT = "PROCESSING_TIMEOUT"
    """The message was taken, but it may not survive a loss of power: send it again."""
