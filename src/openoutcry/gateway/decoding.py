"""From bytes to typed requests, strictly, and from what is wrong with the bytes to words that help."""

import difflib
import re
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct, inspect

from openoutcry.gateway.receipts import MAX_REQUEST_ID, Receipt
from openoutcry.gateway.refusals import Refused, malformed
from openoutcry.gateway.request_names import request_id_in
from openoutcry.protocol.requests import EmptyRequest

Request = TypeVar("Request", bound=Struct)

_LOCATION: Final = re.compile(r" - at `\$(?P<path>.*)`$")
_STEP: Final = re.compile(r"\.([^.\[]+)|\[\d+\]")
_PATTERN: Final = " matching regex "
"""After it msgspec shows the regular expression, which explains nothing that the field's description does not."""
_NAMED: Final = re.compile(r"Object (?P<fault>missing required|contains unknown) field `(?P<name>.*)`")


def decode(body: bytes, request_type: type[Request], receipt: Receipt) -> Request:
    """The request in `body`; `receipt` learns its id. Raises `Refused` (400) for anything that is not exactly one.

    `receipt` learns the id of a refused body too, where that much of it could be read.
    """
    if not body:
        raise empty_body(request_type)
    try:
        request = msgspec.json.decode(body, type=request_type)
    except RecursionError:
        raise malformed(None, "The JSON is nested too deeply to be a request") from None
    except msgspec.ValidationError as error:
        _name_refused(body, receipt)
        raise explain(str(error), request_type) from None
    except msgspec.DecodeError as error:
        raise malformed(None, f"The body is not JSON: {error}") from None
    except UnicodeDecodeError:
        raise malformed(None, "The body is not UTF-8 text; JSON is sent as UTF-8") from None
    receipt.name_request(getattr(request, "request_id", None))
    return request


def decode_empty(body: bytes, receipt: Receipt) -> None:
    """Of a request that needs no body: it may still carry an object with a `request_id`. Raises `Refused`."""
    if body:
        decode(body, EmptyRequest, receipt)


def empty_body(request_type: type[Struct]) -> Refused:
    return malformed(None, f"The body is empty; send a JSON object, such as {example_of(request_type)}")


def explain(error: str, request_type: type[Struct]) -> Refused:
    """Msgspec's `error` about a `request_type`, with the field's name, its rule and an example of what would do."""
    location = _LOCATION.search(error)
    path = location["path"].removeprefix(".") if location else ""
    fault = error[: location.start()] if location else error
    named = _NAMED.fullmatch(fault)
    if named is None:
        return _wrong_value(fault, path, request_type)
    name = named["name"]
    field = f"{path}.{name}" if path else name
    fields = _fields_at(request_type, path)
    if named["fault"] == "missing required":
        return malformed(field, f"The field {field!r} is missing{_rule(fields.get(name))}")
    close = difflib.get_close_matches(name, fields, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(fields)}"
    return malformed(field, f"There is no field {field!r} here; {hint}", allowed=list(fields))


def example_of(request_type: type[Struct]) -> str:
    """A JSON object with the required fields of `request_type`, from the examples in its types."""
    fields = _fields_at(request_type, "")
    return msgspec.json.encode(
        {name: _example(field.type) for name, field in fields.items() if field.required}
    ).decode()


def _name_refused(body: bytes, receipt: Receipt) -> None:
    request_id = request_id_in(body)
    if request_id is not None and 0 < len(request_id) <= MAX_REQUEST_ID:
        receipt.name_request(request_id)


def _wrong_value(fault: str, path: str, request_type: type[Struct]) -> Refused:
    if not path:
        return malformed(None, f"{fault}; send a JSON object, such as {example_of(request_type)}")
    if _PATTERN in fault:
        fault = "Not a text that may stand here"
    parent, _, name = path.rpartition(".")
    field = _fields_at(request_type, parent).get(name.partition("[")[0])
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


def _example(kind: inspect.Type) -> object:
    examples = _json_schema(kind).get("examples")
    if examples:
        return examples[0]
    kind = _bare(kind)
    if isinstance(kind, inspect.ListType):
        return [_example(kind.item_type)]
    if isinstance(kind, inspect.StructType):
        return {field.name: _example(field.type) for field in kind.fields if field.required}
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
