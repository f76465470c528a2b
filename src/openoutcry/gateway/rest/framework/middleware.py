"""The path of a request before its handler, on Litestar's routes: the same steps as on the fast lane."""

from typing import cast

from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send

from openoutcry.access.caller import NO_TEAM
from openoutcry.gateway.connections.places import ORGANISER, know_client
from openoutcry.gateway.http import asgi
from openoutcry.gateway.http.asgi import client_address
from openoutcry.gateway.http.bodies import Disconnected, read_body
from openoutcry.gateway.http.decoding import decode_empty
from openoutcry.gateway.http.query_strings import check_query
from openoutcry.gateway.rest.admission import admit
from openoutcry.gateway.rest.framework.endpoints import TERMS
from openoutcry.gateway.rest.framework.visits import visit_of
from openoutcry.gateway.rest.terms import Terms


def admission(app: ASGIApp) -> ASGIApp:
    """`app` behind the steps of admission: the body is read, the request let in or `Refused`, the body handed on.

    Routes without `Terms` (documents, metrics) take anybody, for a token of the address, and nothing from their bodies.
    """

    async def admitted(scope: Scope, receive: Receive, send: Send) -> None:
        terms = scope["route_handler"].opt.get(TERMS)
        if terms is None:
            visit = visit_of(cast(asgi.Scope, scope))
            visit.gate.admit_anybody(visit.receipt, client_address(cast(asgi.Scope, scope)))
            await app(scope, receive, send)
            return
        try:
            body = await _admit(cast(asgi.Scope, scope), terms, cast(asgi.Receive, receive))
        except Disconnected:
            return
        # Litestar reads the body once more; what was announced about its length has had its say.
        scope["headers"] = [header for header in scope["headers"] if header[0] != b"content-length"]
        await app(scope, _replay(body, receive), send)

    return admitted


async def _admit(scope: asgi.Scope, terms: Terms, receive: asgi.Receive) -> bytes:
    visit = visit_of(scope)
    receipt = visit.receipt
    body = await read_body(receipt.headers, receive)
    try:
        admit(visit.gate, receipt, terms, body, client_address(scope))
        if terms.access == "organiser":
            know_client(scope, ORGANISER)
    finally:
        # Also of a team that has no tokens left.
        if receipt.team_id != NO_TEAM:
            know_client(scope, receipt.team_id)
    route_handler: HTTPRouteHandler = scope["route_handler"]
    if scope["query_string"]:
        check_query(scope["query_string"], _query_parameters(route_handler))
    if "data" not in route_handler.parsed_fn_signature.parameters:
        decode_empty(body, receipt)
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives `body` once, and then whatever the server has to say."""
    given = False

    async def replay() -> HTTPReceiveMessage:
        nonlocal given
        if given:
            return cast(HTTPReceiveMessage, await receive())
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _query_parameters(route_handler: HTTPRouteHandler) -> dict[str, type]:
    return {
        name: int if field.has_inner_subclass_of(int) or field.is_subclass_of(int) else str
        for name, field in route_handler.parsed_fn_signature.parameters.items()
        if isinstance(field.kwarg_definition, QueryParameter)
    }
