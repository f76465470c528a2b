"""The table of routes is complete, and everything made from it has exactly its rows."""

import ast
from collections import Counter
from pathlib import Path

import msgspec
import pytest

import openoutcry
from openoutcry.gateway.rest.openapi import PATH_PARAMETERS, TAGS, openapi_document, operation_id
from openoutcry.gateway.rest.route import parameters_of
from openoutcry.gateway.rest.routes import ROUTES

OPERATIONS = Path(openoutcry.__file__).parent / "operations"
ROWS = [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES]
VALUES = {
    "instrument_id": "NOPE",
    "symbol": "NOPE",
    "order_id": "ORD_1",
    "client_order_id": "a-1",
    "team_id": "TEAM_9",
    "trade_id": "TRD_9",
}


def operations():
    """What can be asked of the exchange: every public function that is told who asks, by module and name."""
    return [
        f"{'.'.join(path.relative_to(OPERATIONS).with_suffix('').parts)}.{function.name}"
        for path in sorted(OPERATIONS.rglob("*.py"))
        for function in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and [argument.arg.lstrip("_") for argument in function.args.args[:2]] == ["exchange", "caller"]
    ]


def test_every_operation_stands_in_the_table_once():
    in_the_table = Counter(
        f"{route.operation.__module__.removeprefix('openoutcry.operations.')}.{route.operation.__name__}"
        for route in ROUTES
    )
    assert in_the_table == Counter(operations())
    assert len(ROUTES) > 30


def test_no_two_rows_ask_for_the_same():
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert len({operation_id(route) for route in ROUTES}) == len(ROUTES)


def test_the_table_has_every_route_of_the_protocol():
    assert {f"{route.method} {route.path}" for route in ROUTES} == {
        "POST /orders",
        "POST /orders/batch",
        "POST /orders/validate",
        "PATCH /orders/{order_id}",
        "DELETE /orders/{order_id}",
        "DELETE /orders/by-client-id/{client_order_id}",
        "DELETE /orders",
        "PUT /quotes",
        "PUT /quotes/protection",
        "GET /quotes/protection",
        "POST /quotes/protection/reset",
        "GET /orders",
        "GET /orders/{order_id}",
        "GET /orders/by-client-id/{client_order_id}",
        "POST /orders/cancel-after",
        "GET /positions",
        "GET /account",
        "GET /account/score",
        "GET /account/pnl",
        "GET /leaderboard",
        "GET /fills",
        "POST /teams",
        "GET /teams/{team_id}",
        "POST /teams/{team_id}/rotate-key",
        "GET /instruments",
        "GET /instruments/{instrument_id}",
        "GET /orderbook/{instrument_id}",
        "GET /trades/{instrument_id}",
        "GET /market",
        "GET /greeks",
        "GET /underlyings/{symbol}",
        "GET /health",
        "POST /admin/phase",
        "POST /admin/halt",
        "POST /admin/resume",
        "POST /admin/session",
        "POST /admin/speed",
        "POST /admin/instruments/{instrument_id}/halt",
        "POST /admin/instruments/{instrument_id}/resume",
        "POST /admin/settle",
        "POST /admin/trades/{trade_id}/bust",
        "POST /admin/teams/{team_id}/suspend",
        "POST /admin/teams/{team_id}/reinstate",
        "POST /admin/teams/{team_id}/sanction",
        "POST /admin/teams/{team_id}/pardon",
        "POST /admin/teams/{team_id}/rotate-key",
        "GET /admin/teams",
        "GET /admin/actions",
        "GET /admin/surveillance",
        "POST /admin/teams",
        "POST /admin/news",
        "POST /admin/announce",
        "GET /news",
        "GET /fairness",
        "POST /admin/fairness/withdraw",
    }


@pytest.mark.parametrize("route", ROWS)
def test_a_row_holds_together(route):
    assert (route.pays is not None) == (route.access in {"public", "team"})
    assert route.tag in TAGS
    assert set(parameters_of(route.path)) <= set(PATH_PARAMETERS)
    assert bool(route.examples) == (route.takes is not None)
    for example in route.examples:
        msgspec.convert(example, route.takes)
    if route.asks is not None:
        assert route.asks() is not None, "every parameter of a query string has a default"


def test_the_document_has_exactly_the_rows():
    described = {
        (method.upper(), path, operation["operationId"])
        for path, item in openapi_document()["paths"].items()
        for method, operation in item.items()
    }
    assert described == {(route.method, route.path, operation_id(route)) for route in ROUTES}


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
async def test_the_router_takes_exactly_the_methods_of_the_rows(api, path):
    methods = {route.method for route in ROUTES if route.path == path}
    allowed = methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    reply = await api.ask("OPTIONS", path.format_map(VALUES))
    assert reply.headers["allow"] == ", ".join(sorted(allowed))
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        reply = await api.ask(method, path.format_map(VALUES))
        assert (reply.status == 405) == (method not in methods)
        assert b"ROUTE_NOT_FOUND" not in reply.body
