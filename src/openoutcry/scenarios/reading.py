"""From a TOML document to the schema's structs, naming the key of whatever is wrong.

Each table is walked with its struct beside it, because a message that says `roles.retail.maker_fee` is worth
more than one that says `$.roles[...]`.
"""

import difflib
import types
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec
from msgspec import Struct, ValidationError

from openoutcry.scenarios.schema import GAME_ROLES, Amount, ScenarioFile

_AMOUNT_TYPES: Final = frozenset(get_args(Amount))


class KeyProblem(Exception):  # noqa: N818 - half an error: the loader adds the file's name
    """What is wrong at one key: the rule, and what would do."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}" if key else problem)


def read_document(document: dict[str, Any]) -> ScenarioFile:
    """The document as the schema's structs. Raises `KeyProblem` at the first key that does not fit."""
    complete = {
        **document,
        "roles": _with_game_numbers(document.get("roles", {name: {} for name in GAME_ROLES})),
    }
    _walk_table("", complete, ScenarioFile)
    return msgspec.convert(complete, ScenarioFile)


def _with_game_numbers(roles: Any) -> Any:
    """The roles with the game's numbers for keys left out. What is no table is for the walk to refuse."""
    if not isinstance(roles, dict):
        return roles
    return {
        name: msgspec.structs.asdict(GAME_ROLES[name]) | table
        if name in GAME_ROLES and isinstance(table, dict)
        else table
        for name, table in roles.items()
    }


def _walk_table(path: str, table: Any, struct: type[Struct]) -> None:
    _refuse_what_is_no_table(path, table)
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for key in table:
        if key not in fields:
            raise KeyProblem(_join(path, key), f"no such key; {_suggestion(key, list(fields))}")
    for name, field in fields.items():
        key = _join(path, name)
        if name in table:
            _walk(key, table[name], field.type)
        elif field.required:
            raise KeyProblem(key, f"is missing; it must be given: {_described(field.type) or 'a table'}")


def _walk(path: str, value: Any, annotation: Any) -> None:
    kind = _inner_type(annotation)
    if isinstance(kind, type) and issubclass(kind, Struct):
        _walk_table(path, value, kind)
        return
    if isinstance(value, str) and _AMOUNT_TYPES & set(get_args(kind)):
        raise KeyProblem(path, f"must be a number, not text; write {value} without quotes")
    if get_origin(kind) is dict:
        _refuse_what_is_no_table(path, value)
        _, item_type = get_args(kind)
        for name, item in value.items():
            _walk(_join(path, name), item, item_type)
    if get_origin(kind) is list and isinstance(value, list):
        (item_type,) = get_args(kind)
        for number, item in enumerate(value, start=1):
            _walk(f"{path}[{number}]", item, item_type)
    try:
        msgspec.convert(value, annotation)
    except ValidationError as error:
        description = _described(annotation)
        text = str(error).split(" - at ")[0]
        raise KeyProblem(
            path, f"{_shown(value)} will not do: {text}" + (f" ({description})" if description else "")
        ) from None


def _refuse_what_is_no_table(path: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise KeyProblem(path, f"must be a table, not {_shown(value)}; write [{path}] and its keys below")


def _inner_type(annotation: Any) -> Any:
    """The type without its `Annotated` and without an optional's None."""
    if get_origin(annotation) is Annotated:
        return _inner_type(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        members = [member for member in get_args(annotation) if member is not types.NoneType]
        if len(members) == 1:
            return _inner_type(members[0])
    return annotation


def _described(annotation: Any) -> str | None:
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, msgspec.Meta) and extra.description is not None:
            return extra.description.rstrip(".")
    return None


def _suggestion(key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return "the keys here are " + ", ".join(known)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str | bool) else str(value)
