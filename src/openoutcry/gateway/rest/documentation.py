"""The pages at `/docs`: Swagger UI from the installed package, so that they work without a network; and what the
documents need to fit the exchange that serves them.
"""

from functools import lru_cache
from typing import Any, Final

import swagger_ui_bundle  # type: ignore[import-untyped]

from openoutcry.clearing.exposure import position_limit
from openoutcry.protocol.requests import EXAMPLE_SYMBOL
from openoutcry.scenarios.model import Scenario

PAGE: Final = b"""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Open Outcry: API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script>
      SwaggerUIBundle({url: "/docs/openapi.json", dom_id: "#swagger-ui", deepLinking: true});
    </script>
  </body>
</html>
"""

FILES: Final = {
    "swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "favicon-32x32.png": b"image/png",
}
"""What the page needs, with its content type."""


EXAMPLE_QUANTITY: Final = 10
"""Contracts of the first example of an order."""


@lru_cache(maxsize=len(FILES))
def file_bytes(name: str) -> bytes:
    """One of `FILES`."""
    content: bytes = (swagger_ui_bundle.swagger_ui_path / name).read_bytes()
    return content


def for_scenario(document: bytes, scenario: Scenario) -> bytes:
    """An encoded document whose examples can be sent as they are: with an instrument that is traded here."""
    return document.replace(EXAMPLE_SYMBOL.encode(), _example_instrument(scenario).encode())


def _example_instrument(scenario: Scenario) -> str:
    """The first instrument of which a team that chooses no role may hold as much as the examples order."""
    rules = scenario.rulebook.roles[scenario.registration.default_role]
    for instrument in scenario.instruments:
        if position_limit(rules, instrument) >= EXAMPLE_QUANTITY:
            return instrument.instrument_id
    return scenario.instruments[0].instrument_id


def in_openapi_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """`document` in the version before, which the installed Swagger UI reads: it does not know 3.1."""
    older: dict[str, Any] = _older(document)
    older["openapi"] = "3.0.3"
    older["info"].pop("summary", None)
    older["info"]["license"].pop("identifier", None)
    return older


_NULL: Final = {"nullable": True, "enum": [None]}
"""How 3.0 says that a value is null and nothing else."""


def _older(value: Any) -> Any:
    match value:
        case list():
            return [_older(inner) for inner in value]
        case {"type": "null"}:
            return _NULL
        case dict():
            return _older_schema({key: _older(inner) for key, inner in value.items()})
        case _:
            return value


def _older_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema (or what else is an object in the document) whose parts are in the older version already."""
    for alternatives in ("anyOf", "oneOf"):
        match schema.get(alternatives):
            case [kind, other] if other is _NULL:
                del schema[alternatives]
                schema |= {"allOf": [kind], "nullable": True}
            case _:
                pass
    if "$ref" in schema and len(schema) > 1:
        # A reference stands alone in 3.0; what is said beside it goes around it.
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if isinstance(schema.get("examples"), list):
        schema["example"] = schema.pop("examples")[0]
    return schema
