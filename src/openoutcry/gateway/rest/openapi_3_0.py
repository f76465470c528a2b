"""An OpenAPI document of version 3.1 in version 3.0."""

from typing import Any, Final


def in_openapi_3_0(document: dict[str, Any]) -> dict[str, Any]:
    """`document` in OpenAPI 3.0. The installed Swagger UI does not read 3.1."""
    older: dict[str, Any] = _older(document)
    older["openapi"] = "3.0.3"
    older["info"].pop("summary", None)
    older["info"]["license"].pop("identifier", None)
    return older


_NULL: Final = {"nullable": True, "enum": [None]}
"""The schema of null in OpenAPI 3.0."""


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
    """Convert one schema, or another object of the document. Its parts are already in the older version."""
    for alternatives in ("anyOf", "oneOf"):
        match schema.get(alternatives):
            case [kind, other] if other is _NULL:
                del schema[alternatives]
                schema |= {"allOf": [kind], "nullable": True}
            case _:
                pass
    if "$ref" in schema and len(schema) > 1:
        # In 3.0 a reference has no other keys beside it. They go around it.
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if isinstance(schema.get("examples"), list):
        schema["example"] = schema.pop("examples")[0]
    return schema
