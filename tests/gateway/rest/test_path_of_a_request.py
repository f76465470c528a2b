"""The order of checks: route, size, content type, key, token, decoding, and last the venue."""

import pytest
from gateway_stage import ADMIN_KEY, CALL, exchange_messages, limit_order, rates, seed_scenario, start_api

from openoutcry.protocol.requests import MAX_BODY_BYTES

TOO_LARGE = b" " * (MAX_BODY_BYTES + 1)
JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain"}

# One route that the order lane serves too, and one that the router alone does.
ENTRIES = ["/orders", "/orders/validate"]


async def test_an_unknown_route_answers_before_all_else(api):
    reply = await api.post("/ordres", body=TOO_LARGE, headers=TEXT)
    assert reply.refusal == (404, "ROUTE_NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/orders", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("POST", "/quotes", "OPTIONS, PUT"),
        ("POST", "/orders/ORD_1", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        ("DELETE", "/orders/batch", "OPTIONS, POST"),
        ("BREW", "/orders", "DELETE, GET, HEAD, OPTIONS, POST"),
        ("POST", "/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_wrong_method_is_told_which_ones_there_are(api, method, path, allow):
    reply = await api.ask(method, path, body=TOO_LARGE)
    assert reply.refusal == (405, "METHOD_NOT_ALLOWED")
    assert reply.headers["allow"] == allow
    assert reply.error["details"]["allowed"] == allow.split(", ")


@pytest.mark.parametrize("path", ENTRIES)
async def test_the_size_comes_before_content_type_and_key(api, path):
    assert (await api.post(path, body=TOO_LARGE, headers=TEXT)).refusal == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("path", ENTRIES)
async def test_an_announced_size_is_refused_before_anything_is_read(api, path):
    unreadable = [AssertionError("the body was read")]
    reply = await api.post(path, chunks=unreadable, headers=JSON | {"content-length": str(MAX_BODY_BYTES + 1)})
    assert reply.refusal == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("path", ENTRIES)
async def test_an_unannounced_body_is_read_no_further_than_its_bound(api, path):
    chunks = [b" " * MAX_BODY_BYTES, b" ", AssertionError("read beyond the bound")]
    assert (await api.post(path, chunks=chunks, headers=JSON)).refusal == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("path", ENTRIES)
async def test_a_body_of_exactly_the_bound_is_read(alice, path):
    order = str(limit_order("buy", 1, 100.0)).replace("'", '"').encode()
    padded = order + b" " * (MAX_BODY_BYTES - len(order))
    halves = [padded[: MAX_BODY_BYTES // 2], padded[MAX_BODY_BYTES // 2 :]]
    assert (await alice.post(path, body=padded, headers=JSON)).status == 200
    assert (await alice.post(path, chunks=halves, headers=JSON)).status == 200


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        TEXT,
        {"content-type": "application/jsonp"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "\xe9"},
        JSON | {"content-encoding": "gzip"},
    ],
)
async def test_the_content_type_comes_before_the_key(api, path, headers):
    reply = await api.post(path, body=b"{}", headers=headers)
    assert reply.refusal == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON", "application/json; charset=utf-8", "application/json ;"]
)
async def test_json_may_be_announced_in_every_usual_way(alice, path, content_type):
    reply = await alice.post(path, limit_order("buy", 1, 100.0), headers={"content-type": content_type})
    assert reply.status == 200


@pytest.mark.parametrize("path", ENTRIES)
@pytest.mark.parametrize("key", [None, "", "guessed", "\xff\xfe", "x" * 5000])
async def test_the_key_comes_before_decoding(api, path, key):
    headers = {} if key is None else {"x-api-key": key}
    reply = await api.post(path, body=b"not json", headers=JSON | headers)
    assert reply.refusal == (401, "UNAUTHENTICATED")
    assert "x-ratelimit-limit" not in reply.headers


async def test_a_wrong_key_is_refused_also_where_none_is_needed(api):
    assert (await api.get("/market", headers={"x-api-key": "guessed"})).refusal == (401, "UNAUTHENTICATED")
    assert (await api.get("/market")).status == 200


@pytest.mark.parametrize("path", ENTRIES)
async def test_the_token_comes_before_decoding(open_on, clock, path):
    api = start_api(open_on(seed_scenario(rate_limits=rates(orders=1, reads=1))), clock)
    team = await api.team("alpha")
    assert (await team.post(path, body=b"not json", headers=JSON)).refusal == (400, "MALFORMED_REQUEST")
    assert (await team.post(path, body=b"not json", headers=JSON)).refusal == (429, "RATE_LIMIT_EXCEEDED")


async def test_decoding_comes_before_the_venue(api, alice):
    await api.organiser.post("/admin/phase", {"phase": "closed"})
    assert (await alice.post("/orders", {"side": "buy"})).refusal == (400, "MALFORMED_REQUEST")
    assert (await alice.order("hold", 0, 100.0)).refusal == (409, "MARKET_CLOSED")


async def test_a_request_that_is_refused_early_leaves_no_trace_in_the_sequence(exchange, alice):
    before = exchange.sequencer.last_sequence
    await alice.post("/orders", {"side": "buy"})
    await alice.post("/orders", body=TOO_LARGE)
    await alice.delete("/orders", query="x=1")
    assert exchange.sequencer.last_sequence == before


async def test_the_request_id_is_the_bodys_else_the_headers_else_made(alice):
    header = {"x-request-id": "from the header"}
    order = limit_order("buy", 1, 100.0)
    assert (await alice.post("/orders", order | {"request_id": "mine"}, headers=header)).json["request_id"] == "mine"
    assert (await alice.post("/orders", order, headers=header)).json["request_id"] == "from the header"
    assert (await alice.post("/orders", order | {"request_id": None})).json["request_id"].startswith("req_")
    assert (await alice.get("/orders", headers=header)).json["request_id"] == "from the header"


async def test_the_request_id_is_echoed_by_every_refusal_that_could_read_it(api, alice):
    header = {"x-request-id": "h-1"}
    for path in ENTRIES:
        for reply in (
            await alice.post(path, {"request_id": "b-1", "quantity": "ten"}),
            await alice.post(path, {"request_id": "b-1", "qantity": 10}, headers=header),
        ):
            assert (reply.status, reply.json["request_id"]) == (400, "b-1")
        for reply in (
            await api.post(path, body=TOO_LARGE, headers=header),
            await api.post(path, {"request_id": "b-1"}, headers=header),
            await alice.post(path, body=b"{", headers=JSON | header),
            await alice.post(path, {"request_id": 7}, headers=header),
            await alice.post(path, {"request_id": ""}, headers=header),
        ):
            assert reply.json["request_id"] == "h-1"
    assert (await api.get("/nowhere", headers=header)).json["request_id"] == "h-1"


@pytest.mark.parametrize("value", ["", "x" * 129])
async def test_a_header_id_that_is_empty_or_too_long_is_not_used(api, value):
    assert (await api.get("/market", headers={"x-request-id": value})).json["request_id"].startswith("req_")


async def test_header_values_that_are_not_ascii_do_no_harm(api):
    utf_8 = await api.get("/market", headers={b"x-request-id": "ü€".encode(), b"x-other": b"\xff"})
    assert utf_8.json["request_id"] == "ü€"
    latin_1 = await api.get("/market", headers={b"x-request-id": b"\xfc", b"host": b"\xff[", b"accept": b"\xff"})
    assert latin_1.json["request_id"] == "ü"


async def test_a_request_that_needs_no_body_may_carry_its_id_in_one(alice):
    placed = (await alice.order("buy", 1, 100.0)).order_id
    for reply in (
        await alice.ask("DELETE", f"/orders/{placed}", {"request_id": "mine"}),
        await alice.ask("DELETE", "/orders", {"request_id": "mine"}),
        await alice.ask("GET", "/orders", {"request_id": "mine"}),
    ):
        assert (reply.status, reply.json["request_id"]) == (200, "mine")


@pytest.mark.parametrize("path", ["/orders", "/orders/ORD_67890"])
async def test_a_body_cannot_narrow_or_widen_a_cancel(alice, path):
    placed = (await alice.order("buy", 1, 100.0)).order_id
    assert placed == "ORD_67890"
    reply = await alice.ask("DELETE", path, {"instrument_id": CALL})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert (await alice.ask("DELETE", path, body=b"{}", headers=TEXT)).refusal == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert len((await alice.get("/orders")).data["orders"]) == 1


async def test_query_parameters_are_refused_where_there_are_none(alice):
    placed = (await alice.order("buy", 1, 100.0)).order_id
    for method, path in (("POST", "/orders"), ("DELETE", f"/orders/{placed}"), ("GET", "/positions")):
        body = limit_order("buy", 1, 100.0) if method == "POST" else None
        reply = await alice.ask(method, path, body, query="dry_run=true")
        assert reply.refusal == (400, "MALFORMED_REQUEST")
        assert reply.error["details"]["field"] == "dry_run"


async def test_head_answers_as_get_would_without_its_body(api):
    head, got = await api.ask("HEAD", "/market"), await api.get("/market")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert (await api.ask("HEAD", "/orders")).status == 401
    assert (await api.ask("HEAD", "/quotes")).status == 405


async def test_options_tells_the_methods_in_the_one_shape(api):
    reply = await api.ask("OPTIONS", "/orders")
    assert reply.data is None
    assert reply.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST"
    assert (await api.ask("OPTIONS", "/nowhere")).refusal == (404, "ROUTE_NOT_FOUND")


@pytest.mark.parametrize("path", ["/orders/", "//orders", "/orders//", "/orders/ORD_67890/", "/orders/by-client-id/"])
async def test_a_path_with_an_empty_part_is_no_route_lest_a_lost_id_cancels_everything(alice, path):
    await alice.order("buy", 1, 100.0)
    assert (await alice.delete(path)).refusal == (404, "ROUTE_NOT_FOUND")
    assert len((await alice.get("/orders")).data["orders"]) == 1


@pytest.mark.parametrize(("method", "path"), [("POST", "/orders"), ("DELETE", "/orders/ORD_1"), ("GET", "/orders")])
async def test_a_client_that_leaves_half_way_is_not_answered(alice, method, path):
    scope_only = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        scope_only.append(message)

    await alice.app(
        {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "headers": [],
            "client": None,
            "state": {},
        },
        receive,
        send,
    )
    assert scope_only == []


async def test_a_request_without_an_address_is_served(api):
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/market",
        "query_string": b"",
        "headers": [],
        "client": None,
        "state": {},
    }
    assert (await exchange_messages(api.app, scope, [b""])).status == 200


async def test_the_organisers_key_opens_no_team_route(api):
    reply = await api.get("/positions", headers={"x-admin-key": ADMIN_KEY})
    assert reply.refusal == (401, "UNAUTHENTICATED")
