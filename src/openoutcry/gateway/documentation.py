"""The pages at `/docs`: Swagger UI from the installed package, so that they work without a network."""

from functools import lru_cache
from typing import Any, Final

import swagger_ui_bundle  # type: ignore[import-untyped]

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
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
"""What the page needs, with its media type."""


@lru_cache(maxsize=len(FILES))
def file_bytes(name: str) -> bytes:
    """One of `FILES`."""
    content: bytes = (swagger_ui_bundle.swagger_ui_path / name).read_bytes()
    return content


def in_openapi_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """`document` in the version before, which the installed Swagger UI reads: it does not know 3.1."""
    older: dict[str, Any] = _older(document)
    older["openapi"] = "3.0.3"
    older["info"].pop("summary", None)
    older["info"]["license"].pop("identifier", None)
    return older


def _older(value: Any) -> Any:
    match value:
        case {"anyOf": [only, {"type": "null"}], **others} | {"oneOf": [only, {"type": "null"}], **others}:
            inner = _older(only)
            rest = {key: _older(other) for key, other in others.items()}
            # A reference stands alone in 3.0; what is said beside it goes around it.
            return ({"allOf": [inner]} if "$ref" in inner else inner) | {"nullable": True} | rest
        case {"$ref": str(), **others} if others:
            return {"allOf": [{"$ref": value["$ref"]}]} | {key: _older(other) for key, other in others.items()}
        case {"type": "null"}:
            return {"nullable": True, "enum": [None]} | {
                key: _older(other) for key, other in value.items() if key != "type"
            }
        case {"const": constant, **others}:
            return {"enum": [constant]} | {key: _older(other) for key, other in others.items()}
        case {"examples": [example, *_], **others}:
            return _older(others) | {"example": example}
        case dict():
            return {key: _older(inner) for key, inner in value.items()}
        case list():
            return [_older(inner) for inner in value]
        case _:
            return value
