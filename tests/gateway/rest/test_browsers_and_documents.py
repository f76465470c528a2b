"""Pages of other origins, and the documents that the exchange serves about itself."""

import json
import re

import jsonschema
import msgspec
import pytest
from gateway_stage import CALL, Api, by_invitation, limit_order, seed_scenario, start_api

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest import swagger_ui
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.requests import EXAMPLE_SYMBOL, OrderRequest
from openoutcry.scenarios.loader import load_scenario, shipped_scenarios

PAGE = "https://bots.example"


@pytest.fixture
async def browser_api(open_on):
    return start_api(open_on(seed_scenario(cors_origins=(PAGE,))))


async def test_a_page_of_a_listed_origin_may_ask_and_read(browser_api):
    preflight = await browser_api.ask(
        "OPTIONS", "/orders", headers={"origin": PAGE, "access-control-request-method": "POST"}
    )
    assert preflight.status == 200
    assert preflight.headers["access-control-allow-origin"] == PAGE
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "X-API-Key" in preflight.headers["access-control-allow-headers"]
    team = (await browser_api.team("alpha")).with_headers(origin=PAGE)
    for reply in (
        await team.order("buy", 1, 100.0),
        await team.delete("/orders/ORD_67890"),
        await team.get("/orders"),
        await team.get("/nowhere"),
        await team.post("/orders", {}),
    ):
        assert reply.headers["access-control-allow-origin"] == PAGE
        assert "X-Sequence" in reply.headers["access-control-expose-headers"]
        assert reply.headers["vary"] == "Origin"


async def test_other_pages_are_not_let_in(browser_api, api):
    for asks in (browser_api, api):
        for origin in ("https://other.example", "null", "\xff"):
            reply = await asks.get("/market", headers={"origin": origin})
            assert reply.status == 200
            assert "access-control-allow-origin" not in reply.headers


async def test_a_star_lets_any_page_in(open_on):
    api = start_api(open_on(seed_scenario(cors_origins=("*",))))
    reply = await api.get("/market", headers={"origin": PAGE})
    assert reply.headers["access-control-allow-origin"] == PAGE


async def fetch(api, path, **headers):
    reply = await api.get(path, headers=headers)
    assert reply.status == 200
    return reply


async def test_the_document_is_served_in_the_version_that_it_is_written_in(api):
    assert json.loads((await fetch(api, "/openapi.json")).body)["openapi"] == "3.1.0"


async def test_schemas_are_those_of_the_structs_that_decode(api):
    document = json.loads((await fetch(api, "/openapi.json")).body)
    order = document["components"]["schemas"]["OrderRequest"]
    assert list(order["properties"]) == list(OrderRequest.__struct_fields__)
    assert order["additionalProperties"] is False
    assert order["required"] == ["instrument_id", "side", "quantity"]
    body = document["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["$ref"] == "#/components/schemas/OrderRequest"
    for example in body["examples"]:
        jsonschema.validate(example, order)


async def test_every_answer_promises_all_six_fields(api):
    document = json.loads((await fetch(api, "/openapi.json")).body)
    for item in document["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                reference = response["content"]["application/json"]["schema"]["$ref"]
                schema = document["components"]["schemas"][reference.rpartition("/")[2]]
                assert set(schema["required"]) == {"success", "request_id", "order_id", "data", "error", "timestamp"}


async def test_refusals_are_documented_under_the_status_that_they_have(api):
    document = json.loads((await fetch(api, "/openapi.json")).body)
    documented = {}
    for item in document["paths"].values():
        for operation in item.values():
            for status, response in operation["responses"].items():
                for code in ErrorCode:
                    if f"`{code}`" in response["description"]:
                        documented[code] = int(status)
    # The last is in results of `PUT /quotes`, beside others, and never the answer's own.
    never_documented = {ErrorCode.ROUTE_NOT_FOUND, ErrorCode.METHOD_NOT_ALLOWED, ErrorCode.QUOTES_FROZEN}
    assert documented == {code: status for code, status in HTTP_STATUS.items() if code not in never_documented}


async def test_operations_say_which_key_they_need(api):
    document = json.loads((await fetch(api, "/openapi.json")).body)
    paths = document["paths"]
    assert paths["/orders"]["post"]["security"] == [{"TeamKey": []}]
    assert paths["/market"]["get"]["security"] == [{}, {"TeamKey": []}]
    assert paths["/admin/teams"]["get"]["security"] == [{"OrganiserKey": []}]
    assert document["components"]["securitySchemes"]["TeamKey"]["name"] == "X-API-Key"


async def test_the_documentation_page_needs_nothing_from_elsewhere(api):
    page = (await fetch(api, "/docs")).body.decode()
    assert "http" not in page.replace("http-equiv", "")
    for name, content_type in swagger_ui.FILES.items():
        assert f"/docs/{name}" in page
        served = await fetch(api, f"/docs/{name}")
        assert served.headers["content-type"].encode() == content_type
        assert len(served.body) > 100
    assert "/docs/openapi.json" in page
    for name in ("swagger-ui.css.map", "..", "../../setup.py", "__init__.py"):
        assert (await api.get(f"/docs/{name}")).refusal == (404, "ROUTE_NOT_FOUND")


async def test_the_documentation_page_reads_a_version_that_it_knows(api):
    document = json.loads((await fetch(api, "/docs/openapi.json")).body)
    assert document["openapi"] == "3.0.3"
    text = json.dumps(document)
    for word in ('"null"', '"const"', '"examples": ['):
        assert word not in text
    current = json.loads((await fetch(api, "/openapi.json")).body)
    assert document["paths"].keys() == current["paths"].keys()


async def test_the_asyncapi_document_is_served(api):
    assert json.loads((await fetch(api, "/asyncapi.json")).body)["asyncapi"] == "3.0.0"


async def test_metrics_are_in_the_text_format_of_prometheus(api, alice):
    await alice.order("buy", 1, 100.0)
    reply = await fetch(api, "/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"openoutcry_sequence 2.0" in reply.body


async def test_documents_are_free(open_on, clock):
    api = start_api(open_on(), clock)
    for path in ("/openapi.json", "/docs", "/metrics"):
        assert "x-ratelimit-limit" not in (await fetch(Api(api.app), path)).headers


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_websocket_path_asked_over_http_is_no_route_and_says_how_to_connect(api, method):
    reply = await api.ask(method, "/ws")
    assert reply.refusal == (404, "ROUTE_NOT_FOUND")
    assert "connect with a WebSocket client" in reply.error["message"]


async def test_the_seeds_examples_are_answered_field_by_field(api):
    team = await api.team("alpha")
    accepted = (await team.post("/orders", limit_order("buy", 10, 100.0, request_id="req_12345"))).json
    assert accepted.pop("timestamp").endswith("Z")
    assert accepted == {
        "success": True,
        "request_id": "req_12345",
        "order_id": "ORD_67890",
        "data": None,
        "error": None,
    }
    listed = (await team.get("/orders")).data["orders"][0]
    assert (
        listed.items()
        >= {
            "order_id": "ORD_67890",
            "instrument_id": CALL,
            "side": "buy",
            "price": 100.0,
            "remaining_quantity": 10,
        }.items()
    )


async def first_examples(api):
    """The first example of each body that `/docs` shows, by path."""
    document = json.loads((await fetch(api, "/docs/openapi.json")).body)
    return {
        path: routes["post"]["requestBody"]["content"]["application/json"]["schema"]["example"]
        for path, routes in document["paths"].items()
        if path in {"/teams", "/orders"}
    }


@pytest.mark.parametrize("name", shipped_scenarios())
async def test_the_first_examples_of_the_documentation_page_are_accepted_as_they_are(open_on, name):
    scenario = load_scenario(name)
    api = start_api(open_on(scenario))
    examples = await first_examples(api)
    if not scenario.instruments:
        assert examples["/orders"]["instrument_id"] == EXAMPLE_SYMBOL
        return
    registered = await api.post("/teams", examples["/teams"])
    assert registered.status == 200
    team = api.with_headers(**{"x-api-key": registered.data["api_key"]})
    assert (await team.post("/orders", examples["/orders"])).status == 200
    assert len((await team.get("/orders")).data["orders"]) == 1


async def test_documents_name_only_instruments_of_their_exchange(open_on):
    api = start_api(open_on(load_scenario("demo")))
    for path in ("/docs/openapi.json", "/openapi.json", "/asyncapi.json"):
        body = (await fetch(api, path)).body
        assert b"SPX_CALL_4500_20240315" not in body
        assert b"SPX_CALL_4400_20240119" in body


async def test_the_front_page_leads_a_browser_on(api):
    reply = await fetch(api, "/", accept="text/html,application/xhtml+xml,*/*;q=0.8", host="10.1.2.3:8000")
    page = reply.body.decode()
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    links = re.findall(r'href="(/[^"]*)">', page)
    assert {"/docs", "/health", "/openapi.json", "/asyncapi.json"} <= set(links)
    for link in links:
        assert (await fetch(api, link)).status == 200
    assert "POST /teams" in page
    assert 'Client.register_or_resume("http://10.1.2.3:8000", "my team", key_file="my_team.key")' in page
    assert "join" not in page


async def test_the_front_page_shows_no_markup_of_others(open_on):
    api = start_api(open_on(msgspec.structs.replace(seed_scenario(), title="<b>bold</b>")))
    page = (await fetch(api, "/", accept="text/html", host='<script>"')).body.decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert "http://HOST:PORT" in page


async def test_the_front_page_tells_of_a_join_code(open_on):
    api = start_api(open_on(seed_scenario(registration=by_invitation("secret"))))
    assert 'join_code="..."' in (await fetch(api, "/", accept="text/html")).body.decode()
    page = json.loads((await fetch(api, "/")).body)
    assert page["register"]["needs_join_code"] is True
    assert "secret" not in str(page)


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
async def test_the_front_page_is_json_for_clients_other_than_browsers(api, accept):
    reply = await fetch(api, "/", accept=accept)
    page = json.loads(reply.body)
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["vary"] == "Accept"
    assert page["register"]["roles"] == ["market_maker", "hedge_fund", "arbitrage_desk", "retail"]
    assert (await api.post(page["register"]["path"], page["register"]["body"])).status == 200
