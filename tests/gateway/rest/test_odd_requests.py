"""Unusual requests, each with its answer. The answer does not depend on the framework."""

import pytest
from gateway_stage import CALL

NOWHERE = "; /docs lists all routes"
EMPTY = ": a part of the path is empty"

NO_ROUTES = [
    ("DELETE", "/orders\n", NOWHERE),
    ("DELETE", "/orders ", NOWHERE),
    ("DELETE", "/Orders", NOWHERE),
    ("DELETE", "/orders;x=1", NOWHERE),
    ("DELETE", "/./orders", NOWHERE),
    ("DELETE", "/orders/by-client-id", NOWHERE),
    ("DELETE", "/orders/by-client-id\n/a", NOWHERE),
    ("DELETE", "/orders/by-client-id/", EMPTY),
    ("DELETE", "/orders/by-client-id/a/b", NOWHERE),
    ("POST", "/orders/cancel-after/x", NOWHERE),
    ("GET", "/health\n", NOWHERE),
    ("GET", "/orderbook", NOWHERE),
    ("GET", "/orderbook/", EMPTY),
    ("GET", "/admin", NOWHERE),
    ("GET", "/admin/instruments", NOWHERE),
    ("POST", "/admin/instruments//halt", EMPTY),
    ("POST", f"/admin/instruments/{CALL}", NOWHERE),
    ("GET", "/docs/", EMPTY),
    ("GET", "/docs/a/b", NOWHERE),
    ("GET", "/schema", NOWHERE),
    ("GET", "/ws/", EMPTY),
    ("GET", "*", NOWHERE),
    ("GET", "//", EMPTY),
    ("BREW", "/nowhere", NOWHERE),
    ("OPTIONS", "/orders/", EMPTY),
]

WRONG_METHODS = [
    ("get", "/orders", "DELETE, GET, HEAD, OPTIONS, POST"),
    ("TRACE", "/market", "GET, HEAD, OPTIONS"),
    ("CONNECT", "/market", "GET, HEAD, OPTIONS"),
    ("GET", "/orders/batch", "OPTIONS, POST"),
    ("PATCH", "/orders/cancel-after", "OPTIONS, POST"),
    ("POST", "/orders/by-client-id/batch", "DELETE, GET, HEAD, OPTIONS"),
    ("GET", "/teams", "OPTIONS, POST"),
    ("POST", "/teams/TEAM_1", "GET, HEAD, OPTIONS"),
    ("DELETE", "/instruments/halt", "GET, HEAD, OPTIONS"),
    ("PUT", "/", "GET, HEAD, OPTIONS"),
    ("POST", "/metrics", "GET, HEAD, OPTIONS"),
]

PARAMETERS = [
    ("GET", "/orders/%2F", "ORDER_NOT_FOUND"),
    ("GET", "/orders/..", "ORDER_NOT_FOUND"),
    ("GET", "/orders/{order_id}", "ORDER_NOT_FOUND"),
    ("GET", "/orders/batch\n", "ORDER_NOT_FOUND"),
    ("GET", "/orders/ORD_1\n", "ORDER_NOT_FOUND"),
    ("GET", "/orders/" + "x" * 64, "ORDER_NOT_FOUND"),
    ("GET", "/orders/" + "x" * 65, "ROUTE_NOT_FOUND"),
    ("GET", "/orders/by-client-id/batch", "ORDER_NOT_FOUND"),
    ("GET", "/orders/by-client-id/a-1\n", "ORDER_NOT_FOUND"),
    ("GET", "/teams/rotate-key", "TEAM_NOT_FOUND"),
    ("GET", f"/instruments/{CALL}\n", "INVALID_INSTRUMENT"),
    ("GET", "/docs/..", "ROUTE_NOT_FOUND"),
]

BOOK = ("GET", f"/orderbook/{CALL}")
ORDERS = ("GET", "/orders")
MASS_CANCEL = ("DELETE", "/orders")
THERE_ARE = "there are status, limit, after, before"

QUERIES = [
    (*BOOK, "depth=0", "depth: expected `int` >= 1"),
    (*BOOK, "depth=51", "depth: expected `int` <= 50"),
    (*BOOK, "depth=-1", "depth: must be a whole number in digits, such as 10, not '-1'"),
    (*BOOK, "depth=00005", "depth: expected `int`, got `str`"),
    (*BOOK, "depth=+5", "depth: must be a whole number in digits, such as 10, not ' 5'"),
    (*BOOK, "depth=%D9%A3", "depth: must be a whole number in digits, such as 10, not '٣'"),
    (*BOOK, "depth=", "depth: must be a whole number in digits, such as 10, not ''"),
    (*BOOK, "depth=5&depth=5", "The query parameter 'depth' is given more than once; give it once"),
    (*BOOK, "depht=5", "There is no query parameter 'depht' here; did you mean 'depth'?"),
    (*ORDERS, "limit=0&status=opn", "status: invalid enum value 'opn'"),
    (*ORDERS, "status=Open", "status: invalid enum value 'Open'"),
    (*ORDERS, "limit=1001", "limit: expected `int` <= 1000"),
    (*ORDERS, "limit=NULL", "The query parameter 'limit' has no null; leave it out"),
    (*ORDERS, "after=" + "x" * 65, "after: has at most 64 characters, not 65"),
    (*ORDERS, "=", f"There is no query parameter '' here; {THERE_ARE}"),
    (*ORDERS, b"\xff=1", f"There is no query parameter 'ÿ' here; {THERE_ARE}"),
    (*ORDERS, "?status=open", "There is no query parameter '?status' here; did you mean 'status'?"),
    (*MASS_CANCEL, "instrument=X", "There is no query parameter 'instrument' here; did you mean 'instrument_id'?"),
    (*MASS_CANCEL, "side=buy&side=sell", "The query parameter 'side' is given more than once; give it once"),
    (*MASS_CANCEL, "side=none", "side must be 'buy' or 'sell', not 'none'"),
    ("GET", "/market", "x", "There is no query parameter 'x' here; this route takes none"),
    ("GET", "/market", "x=" + "y" * 1100, "The query string has more than 1024 bytes; send only what the route knows"),
]


@pytest.mark.parametrize(("method", "path", "why"), NO_ROUTES)
async def test_a_path_that_is_nearly_a_routes_leads_nowhere(alice, method, path, why):
    await alice.order("buy", 1, 100.0)
    reply = await alice.ask(method, path)
    assert reply.refusal == (404, "ROUTE_NOT_FOUND")
    assert reply.error["message"] == f"There is no {path!r} here{why}"
    assert "x-ratelimit-limit" not in reply.headers
    assert len((await alice.get("/orders")).data["orders"]) == 1


@pytest.mark.parametrize(("method", "path", "allow"), WRONG_METHODS)
async def test_a_path_says_which_methods_it_takes_and_charges_nothing(api, method, path, allow):
    refused, told = await api.ask(method, path), await api.ask("OPTIONS", path)
    assert refused.refusal == (405, "METHOD_NOT_ALLOWED")
    assert refused.error["message"] == f"{path} takes {allow}"
    assert (refused.headers["allow"], told.headers["allow"], told.status) == (allow, allow, 200)
    assert "x-ratelimit-limit" not in {**refused.headers, **told.headers}


@pytest.mark.parametrize(("method", "path", "code"), PARAMETERS)
async def test_any_part_between_two_slashes_is_a_parameter_up_to_its_bound(alice, method, path, code):
    assert (await alice.ask(method, path)).refusal == (404, code)


@pytest.mark.parametrize(("method", "path", "query", "message"), QUERIES)
async def test_a_query_string_that_is_not_exactly_right_is_refused(alice, method, path, query, message):
    await alice.order("buy", 1, 100.0)
    reply = await alice.ask(method, path, query=query)
    assert (reply.status, reply.error["message"]) == (400, message)
    assert len((await alice.get("/orders")).data["orders"]) == 1


@pytest.mark.parametrize("query", ["&", "&&", "depth=%35", "depth=5"])
async def test_a_query_string_may_be_empty_or_escaped(api, query):
    assert (await api.get(f"/orderbook/{CALL}", query=query)).status == 200


async def test_the_application_starts_and_ends_when_its_server_says_so(api):
    asked, answered = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}], []

    async def receive():
        return asked.pop(0)

    async def send(message):
        answered.append(message["type"])

    await api.app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    assert answered == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
