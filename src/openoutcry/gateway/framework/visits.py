"""One request on its way through Litestar, which itself knows no exchange: every request brings its own."""

from collections.abc import Callable, MutableMapping
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from litestar import Response

from openoutcry.gateway.admission import Gate
from openoutcry.gateway.answer import Answer
from openoutcry.gateway.receipts import Receipt
from openoutcry.protocol.responses import ApiResponse
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")
P = ParamSpec("P")

_KEY: Final = "openoutcry.visit"


class Visit:
    """The exchange that is asked, the gate before it, and what is known of the request so far."""

    __slots__ = ("exchange", "gate", "receipt")

    def __init__(self, exchange: Exchange, gate: Gate, receipt: Receipt) -> None:
        self.exchange = exchange
        self.gate = gate
        self.receipt = receipt

    def answer(
        self,
        function: Callable[Concatenate[Exchange, Receipt, P], Answer[T]],
        *arguments: P.args,
        **named_arguments: P.kwargs,
    ) -> Response[ApiResponse[T]]:
        """What `function` answers, in Litestar's words."""
        return to_response(function(self.exchange, self.receipt, *arguments, **named_arguments))


def begin_visit(scope: MutableMapping[str, Any], visit: Visit) -> None:
    scope["state"][_KEY] = visit


def visit_of(scope: MutableMapping[str, Any]) -> Visit:
    visit = scope["state"][_KEY]
    assert isinstance(visit, Visit), "every request is a visit"  # noqa: S101
    return visit


def to_response(answer: Answer[T]) -> Response[ApiResponse[T]]:
    return Response(
        answer.response,
        status_code=answer.status,
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers},
    )
