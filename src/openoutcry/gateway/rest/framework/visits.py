"""One request on its way through Litestar, which itself knows no exchange: every request brings its own."""

from collections.abc import Callable, MutableMapping
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from litestar import Response

from openoutcry.access.caller import Caller
from openoutcry.access.gate import Gate
from openoutcry.gateway.http.answer import Answer
from openoutcry.gateway.http.answers import answer_result
from openoutcry.gateway.http.held_answers import Told
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import ApiResponse
from openoutcry.runtime.exchange import Exchange

T = TypeVar("T")
P = ParamSpec("P")

_KEY: Final = "openoutcry.visit"


class Visit:
    """The exchange that is asked, the gate before it, and what is known of the request so far.

    `told`, where it is given, learns the answer.
    """

    __slots__ = ("exchange", "gate", "receipt", "told")

    def __init__(self, exchange: Exchange, gate: Gate, receipt: Receipt, told: Told | None = None) -> None:
        self.exchange = exchange
        self.gate = gate
        self.receipt = receipt
        self.told = told

    def answer(
        self,
        operation: Callable[Concatenate[Exchange, Caller, P], Result[T]],
        *arguments: P.args,
        **named_arguments: P.kwargs,
    ) -> Response[ApiResponse[T]]:
        """What `operation` gives back, in Litestar's words."""
        result = operation(self.exchange, self.receipt, *arguments, **named_arguments)
        return self.respond(answer_result(self.receipt, result))

    def respond(self, answer: Answer[T]) -> Response[ApiResponse[T]]:
        """`answer` in Litestar's words."""
        if self.told is not None:
            self.told.answer = answer
        return Response(
            answer.response,
            status_code=answer.status,
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers},
        )


def begin_visit(scope: MutableMapping[str, Any], visit: Visit) -> None:
    scope["state"][_KEY] = visit


def visit_of(scope: MutableMapping[str, Any]) -> Visit:
    visit = scope["state"][_KEY]
    assert isinstance(visit, Visit), "every request is a visit"  # noqa: S101
    return visit
