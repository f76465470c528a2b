"""An exchange and its application in this process, and a client that speaks raw ASGI to it."""

import asyncio
import hashlib
import json as json_module
import re
from dataclasses import dataclass, field, replace
from functools import cache

import jsonschema
import msgspec

from openoutcry.bootstrap.server import open_server
from openoutcry.domain.sequenced import Sequenced
from openoutcry.gateway.app import build_app
from openoutcry.gateway.rest.openapi import openapi_document
from openoutcry.journal.reader import JournalReader
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import Rate, RateLimits, Registration, under_rulebook

CALL = "SPX_CALL_4500_20240315"
PUT = "SPX_PUT_4500_20240315"
ADMIN_KEY = "the-organiser's-own-key"

FIELDS = {"success", "request_id", "order_id", "data", "error", "timestamp"}


class HandClock:
    """A monotonic clock that moves when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds) -> None:
        self.now += seconds


@dataclass
class Reply:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        """The body; every answer of the API must have the one shape."""
        value = json_module.loads(self.body)
        assert set(value) == FIELDS, value
        assert value["success"] == (self.status == 200) == (value["error"] is None), value
        assert isinstance(value["request_id"], str), value
        assert value["request_id"], value
        if value["error"] is not None:
            assert set(value["error"]) == {"code", "message", "details"}, value
        return value

    @property
    def data(self):
        assert self.status == 200, self.body
        return self.json["data"]

    @property
    def order_id(self):
        assert self.status == 200, self.body
        return self.json["order_id"]

    @property
    def error(self):
        return self.json["error"]

    @property
    def refusal(self):
        """Status and code of an error."""
        return self.status, self.error["code"]


@dataclass
class Api:
    """Asks the application; `headers` go with every request."""

    app: object
    headers: dict = field(default_factory=dict)
    team_id: str = ""
    address: str = "192.0.2.1"

    async def ask(self, method, path, json=None, *, body=None, chunks=None, query="", headers=None) -> Reply:
        """One request. `json` sets the content type; `chunks` come one by one, unannounced."""
        given = {**self.headers, **(headers or {})}
        if json is not None:
            body = msgspec.json.encode(json)
            given.setdefault("content-type", "application/json")
        if chunks is None:
            chunks = [body or b""]
            if body is not None:
                given.setdefault("content-length", str(len(body)))
        reply = await exchange_messages(
            self.app,
            {
                "type": "http",
                "method": method,
                "path": path,
                "raw_path": path.encode(),
                "query_string": query if isinstance(query, bytes) else query.encode(),
                "headers": [(_bytes(name).lower(), _bytes(value)) for name, value in given.items()],
                "client": (self.address, 40000),
                "server": ("192.0.2.9", 80),
                "scheme": "http",
                "root_path": "",
                "http_version": "1.1",
                "asgi": {"version": "3.0", "spec_version": "2.3"},
                "state": {},
            },
            chunks,
        )
        hold_to_the_document(method, path, reply)
        return reply

    async def get(self, path, **options):
        return await self.ask("GET", path, **options)

    async def post(self, path, json=None, **options):
        return await self.ask("POST", path, json, **options)

    async def put(self, path, json=None, **options):
        return await self.ask("PUT", path, json, **options)

    async def patch(self, path, json=None, **options):
        return await self.ask("PATCH", path, json, **options)

    async def delete(self, path, **options):
        return await self.ask("DELETE", path, **options)

    def with_headers(self, **headers) -> "Api":
        return replace(self, headers={**self.headers, **headers})

    async def team(self, name, role="market_maker", **fields) -> "Api":
        """Register a team and speak for it from then on."""
        registered = (await self.post("/teams", {"team_name": name, "role": role, **fields})).data
        return replace(
            self,
            headers={"x-api-key": registered["api_key"]},
            team_id=registered["team_id"],
            address=Api.address,
        )

    @property
    def organiser(self) -> "Api":
        return replace(self, headers={"x-admin-key": ADMIN_KEY}, team_id="", address=Api.address)

    async def order(self, side, quantity, price, **terms) -> Reply:
        return await self.post("/orders", limit_order(side, quantity, price, **terms))


@cache
def _documented_operations():
    """(method, pattern of the path, responses) of every operation; literal paths before those with parameters."""
    document = openapi_document()
    operations = [
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation["responses"])
        for path, item in sorted(document["paths"].items(), key=lambda entry: entry[0].count("{"))
        for method, operation in item.items()
    ]
    return document, operations


@cache
def _validator(reference):
    document, _ = _documented_operations()
    return jsonschema.Draft202012Validator({"$ref": reference, "components": document["components"]})


def hold_to_the_document(method, path, reply) -> None:
    """What every answer in these tests must be: one that the OpenAPI document announces, headers included."""
    if method == "HEAD" or reply.headers.get("content-type") != "application/json":
        return
    if b"ROUTE_NOT_FOUND" in reply.body or b"METHOD_NOT_ALLOWED" in reply.body:
        return
    _, operations = _documented_operations()
    for documented_method, pattern, responses in operations:
        if documented_method == method and pattern.fullmatch(path.rstrip("/")):
            assert str(reply.status) in responses, (method, path, reply)
            response = responses[str(reply.status)]
            _validator(response["content"]["application/json"]["schema"]["$ref"]).validate(
                json_module.loads(reply.body)
            )
            for name, header in response.get("headers", {}).items():
                value = reply.headers.get(name.lower())
                if value is not None and header["schema"]["type"] == "integer":
                    assert int(value) >= header["schema"]["minimum"], (name, value)
            return


async def exchange_messages(app, scope, chunks) -> Reply:
    """Run one request through an ASGI application."""
    waiting = list(chunks)
    sent = []

    async def receive():
        if not waiting:
            # A server says this when the client leaves; an application that waits for more must not wait for ever.
            return {"type": "http.disconnect"}
        chunk = waiting.pop(0)
        if isinstance(chunk, Exception):
            raise chunk
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    start, *rest = sent
    assert start["type"] == "http.response.start"
    headers = {}
    for name, value in start["headers"]:
        assert name.decode() not in headers or name == b"vary", f"{name} twice"
        headers[name.decode()] = value.decode()
    return Reply(start["status"], headers, b"".join(message.get("body", b"") for message in rest))


def market_order(side, quantity, *, instrument_id=CALL, **terms):
    return {"instrument_id": instrument_id, "side": side, "quantity": quantity, "order_type": "market", **terms}


def limit_order(side, quantity, price, *, instrument_id=CALL, **terms):
    return {"instrument_id": instrument_id, "side": side, "quantity": quantity, "price": price, **terms}


def rates(*, orders=1e6, cancels=1e6, reads=1e6, anonymous=1e6, roles=("market_maker", "hedge_fund", "retail")):
    """Rate limits: a number n means n a second and n at once."""

    def rate(number):
        return number if isinstance(number, Rate) else Rate(per_second=float(number), burst=int(number))

    return RateLimits(
        orders=dict.fromkeys(roles, rate(orders)),
        cancels=dict.fromkeys(roles, rate(cancels)),
        reads=rate(reads),
        anonymous=rate(anonymous),
    )


def seed_scenario(**changes):
    """The seed's scenario, with ids from ORD_67890 and TRD_11111 on."""
    scenario = load_scenario("seed")
    rulebook = msgspec.structs.replace(scenario.rulebook, first_order_id=67890, first_trade_id=11111)
    return msgspec.structs.replace(under_rulebook(scenario, rulebook), **changes)


def role_rules(scenario, role, **changes):
    """The scenario with other rules for one role."""
    rules = msgspec.structs.replace(scenario.rulebook.roles[role], **changes)
    roles = {**scenario.rulebook.roles, role: rules}
    return under_rulebook(scenario, msgspec.structs.replace(scenario.rulebook, roles=roles))


def by_invitation(code, *, roles=("retail",)):
    return Registration(join_code=code, roles=roles, default_role=roles[0])


def start_exchange(directory, scenario=None, **options):
    return open_server(
        scenario or seed_scenario(),
        directory,
        admin_key_hash=hashlib.sha256(ADMIN_KEY.encode()).digest(),
        loop=asyncio.get_running_loop(),
        **options,
    )


def start_api(exchange, clock=None):
    return Api(build_app(exchange, monotonic=clock or HandClock()))


def journaled(exchange) -> list[Sequenced]:
    """All records of an exchange that is open. A record is in the file when its command is answered."""
    return list(JournalReader(exchange.journal.directory))


def _bytes(value):
    return value if isinstance(value, bytes) else value.encode("latin-1")
