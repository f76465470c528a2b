"""What `gateway_stage.Api` asks by HTTP, asked of an exchange in memory through the lab's transport."""

from dataclasses import dataclass

import msgspec
from gateway_stage import Api, Reply

from openoutcry.access.caller import NO_TEAM, Caller
from openoutcry.access.credentials import unauthenticated
from openoutcry.access.keys import hash_key
from openoutcry.access.refusals import Refused
from openoutcry.gateway.http.answers import answer_result
from openoutcry.gateway.http.decoding import decode, decode_empty
from openoutcry.gateway.http.query_strings import decode_query, refuse_query
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.rest.routes import ROUTES
from openoutcry.lab.lines.transport import Transport
from openoutcry.operations.failures import failed


@dataclass
class InMemoryApi(Api):
    """`app` is the exchange itself. A route stands for its operation; nobody's rate is limited."""

    async def ask(self, method, path, json=None, *, query="", headers=None):
        exchange = self.app
        given = {name.lower().encode(): value.encode() for name, value in {**self.headers, **(headers or {})}.items()}
        receipt = Receipt(given, exchange.clock.now())
        try:
            route, arguments = _route_of(method, path)
            caller = self._caller(route, receipt)
            if route.asks is None:
                refuse_query(query.encode())
            else:
                arguments.append(decode_query(query.encode(), route.asks))
            body = b"" if json is None else msgspec.json.encode(json)
            if route.takes is None:
                decode_empty(body, receipt)
            else:
                if not body and route.body_may_be_left_out:
                    body = b"{}"
                request = decode(body, route.takes, receipt)
                request.request_id = receipt.request_id
                arguments.append(request)
            result = Transport(exchange, caller).ask(route.operation, *arguments)
        except Refused as refused:
            result = failed(exchange, refused, path)
        answer = answer_result(receipt, result)
        lines = (line.split(": ") for line in answer.header_lines.decode().splitlines())
        return Reply(answer.status, dict(lines), msgspec.json.encode(answer.response))

    def _caller(self, route, receipt):
        if route.access == "organiser":
            if b"x-admin-key" not in receipt.headers:
                raise unauthenticated("the organiser alone")
            return receipt
        key = receipt.headers.get(b"x-api-key")
        team_id = None if key is None else self.app.sequencer.queries.team_of_key(hash_key(key))
        if team_id is None and (key is not None or route.access == "team"):
            raise unauthenticated("teams alone")
        return Caller(team_id or NO_TEAM)


def _route_of(method, path):
    """The row of the table, words before parameters, and the parameters."""
    parts = path.split("/")
    for route in sorted(ROUTES, key=lambda route: [part.startswith("{") for part in route.path.split("/")]):
        names = route.path.split("/")
        if route.method == method and len(names) == len(parts):
            pairs = list(zip(names, parts, strict=True))
            if all(name.startswith("{") or name == part for name, part in pairs):
                return route, [part for name, part in pairs if name.startswith("{")]
    raise AssertionError(f"there is no {method} {path}")
