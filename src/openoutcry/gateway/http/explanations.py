"""Error texts for a request's JSON: the field, its rule, and what is allowed."""

import re
from typing import Any, Final

import msgspec
from msgspec import Struct, inspect

from openoutcry.access.echoes import echo, suggestion
from openoutcry.access.refusals import Refused, malformed
from openoutcry.protocol.requests import AmendRequest, OrderRequest

_LOCATION: Final = re.compile(r" - at `\$(?P<path>[\w.\[\]]*)`\Z", re.ASCII)
_STEP: Final = re.compile(r"\.([^.\[]+)|\[\d+\]")
_PATTERN: Final = " matching regex "
"""After these words msgspec shows the regular expression; the field's description explains it better."""
_NAMED: Final = re.compile(r"Object (?P<fault>missing required|contains unknown) field `(?P<name>.*)`", re.DOTALL)
_NO_SUCH_VALUE: Final = re.compile(r"Invalid enum value '(?P<value>.*)'", re.DOTALL)

_SHOWN: Final[dict[type[Struct], frozenset[str]]] = {
    OrderRequest: frozenset({"price"}),
    AmendRequest: frozenset({"quantity"}),
}
"""Fields beside the required ones that an example needs to be accepted."""


def empty_body(request_type: type[Struct]) -> Refused:
    return malformed(None, f"The body is empty; send a JSON object, such as {example_of(request_type)}")


def explain(error: str, request_type: type[Struct]) -> Refused:
    """The text for msgspec's `error` about a `request_type`: the field's name, its rule and an example."""
    location = _LOCATION.search(error)
    path = location["path"].removeprefix(".") if location else ""
    fault = error[: location.start()] if location else error
    named = _NAMED.fullmatch(fault)
    if named is None:
        return _wrong_value(fault, path, request_type)
    name = named["name"]
    field = echo(f"{path}.{name}" if path else name)
    fields = _fields_at(request_type, path)
    if named["fault"] == "missing required":
        return malformed(field, f"The field {field!r} is missing{_rule(fields.get(name))}")
    meant = suggestion(name, fields)
    hint = f"there are {', '.join(fields)}" if meant is None else f"did you mean {meant!r}?"
    return malformed(field, f"There is no field {field!r} here; {hint}", allowed=list(fields))


def example_of(request_type: type[Struct]) -> str:
    """A JSON object that could be a `request_type`, from the examples in its types."""
    fields = _fields_at(request_type, "")
    return msgspec.json.encode(
        {name: _example(field.type) for name, field in fields.items() if _is_shown(request_type, field)}
    ).decode()


def _wrong_value(fault: str, path: str, request_type: type[Struct]) -> Refused:
    if not path:
        return malformed(None, f"{echo(fault)}; send a JSON object, such as {example_of(request_type)}")
    no_such_value = _NO_SUCH_VALUE.fullmatch(fault)
    if no_such_value is not None:
        fault = f"There is no {echo(no_such_value['value'])!r}"
    elif _PATTERN in fault:
        fault = "This text is not allowed"
    parent, _, name = path.rpartition(".")
    field = _fields_at(request_type, parent).get(name.partition("[")[0])
    # A field's name may look like the end of a sentence of msgspec: then this text contains it.
    fault, path = echo(fault), echo(path)
    return malformed(path, f"{path}: {fault[0].lower()}{fault[1:]}{_rule(field)}")


def _rule(field: inspect.Field | None) -> str:
    """The field's description and example, as the end of a sentence."""
    if field is None:
        return ""
    schema = _json_schema(field.type)
    description = schema.get("description", "").rstrip(".")
    examples = schema.get("examples") or []
    rule = f" ({description})" if description else ""
    return rule + (f"; for example {msgspec.json.encode(examples[0]).decode()}" if examples else "")


def _is_shown(request_type: type[Struct], field: inspect.Field) -> bool:
    return field.required or field.name in _SHOWN.get(request_type, ())


def _example(kind: inspect.Type) -> object:
    examples = _json_schema(kind).get("examples")
    if examples:
        return examples[0]
    kind = _bare(kind)
    if isinstance(kind, inspect.ListType):
        return [_example(kind.item_type)]
    if isinstance(kind, inspect.StructType):
        return {field.name: _example(field.type) for field in kind.fields if _is_shown(kind.cls, field)}
    return "..."


def _fields_at(request_type: type[Struct], path: str) -> dict[str, inspect.Field]:
    """The fields of the object at `path`; none where there is no object."""
    kind: inspect.Type = inspect.type_info(request_type)
    for step in _STEP.finditer(f".{path}" if path else ""):
        kind = _bare(kind)
        if isinstance(kind, inspect.ListType):
            kind = kind.item_type
        elif isinstance(kind, inspect.StructType):
            kind = next((field.type for field in kind.fields if field.name == step[1]), inspect.AnyType())
    kind = _bare(kind)
    return {field.name: field for field in kind.fields} if isinstance(kind, inspect.StructType) else {}


def _bare(kind: inspect.Type) -> inspect.Type:
    """Without metadata and without the null beside it."""
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return _bare(next(inner for inner in kind.types if not isinstance(inner, inspect.NoneType)))
    return kind


def _json_schema(kind: inspect.Type) -> dict[str, Any]:
    if isinstance(kind, inspect.UnionType):
        return next((found for inner in kind.types if (found := _json_schema(inner))), {})
    if isinstance(kind, inspect.Metadata):
        return kind.extra_json_schema or {}
    return {}
