"""Every error code has one HTTP status, the one that the wire protocol lists for it."""

from openoutcry.domain.reasons import ErrorCode
from openoutcry.protocol.errors import HTTP_STATUS

PUBLISHED = {
    400: "MALFORMED_REQUEST INVALID_SIDE INVALID_QUANTITY INVALID_PRICE INVALID_TIME_IN_FORCE MISSING_PRICE",
    401: "UNAUTHENTICATED",
    403: "ROLE_NOT_PERMITTED TEAM_SUSPENDED JOIN_CODE_INVALID",
    404: "INVALID_INSTRUMENT ORDER_NOT_FOUND TEAM_NOT_FOUND TRADE_NOT_FOUND NO_SCORES ROUTE_NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "MARKET_CLOSED INSTRUMENT_HALTED INSTRUMENT_EXPIRED CANCEL_FAILED AMEND_FAILED BUST_FAILED SETTLEMENT_FAILED"
    " DUPLICATE_CLIENT_ORDER_ID DUPLICATE_TEAM_NAME",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "POSITION_LIMIT_EXCEEDED TOTAL_POSITION_LIMIT_EXCEEDED ORDER_SIZE_EXCEEDED OPEN_ORDER_LIMIT_EXCEEDED"
    " PRICE_OUT_OF_BAND POST_ONLY_WOULD_TRADE TWO_SIDED_QUOTING_NOT_ALLOWED ORDER_TYPE_NOT_ALLOWED"
    " SELF_TRADE_NOT_ALLOWED DELTA_LIMIT_EXCEEDED REDUCE_ONLY INSUFFICIENT_CASH QUOTES_FROZEN"
    " CLIENT_ORDER_ID_LIMIT TEAM_LIMIT",
    429: "RATE_LIMIT_EXCEEDED",
    500: "INTERNAL_ERROR",
    503: "SERVICE_UNAVAILABLE",
    504: "PROCESSING_TIMEOUT",
}


def test_every_error_code_has_a_status():
    assert set(HTTP_STATUS) == set(ErrorCode)


def test_statuses_are_those_that_the_protocol_lists():
    assert {code: status for status, codes in PUBLISHED.items() for code in codes.split()} == {
        code.value: status for code, status in HTTP_STATUS.items()
    }


def test_a_code_is_spelled_as_it_is_named():
    assert all(code.name == code.value for code in ErrorCode)
