"""The HTTP status of every error code. A test compares this table with `ErrorCode`."""

from typing import Final

from openoutcry.domain.reasons import ErrorCode

HTTP_STATUS: Final[dict[ErrorCode, int]] = {
    ErrorCode.MALFORMED_REQUEST: 400,
    ErrorCode.INVALID_SIDE: 400,
    ErrorCode.INVALID_QUANTITY: 400,
    ErrorCode.INVALID_PRICE: 400,
    ErrorCode.INVALID_TIME_IN_FORCE: 400,
    ErrorCode.MISSING_PRICE: 400,
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.ROLE_NOT_PERMITTED: 403,
    ErrorCode.TEAM_SUSPENDED: 403,
    ErrorCode.JOIN_CODE_INVALID: 403,
    ErrorCode.INVALID_INSTRUMENT: 404,
    ErrorCode.ORDER_NOT_FOUND: 404,
    ErrorCode.TEAM_NOT_FOUND: 404,
    ErrorCode.ROUTE_NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.MARKET_CLOSED: 409,
    ErrorCode.INSTRUMENT_HALTED: 409,
    ErrorCode.CANCEL_FAILED: 409,
    ErrorCode.AMEND_FAILED: 409,
    ErrorCode.DUPLICATE_CLIENT_ORDER_ID: 409,
    ErrorCode.DUPLICATE_TEAM_NAME: 409,
    ErrorCode.PAYLOAD_TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.POSITION_LIMIT_EXCEEDED: 422,
    ErrorCode.TOTAL_POSITION_LIMIT_EXCEEDED: 422,
    ErrorCode.ORDER_SIZE_EXCEEDED: 422,
    ErrorCode.OPEN_ORDER_LIMIT_EXCEEDED: 422,
    ErrorCode.POST_ONLY_WOULD_TRADE: 422,
    ErrorCode.TWO_SIDED_QUOTING_NOT_ALLOWED: 422,
    ErrorCode.CLIENT_ORDER_ID_LIMIT: 422,
    ErrorCode.TEAM_LIMIT: 422,
    ErrorCode.RATE_LIMIT_EXCEEDED: 429,
    ErrorCode.INTERNAL_ERROR: 500,
    ErrorCode.SERVICE_UNAVAILABLE: 503,
    ErrorCode.PROCESSING_TIMEOUT: 504,
}
