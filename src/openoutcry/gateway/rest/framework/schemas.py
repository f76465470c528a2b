"""The OpenAPI document: paths by Litestar from the handlers' types, schemas by msgspec, which encodes and decodes them.

So the document cannot drift from what the server does: both come from the same structs.
"""

from typing import Any, Final

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License, Reference, Schema, SecurityScheme, Tag
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from openoutcry import __version__
from openoutcry.protocol.descriptions import describe

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

SECURITY_SCHEMES: Final[dict[str, SecurityScheme | Reference]] = {
    "TeamKey": SecurityScheme(
        type="apiKey", name="X-API-Key", security_scheme_in="header", description="A team's key; see `POST /teams`."
    ),
    "OrganiserKey": SecurityScheme(
        type="apiKey",
        name="X-Admin-Key",
        security_scheme_in="header",
        description="The organiser's key, made at the first start of the server.",
    ),
}


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


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Open Outcry",
        version=__version__,
        summary="An exchange for trading bots.",
        description=_DESCRIPTION,
        license=License(name="MIT", identifier="MIT"),
        components=Components(security_schemes=SECURITY_SCHEMES),
        tags=[
            Tag("Orders", "Entering, cancelling, amending and quoting."),
            Tag("Account", "A team's questions about itself."),
            Tag("Teams", "Registration, public facts, keys."),
            Tag("Market", "What anyone may read."),
            Tag("Organiser", "Needs the organiser's key."),
        ],
        use_handler_docstrings=True,
    )


class StructReferences(OpenAPISchemaPlugin):
    """Answers Litestar's question for a struct's schema with a reference, and remembers which were asked for."""

    def __init__(self) -> None:
        self.types: dict[str, Any] = {}
        """By their name among the components."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        return not field_definition.is_union and field_definition.is_subclass_of(msgspec.Struct)

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        del value
        return False

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        del schema_creator
        annotation = field_definition.annotation
        (schema,), _ = msgspec.json.schema_components([annotation], ref_template=f"{_SCHEMAS}{{name}}")
        reference: str = schema["$ref"]
        self.types[reference.removeprefix(_SCHEMAS)] = annotation
        return Schema(all_of=[Reference(reference)])


def openapi_document(app: Litestar, references: StructReferences) -> dict[str, Any]:
    """The document as it is served."""
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    _, schemas = msgspec.json.schema_components(references.types.values(), ref_template=f"{_SCHEMAS}{{name}}")
    describe(schemas)
    answers = _reached_from("ApiResponse", schemas)
    for name, schema in schemas.items():
        if name in answers and "properties" in schema:
            # The server leaves no field out, whether or not it has a default.
            schema["required"] = list(schema["properties"])
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    for path in document["paths"].values():
        for operation in path.values():
            _finish_operation(operation)
    finished: dict[str, Any] = _plain(document)
    return finished


def _reached_from(prefix: str, schemas: dict[str, Any]) -> set[str]:
    """Names of the schemas that start with `prefix`, and of all that they refer to."""
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


def _finish_operation(operation: dict[str, Any]) -> None:
    """What Litestar has no words for: headers of answers, and parameters that are absent rather than null."""
    responses = operation["responses"]
    headers: dict[str, Any] = {}
    responses["429"]["headers"] = _RETRY_AFTER
    if operation.get("security") != [{"OrganiserKey": []}]:
        # The organiser's right key costs nothing, so there is nothing to tell.
        headers |= _RATE_LIMIT_HEADERS
    if "504" in responses:
        headers |= _SEQUENCE_HEADERS
    responses["200"]["headers"] = headers
    for parameter in operation.get("parameters", ()):
        match parameter["schema"]:
            case {"oneOf": [kind, {"type": "null"}], **others}:
                parameter["schema"] = kind | others
            case _:
                pass


def _plain(value: Any) -> Any:
    """Without wrappers around references, and with patterns as every language writes them."""
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
