"""Answers to requests that failed, with the headers that say when and how to ask again."""

from typing import Any

from openoutcry.access.caller import NO_TEAM
from openoutcry.access.refusals import Refused
from openoutcry.gateway.http.answer import Answer, Header
from openoutcry.gateway.http.answers import answer_result, whole_seconds
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.operations.failures import failed
from openoutcry.runtime.exchange import Exchange


def answer_failure(exchange: Exchange, receipt: Receipt, error: Exception, asked: str) -> Answer[Any]:
    """The answer to the request `asked` (`POST /orders`) that ended in `error`."""
    headers = _headers_of(error) if isinstance(error, Refused) else ()
    result = failed(exchange, error, asked)
    if result.reject is not None and receipt.team_id != NO_TEAM:
        exchange.conduct.note_refusal(receipt.team_id, result.reject.code)
    return answer_result(receipt, result, headers)


def _headers_of(refused: Refused) -> tuple[Header, ...]:
    seconds, allowed = refused.retry_after_seconds, refused.allowed
    retry_after = () if seconds is None else ((b"retry-after", b"%d" % whole_seconds(seconds)),)
    allow = ((b"allow", ", ".join(allowed).encode()),) if allowed else ()
    return (*retry_after, *allow)
