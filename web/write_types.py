"""Writes the TypeScript types of the exchange's messages and routes from its OpenAPI and AsyncAPI documents, and those
of what the replay's server answers.

    python web/write_types.py

`make docs` does it too. A test holds the files to the documents.
"""

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from openoutcry.gateway.rest.openapi import openapi_document
from openoutcry.playback.server.answering import Replay
from openoutcry.playback.timeline import Mark
from openoutcry.protocol.asyncapi import asyncapi_document

FOLDER: Final = Path(__file__).resolve().parent / "src" / "protocol"

HEADER: Final = "// Written by web/write_types.py from the exchange's own documents. Do not edit.\n"

SERVER_MESSAGE: Final = """\
/** Every message of the server on `/ws`. */
export type ServerMessage = PrivateMessage | PublicMessage | ConnectionMessage;
"""

Schema = dict[str, Any]


def files() -> dict[str, str]:
    """The text of each generated file, by its name in `FOLDER`."""
    openapi, asyncapi = openapi_document(), asyncapi_document()
    # What both documents have is one type. What is required of it is what the REST document says: every field is sent.
    schemas: dict[str, Schema] = asyncapi["components"]["schemas"] | openapi["components"]["schemas"]
    named = {name: schema for name, schema in schemas.items() if not name.startswith("ApiResponse_")}
    parts = [_declaration(name, named[name]) for name in sorted(named)]
    parts.append(_answer(schemas["ApiResponse_NoneType_"]))
    operations = asyncapi["operations"]
    parts += [
        _union("PrivateMessage", "Events of the team's private stream.", _titles(operations["sendPrivateStream"])),
        _union("PublicMessage", "What public channels tell.", _titles(operations["sendPublicChannels"])),
        _union("ConnectionMessage", "About the connection.", _titles(operations["sendConnectionMessages"])),
        _union("ClientMessage", "What a client can ask on `/ws`.", _titles(operations["receiveClientMessages"])),
        SERVER_MESSAGE,
    ]
    titles = _titles_by_message(asyncapi)
    messages = HEADER + "\n" + "\n".join(parts)
    for message, title in titles.items():
        messages = messages.replace(f"<{message}>", title)
    return {"messages.ts": messages, "routes.ts": _routes(openapi, named), "replay.ts": _replay()}


def _replay() -> str:
    """Of answers every field is sent, those with a default too."""
    _, components = msgspec.json.schema_components((Replay, Mark), ref_template="{name}")
    whole = {name: schema | {"required": list(schema["properties"])} for name, schema in components.items()}
    return HEADER + "\n" + "\n".join(_declaration(name, whole[name]) for name in sorted(whole))


def _titles(operation: dict[str, Any]) -> list[str]:
    return [f"<{message['$ref'].rpartition('/')[2]}>" for message in operation["messages"]]


def _titles_by_message(asyncapi: dict[str, Any]) -> dict[str, str]:
    return {name: message["title"] for name, message in asyncapi["components"]["messages"].items()}


def _union(name: str, text: str, members: list[str]) -> str:
    return f"/** {text} */\nexport type {name} =\n" + "\n".join(f"  | {member}" for member in members) + ";\n"


def _declaration(name: str, schema: Schema) -> str:
    comment = _comment(schema, "")
    if "properties" not in schema:
        return f"{comment}export type {name} = {_type(schema)};\n"
    required = set(schema.get("required", ()))
    lines = [
        f"{_comment(field, '  ')}  {key}{'' if key in required else '?'}: {_type(field)};\n"
        for key, field in schema["properties"].items()
    ]
    return f"{comment}export interface {name} {{\n{''.join(lines)}}}\n"


def _answer(schema: Schema) -> str:
    """The shape of all answers, over the type of their data."""
    declared = _declaration("ApiResponse<Data>", schema)
    return declared.replace("  data: null;\n", "  data: Data | null;\n")


def _comment(schema: Schema, indent: str) -> str:
    lines = inspect.cleandoc(str(schema.get("description", ""))).replace("*/", "* /").split("\n")
    if lines == [""]:
        return ""
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    inner = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{inner}{indent} */\n"


def _type(schema: Schema) -> str:
    """The TypeScript type of a schema, in one line."""
    if "$ref" in schema:
        name = str(schema["$ref"].rpartition("/")[2])
        data = name.removeprefix("ApiResponse_")
        return name if data == name else f"ApiResponse<{data.removesuffix('_')}>"
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    match schema.get("type"):
        case "string":
            return "string"
        case "integer" | "number":
            return "number"
        case "boolean":
            return "boolean"
        case "null":
            return "null"
        case "array":
            items = _type(schema["items"]) if "items" in schema else "unknown"
            return f"({items})[]" if "|" in items else f"{items}[]"
        case "object":
            values = schema.get("additionalProperties", True)
            return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
    return "unknown"


def _routes(openapi: dict[str, Any], named: dict[str, Schema]) -> str:
    body = "".join(_route(openapi, *route) for route in _operations(openapi))
    words = set(re.findall(r"\w+", re.sub(r"/\*\*.*", "", body)))
    used = sorted(words & named.keys())
    return (
        f'{HEADER}\nimport type {{\n{"".join(f"  {name},{chr(10)}" for name in used)}}} from "./messages";\n\n'
        "/** Every route: the parameters of its path and its query, its body, and the data of an answer. */\n"
        f"export interface Routes {{\n{body}}}\n"
    )


def _operations(openapi: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in sorted(openapi["paths"]):
        for method, operation in openapi["paths"][path].items():
            yield method.upper(), path, operation


def _route(openapi: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = operation.get("parameters", [])
    body = operation.get("requestBody")
    taken = "undefined"
    if body is not None:
        taken = _type(body["content"]["application/json"]["schema"])
        taken += "" if body.get("required", False) else " | undefined"
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    data = openapi["components"]["schemas"][answer]["properties"]["data"]
    fields = {
        "path": _parameters(parameters, "path"),
        "query": _parameters(parameters, "query"),
        "body": taken,
        "data": _data(data),
    }
    inner = "".join(f"    {name}: {text};\n" for name, text in fields.items())
    return f'  /** {operation.get("summary", "")}. */\n  "{method} {path}": {{\n{inner}  }};\n'


def _data(schema: Schema) -> str:
    """What `data` is in a success: null only where the route has none, or tells of a duplicate or nothing."""
    text = _type(schema)
    return text if text.startswith("DuplicateData") else text.removesuffix(" | null")


def _parameters(parameters: list[dict[str, Any]], place: str) -> str:
    chosen = [each for each in parameters if each["in"] == place]
    if not chosen:
        return "undefined"
    fields = [f"{each['name']}{'' if each.get('required') else '?'}: {_type(each['schema'])}" for each in chosen]
    return f"{{ {'; '.join(fields)} }}"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
