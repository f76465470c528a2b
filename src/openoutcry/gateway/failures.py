"""What went wrong, as an answer. Nothing that a request can raise leaves the gateway in another shape."""

import secrets
import traceback
from typing import Any, Final

import structlog

from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.gateway.http.answer import Answer, Header
from openoutcry.gateway.http.answers import refuse, whole_seconds
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable

_log: Final = structlog.get_logger()


def answer_failure(exchange: Exchange, receipt: Receipt, error: Exception, asked: str) -> Answer[Any]:
    """The answer to the request `asked` (`POST /orders`) that ended in `error`."""
    headers = _headers_of(error) if isinstance(error, Refused) else ()
    return refuse(receipt, exchange.clock.now(), _reject(error, asked), headers=headers)


def _headers_of(refused: Refused) -> tuple[Header, ...]:
    seconds, allowed = refused.retry_after_seconds, refused.allowed
    retry_after = () if seconds is None else ((b"retry-after", b"%d" % whole_seconds(seconds)),)
    allow = ((b"allow", ", ".join(allowed).encode()),) if allowed else ()
    return (*retry_after, *allow)


def _reject(error: Exception, asked: str) -> Reject:
    match error:
        case Refused():
            return error.reject
        case Unavailable():
            return Reject(ErrorCode.SERVICE_UNAVAILABLE, str(error))
        case _:
            return _internal_error(error, asked)


def _internal_error(error: Exception, asked: str) -> Reject:
    """A bug: the client gets a reference, the log gets the rest under the same reference."""
    reference = f"err_{secrets.token_hex(8)}"
    # The traceback goes in as text: a renderer that shows local variables would show keys.
    _log.error(
        "request failed",
        reference=reference,
        request=asked,
        error=type(error).__name__,
        traceback="".join(traceback.format_exception(error)),
    )
    return Reject(
        ErrorCode.INTERNAL_ERROR,
        f"The exchange failed on this request; its log says more under {reference}",
        {"reference": reference},
    )
