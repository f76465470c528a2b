"""The OpenAPI document. The paths come from the table of routes, the schemas from msgspec.

The server uses the same rows and the same structs, so the document cannot drift from what it does.
"""

from collections import defaultdict
from functools import cache
from http import HTTPStatus
from inspect import cleandoc
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from openoutcry import __version__
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.route import Access, Route, parameters_of
from openoutcry.gateway.rest.routes import ROUTES
from openoutcry.protocol.descriptions.schemas import describe
from openoutcry.protocol.errors import HTTP_STATUS
from openoutcry.protocol.requests import EXAMPLE_SYMBOL, Name
from openoutcry.protocol.responses import ApiResponse

References = dict[Any, dict[str, Any]]
"""The place of a type's schema in the document."""

_SCHEMAS: Final = "#/components/schemas/"

_DESCRIPTION: Final = """\
Orders are sent here; what happens to them comes on the WebSocket `/ws` (see `/asyncapi.json`).

Every answer has the same six fields, whatever happened: `success`, `request_id`, `order_id`, `data`, `error`,
`timestamp`. Absent values are null. Unknown fields and query parameters are refused, so that a typo cannot change
what is meant.

The answer to an order is the validator's verdict. Cancels, amendments and quotes are executed before the answer. Every
query reflects all commands answered before it; `as_of_seq` says up to which private event.

A request that needs no body may still have one, with only a `request_id` in it. Any request may send its id in the
header `X-Request-ID`.
"""

TAGS: Final = {
    "Orders": "Entering, cancelling, amending and quoting.",
    "Account": "A team's questions about itself.",
    "Teams": "Registration, public facts, keys.",
    "Market": "What anyone may read.",
    "Organiser": "Needs the organiser's key.",
}

PATH_PARAMETERS: Final = {
    "instrument_id": Annotated[
        str, Meta(min_length=1, description="An instrument's symbol.", examples=[EXAMPLE_SYMBOL])
    ],
    "symbol": Annotated[str, Meta(min_length=1, description="An underlying's symbol.", examples=["SPX"])],
    "order_id": Annotated[str, Meta(min_length=1, description="An order's id.", examples=["ORD_67890"])],
    "client_order_id": Annotated[
        str, Meta(min_length=1, description="The client's own id of an order.", examples=["a-1"])
    ],
    "team_id": Annotated[str, Meta(min_length=1, description="A team's id.", examples=["TEAM_1"])],
    "trade_id": Annotated[str, Meta(min_length=1, description="A trade's id.", examples=["TRD_11111"])],
}
"""Every parameter of a path, by its name."""

ADMIN_NAME: Final = Annotated[Name, Meta(description="Who of the organisers does it; journaled with the command.")]

_SECURITY_SCHEMES: Final = {
    "TeamKey": {
        "type": "apiKey",
        "name": "X-API-Key",
        "in": "header",
        "description": "A team's key; see `POST /teams`.",
    },
    "OrganiserKey": {
        "type": "apiKey",
        "name": "X-Admin-Key",
        "in": "header",
        "description": "The organiser's key, made at the first start of the server.",
    },
}
_SECURITY: Final[dict[Access, list[dict[str, list[str]]]]] = {
    "public": [{}, {"TeamKey": []}],
    "team": [{"TeamKey": []}],
    "organiser": [{"OrganiserKey": []}],
}

_ANYWHERE: Final = (
    ErrorCode.MALFORMED_REQUEST,
    ErrorCode.PAYLOAD_TOO_LARGE,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
    ErrorCode.RATE_LIMIT_EXCEEDED,
    ErrorCode.INTERNAL_ERROR,
    ErrorCode.SERVICE_UNAVAILABLE,
)

_WHOLE: Final = {"type": "integer", "minimum": 0}
_RATE_LIMIT_HEADERS: Final = {
    "X-RateLimit-Limit": {"description": "Tokens that come back per window.", "schema": _WHOLE},
    "X-RateLimit-Remaining": {"description": "Tokens there now.", "schema": _WHOLE},
    "X-RateLimit-Reset": {"description": "Seconds until all tokens are there.", "schema": _WHOLE},
}
_RETRY_AFTER: Final = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}}
_SEQUENCE_HEADERS: Final = {
    "X-Sequence": {"description": "The command's place in the one sequence of the exchange.", "schema": _WHOLE},
    "X-Received-At": {
        "description": "When the request reached the exchange.",
        "schema": {"type": "string", "format": "date-time"},
    },
}


@cache
def openapi_document() -> dict[str, Any]:
    """The document of `ROUTES`."""
    references, schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references)
    document: dict[str, Any] = _plain(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Open Outcry",
                "version": __version__,
                "summary": "An exchange for trading bots.",
                "description": _DESCRIPTION,
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": "/"}],
            "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
            "paths": paths,
            "components": {"schemas": schemas, "securitySchemes": _SECURITY_SCHEMES},
        }
    )
    return document


def _schemas() -> tuple[References, dict[str, Any]]:
    """The schemas of all bodies and answers: a reference to each, and all schemas by name."""
    bodies = [route.takes for route in ROUTES if route.takes is not None]
    answers = [_answer(route.gives) for route in ROUTES]
    types = list(dict.fromkeys([*bodies, *answers, _answer(None)]))
    references, schemas = msgspec.json.schema_components(types, ref_template=f"{_SCHEMAS}{{name}}")
    describe(schemas)
    for name in _reached_from("ApiResponse", schemas):
        if "properties" in schemas[name]:
            # The server leaves no field out, whether or not it has a default.
            schemas[name]["required"] = list(schemas[name]["properties"])
    return dict(zip(types, references, strict=True)), dict(sorted(schemas.items()))


def _answer(gives: Any) -> Any:
    """The type of the answers whose `data` is of the type `gives`."""
    answer: Any = ApiResponse
    return answer[gives]


def _reached_from(prefix: str, schemas: dict[str, Any]) -> set[str]:
    """The names of the schemas that start with `prefix`, and of all schemas that they refer to."""
    reached: set[str] = set()
    waiting = [name for name in schemas if name.startswith(prefix)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _references_in(schemas[name])
    return reached


def _references_in(value: Any) -> list[str]:
    match value:
        case {"$ref": str(reference)}:
            return [reference.removeprefix(_SCHEMAS)]
        case dict():
            return [name for inner in value.values() for name in _references_in(inner)]
        case list():
            return [name for inner in value for name in _references_in(inner)]
        case _:
            return []


def _operation(route: Route, references: References) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "tags": [route.tag],
        "summary": route.summary,
        "description": cleandoc(route.text),
        "operationId": operation_id(route),
        "responses": _responses(route, references),
    }
    if route.access != "anybody":
        operation["security"] = _SECURITY[route.access]
    parameters = _parameters(route)
    if parameters:
        operation["parameters"] = parameters
    if route.takes is not None:
        schema = references[route.takes] | {"examples": list(route.examples)}
        operation["requestBody"] = {
            "content": {"application/json": {"schema": schema}},
            "required": not route.body_may_be_left_out,
        }
    return operation


def operation_id(route: Route) -> str:
    """`Rotate team's key` is `rotateTeamKey`."""
    first, *others = route.summary.replace("'s", "").replace("-", " ").lower().split()
    return first + "".join(word.capitalize() for word in others)


def _parameters(route: Route) -> list[dict[str, Any]]:
    parameters = []
    for name in parameters_of(route.path):
        (schema,), _ = msgspec.json.schema_components([PATH_PARAMETERS[name]])
        parameters.append(_parameter(name, "path", schema))
    if route.access == "organiser" and route.method != "GET":
        (schema,), _ = msgspec.json.schema_components([ADMIN_NAME])
        parameters.append(_parameter("X-Admin-Name", "header", schema))
    if route.asks is not None:
        _, schemas = msgspec.json.schema_components([route.asks])
        for name, schema in schemas[route.asks.__name__]["properties"].items():
            match schema:
                case {"anyOf": [kind, {"type": "null"}]}:
                    # In a query a parameter is absent, never null.
                    parameters.append(_parameter(name, "query", kind))
                case _:
                    parameters.append(_parameter(name, "query", schema))
    return parameters


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "description": schema["description"],
        "required": place == "path",
        "schema": schema,
    }


_PHRASES: Final[dict[int, str]] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
"""By status, names of RFC 9110 that Python before 3.13 does not use. The document is the same on all versions."""


def _responses(route: Route, references: References) -> dict[str, Any]:
    success = _response(
        "The request was carried out; `data` holds what it asked for.", references[_answer(route.gives)]
    )
    success["headers"] = {}
    if route.access != "organiser":
        # The organiser's right key costs nothing, so the answer has no rate limit headers.
        success["headers"] |= _RATE_LIMIT_HEADERS
    if route.sequenced:
        success["headers"] |= _SEQUENCE_HEADERS
    responses = {"200": success}
    for status, codes in sorted(_refusals(route).items()):
        gives = route.gives if status in route.gives_at else None
        description = f"{_PHRASES.get(status) or HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}"
        responses[str(status)] = _response(description, references[_answer(gives)])
    responses["429"]["headers"] = _RETRY_AFTER
    return responses


def _refusals(route: Route) -> dict[int, list[ErrorCode]]:
    """The refusals of a route, by status."""
    codes = [*_ANYWHERE, *route.refuses]
    if route.access != "anybody":
        codes.append(ErrorCode.UNAUTHENTICATED)
    if route.sequenced:
        codes.append(ErrorCode.PROCESSING_TIMEOUT)
    by_status: defaultdict[int, list[ErrorCode]] = defaultdict(list)
    for code in codes:
        by_status[HTTP_STATUS[code]].append(code)
    return by_status


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _plain(value: Any) -> Any:
    """Remove wrappers around references, and write patterns in the syntax that all languages share."""
    match value:
        case {"allOf": [{"$ref": reference}]}:
            return {"$ref": reference} | {key: _plain(inner) for key, inner in value.items() if key != "allOf"}
        case {"pattern": str(pattern)}:
            return {key: _plain(inner) for key, inner in value.items()} | {"pattern": pattern.replace(r"\Z", "$")}
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value
