"""A scenario file to begin with: another one under a new name, in which every key that it leaves out is a comment."""

import datetime as dt
import tomllib
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.scenarios.building.headlines import shipped_news
from openoutcry.scenarios.places import Places, join
from openoutcry.scenarios.schema.annotations import inner_type, is_table, item_type, meaning
from openoutcry.scenarios.schema.bounds import Name
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.market import SignalsTable, WorldTable
from openoutcry.scenarios.schema.roles import GAME_ROLES, RoleTable

_Table = tuple[str, dict[str, Any], type[Struct]]

_WHOLE: Final = (ScenarioFile, WorldTable, SignalsTable)
"""Tables whose inner ones are all told."""

_OFF: Final = "# Tables that this file leaves out. A rule of the trading day is on once its table is there.\n"


def name_problem(name: str) -> str | None:
    try:
        msgspec.convert(name, Name)
    except msgspec.ValidationError:
        return f"{name!r} is no name of a scenario. {meaning(Name)}"
    return None


def starting_file(name: str, text: str) -> str:
    """`text`, a sound scenario file, under this name. The comments added change nothing when they become keys."""
    document, places = tomllib.loads(text), Places(text)
    lines = text.splitlines(keepends=True)
    place = places.of("name")
    assert place is not None, "a sound file has a name"  # noqa: S101 - its check says so
    lines[place.line - 1] = f'name = "{name}"\n'
    lines[-1] = lines[-1].rstrip("\n") + "\n"
    left_out = []
    for path, table, struct in _tables("", document, ScenarioFile):
        header = places.of(path)
        if header is not None and _ends_in(lines[header.line - 1], header.column, path):
            lines[header.line - 1] += "".join(_comments(path, struct, table))
        elif (
            path and (path not in document or struct is RoleTable) and (keys := "".join(_comments(path, struct, table)))
        ):
            left_out.append(f"\n# [{path}]\n{keys}")
    if "headlines" not in document:
        left_out.append("\n" + "".join(_as_comment(line) for line in shipped_news().splitlines()))
    return f"{''.join(lines)}\n{_OFF}{''.join(left_out)}"


def _as_comment(line: str) -> str:
    return f"{line if line.startswith('#') else f'# {line}'.rstrip()}\n"


def _ends_in(line: str, column: int, path: str) -> bool:
    """Whether the header in `line` names the table `path` itself, whose last name begins in `column`."""
    return line.lstrip().startswith("[") and line[column - 1 :].startswith(f"{path.rpartition('.')[2]}]")


def _tables(path: str, table: dict[str, Any], struct: type[Struct]) -> Iterator[_Table]:
    """The tables that the document has or could have, each with its path; of roles the game's and those it has."""
    yield path, table, struct
    for field in msgspec.structs.fields(struct):
        key, kind = join(path, field.name), inner_type(field.type)
        inner = table.get(field.name)
        if is_table(kind) and (inner is not None or struct in _WHOLE):
            yield from _tables(key, inner or {}, kind)
        elif item_type(field.type) is RoleTable:
            for name in {**GAME_ROLES, **(inner or {})}:
                yield from _tables(join(key, name), (inner or {}).get(name, {}), RoleTable)


def _comments(path: str, struct: type[Struct], table: dict[str, Any]) -> Iterator[str]:
    """The keys that the table leaves out, each with its default and its meaning."""
    game_role = GAME_ROLES.get(path.rpartition(".")[2]) if struct is RoleTable else None
    inner = ""
    for field in msgspec.structs.fields(struct):
        kind, item = inner_type(field.type), item_type(field.type)
        if field.name in table or is_table(kind):
            continue
        default = field.default if game_role is None else getattr(game_role, field.name)
        if is_table(item):
            if isinstance(default, tuple) and not table:
                inner += "".join(_list_of_tables(join(path, field.name), default))
        elif default is None or default is msgspec.NODEFAULT:
            yield f"# {field.name}: {meaning(field.type)}\n"
        else:
            yield f"{f'# {field.name} = {_toml(default)}':40} # {meaning(field.type)}\n"
    yield inner


def _list_of_tables(path: str, tables: tuple[Struct, ...]) -> Iterator[str]:
    for table in tables:
        keys = "".join(f"# {key} = {_toml(getattr(table, key))}\n" for key in table.__struct_fields__)
        yield f"# [[{path}]]\n{keys}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    return value.isoformat() if isinstance(value, dt.time) else str(value)
