"""Litestar's own refusals (no such route, wrong method, bad parameter) in the words and the shape of the exchange."""

from typing import Any, cast

from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from openoutcry.access.echoes import echo
from openoutcry.access.refusals import Refused, malformed
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.http import asgi
from openoutcry.gateway.http.explanations import empty_body
from openoutcry.gateway.http.failures import answer_failure
from openoutcry.gateway.rest.framework.visits import visit_of
from openoutcry.protocol.stream import STREAM_PATH


def answer_exception(request: Request[Any, Any, Any], exception: Exception) -> Response[Any]:
    """Answers every exception that leaves a route, in the one shape."""
    visit = visit_of(cast(asgi.Scope, request.scope))
    error = _translate(request, exception) if isinstance(exception, HTTPException) else exception
    asked = f"{request.method} {request.scope.get('path_template', 'an unknown route')}"
    return visit.respond(answer_failure(visit.exchange, visit.receipt, error, asked))


def allowed_methods(allow: str) -> str:
    """The methods in Litestar's `allow`, sorted, with HEAD where GET is: `Framework` serves it from there."""
    methods = {method.strip() for method in allow.split(",")}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _translate(request: Request[Any, Any, Any], exception: HTTPException) -> Exception:
    match exception:
        case NotFoundException() if request.scope["path"] == STREAM_PATH:
            return Refused(
                ErrorCode.ROUTE_NOT_FOUND,
                f"{STREAM_PATH} is a WebSocket: connect with a WebSocket client (ws:// in place of http://);"
                " /asyncapi.json tells its messages",
            )
        case NotFoundException():
            return Refused(
                ErrorCode.ROUTE_NOT_FOUND, f"There is no {echo(request.scope['path'])!r} here; /docs lists all routes"
            )
        case MethodNotAllowedException():
            allow = allowed_methods((exception.headers or {})["allow"])
            return Refused(
                ErrorCode.METHOD_NOT_ALLOWED,
                f"{echo(request.scope['path'])} takes {allow}",
                {"allowed": allow.split(", ")},
                allowed=tuple(allow.split(", ")),
            )
        case ValidationException():
            return _bad_parameter(request, exception)
        case _ if exception.status_code == 400:
            return malformed(None, echo(exception.detail))
        case _:
            return exception


def _bad_parameter(request: Request[Any, Any, Any], exception: ValidationException) -> Refused:
    problem = cast(list[dict[str, str]], exception.extra)[0]
    name = problem.get("key", "")
    body = request.route_handler.parsed_data_field
    if problem.get("source") == "body" and body is not None:
        # Whatever else is wrong with a body, our decoding has said before.
        return empty_body(body.annotation)
    message = problem["message"]
    return malformed(name or None, f"{name}: {message[0].lower()}{message[1:]}")
