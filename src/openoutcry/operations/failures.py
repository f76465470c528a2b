"""Results of exceptions. Everything that an operation can raise is told in this way."""

import traceback
from typing import Any, Final

import structlog

from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.operations.result import Result
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable

_log: Final = structlog.get_logger()


def failed(exchange: Exchange, error: Exception, asked: str) -> Result[Any]:
    """The result of what was `asked` (`POST /orders`) and ended in `error`."""
    return Result(exchange.clock.now(), reject=_reject(exchange, error, asked))


def _reject(exchange: Exchange, error: Exception, asked: str) -> Reject:
    match error:
        case Refused():
            return error.reject
        case Unavailable():
            return Reject(ErrorCode.SERVICE_UNAVAILABLE, str(error))
        case _:
            return _internal_error(exchange, error, asked)


def _internal_error(exchange: Exchange, error: Exception, asked: str) -> Reject:
    """A bug: the client gets a reference, the log gets the rest under the same reference."""
    reference = f"err_{exchange.entropy(8).hex()}"
    # The traceback is logged as text: a renderer that shows local variables would show keys.
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
