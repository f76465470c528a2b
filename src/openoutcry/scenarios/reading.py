"""From a TOML document to the schema's structs. All mistakes are found in one run, each with its key.

Each table is walked with its struct beside it, because a message that says `roles.retail.maker_fee` is worth
more than one that says `$.roles[...]`.
"""

from collections.abc import Container
from typing import Annotated, Any, Final, Literal, get_args, get_origin

import msgspec
from msgspec import Struct, ValidationError

from openoutcry.scenarios.listing import MAX_SHOWN, closest, in_words, one_of, shortened
from openoutcry.scenarios.places import join
from openoutcry.scenarios.rules import Amount, DecimalRange, NumberRange, OwnRule, Rule
from openoutcry.scenarios.schema.annotations import inner_type, is_table, item_type, meaning
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.roles import GAME_ROLES, RoleTable

_AMOUNT_TYPES: Final = frozenset(get_args(Amount))


class Problem(Struct, frozen=True):
    """A mistake at one key: the rule, and what is allowed."""

    key: str
    text: str

    def __str__(self) -> str:
        key = self.key if self.key.isprintable() else ascii(self.key)
        return f"{key}: {self.text}" if key else self.text


def read_document(document: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The top-level parts of the document as the schema's structs, and all mistakes in it.

    A part with a mistake is left out.
    """
    complete = {**document, "roles": _with_game_roles(document.get("roles", {}))}
    walk = _Walk()
    walk.table("", complete, ScenarioFile)
    required = {field.name for field in msgspec.structs.fields(ScenarioFile) if _is_required(field, complete)}
    broken = (required - complete.keys()) | {
        problem.key.partition(".")[0].partition("[")[0] for problem in walk.problems
    }
    parts = {
        field.name: msgspec.convert(complete[field.name], field.type) if field.name in complete else _default(field)
        for field in msgspec.structs.fields(ScenarioFile)
        if field.name not in broken
    }
    return parts, walk.problems


def _is_required(field: msgspec.structs.FieldInfo, present: Container[str | None]) -> bool:
    return field.required or (field.name == "instruments" and "chain" not in present)


def _default(field: msgspec.structs.FieldInfo) -> Any:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _with_game_roles(roles: Any) -> Any:
    """The game's roles with what `roles` changes in them, then the others. The walk refuses a value that is no
    table.
    """
    if not isinstance(roles, dict):
        return roles
    game = {
        name: {key: value for key, value in msgspec.structs.asdict(role).items() if value is not None}
        for name, role in GAME_ROLES.items()
    }
    return game | {
        name: game[name] | table if name in game and isinstance(table, dict) else table for name, table in roles.items()
    }


def _elsewhere(key: str) -> str | None:
    """The table of the file that has this key, for one in a wrong table."""
    tables = {field.name: inner_type(field.type) for field in msgspec.structs.fields(ScenarioFile)}
    if key in tables:
        return f"[{key}] is a table of its own"
    having = [name for name, kind in tables.items() if is_table(kind) and key in kind.__struct_fields__]
    return f"it is a key of {' and '.join(f'[{name}]' for name in having)}" if having else None


def _game_role_meant(path: str, struct: type[Struct]) -> str:
    """For a table of a role that is none of the game's."""
    if struct is not RoleTable:
        return ""
    close = closest(path.rpartition(".")[2], GAME_ROLES)
    return f"; a role of a new name needs every key; did you mean {close!r}?" if close else ""


class _Walk:
    """A walk through a document that collects its mistakes."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def table(self, path: str, table: Any, struct: type[Struct]) -> None:
        if not self._is_table(path, table):
            return
        fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
        meant = set()
        for key in table:
            if key not in fields:
                close = closest(key, fields)
                meant.add(close)
                hint = (
                    f"did you mean {close!r}?" if close else _elsewhere(key) or f"the keys here are {', '.join(fields)}"
                )
                self._refuse(join(path, key[:MAX_SHOWN]), f"no such key; {hint}")
        present = table.keys() | meant
        missing = [name for name, field in fields.items() if name not in present and _is_required(field, present)]
        if len(missing) > 1:
            self._refuse(path, f"these keys are missing: {', '.join(missing)}{_game_role_meant(path, struct)}")
        elif missing:
            (name,) = missing
            self._refuse(
                join(path, name), f"is missing; give it: {meaning(fields[name].type).rstrip('.') or 'a table'}"
            )
        for name, value in table.items():
            if name in fields:
                self._value(join(path, name), value, fields[name].type)

    def _value(self, path: str, value: Any, annotation: Any) -> None:
        kind = inner_type(annotation)
        if is_table(kind):
            self.table(path, value, kind)
        elif isinstance(value, str) and _AMOUNT_TYPES & set(get_args(kind)):
            self._refuse(path, f"must be a number, not text; write {shortened(' '.join(value.split()))} without quotes")
        elif get_origin(kind) is dict:
            if self._is_table(path, value):
                name_type, _ = get_args(kind)
                for name, item in value.items():
                    key = join(path, name)
                    if self._fits(key, name, name_type):
                        self._value(key, item, item_type(kind))
                self._fits(path, dict.fromkeys(value), _bounds_alone(annotation))
        elif get_origin(kind) in {list, tuple} and isinstance(value, list):
            for number, item in enumerate(value, start=1):
                self._value(f"{path}[{number}]", item, item_type(kind))
            self._fits(path, value, _bounds_alone(annotation))
        elif self._fits(path, value, annotation):
            for rule in _rules(annotation):
                problem = rule.problem(value)
                if problem is not None:
                    self._refuse(path, problem)

    def _fits(self, path: str, value: Any, annotation: Any) -> bool:
        """Whether `value` has the annotated type and is within its bounds; if not, the mistake is noted."""
        try:
            msgspec.convert(value, annotation)
        except ValidationError as error:
            description = meaning(annotation).rstrip(".")
            kind = inner_type(annotation)
            text = one_of(str(value), get_args(kind)) if get_origin(kind) is Literal else in_words(str(error))
            self._refuse(path, f"{_shown(value)} is refused: {text}" + (f" ({description})" if description else ""))
            return False
        return True

    def _is_table(self, path: str, value: Any) -> bool:
        if isinstance(value, dict):
            return True
        header = f"[[{path.rpartition('[')[0]}]]" if path.endswith("]") else f"[{path}]"
        self._refuse(path, f"must be a table, not {_shown(value)}; write {header} and its keys below")
        return False

    def _refuse(self, key: str, text: str) -> None:
        self.problems.append(Problem(key, text))


def _bounds_alone(annotation: Any) -> Any:
    """The annotated list or table with its own bounds. Its items are checked separately."""
    kind: Any = dict[str, Any] if get_origin(inner_type(annotation)) is dict else list[Any]
    for extra in getattr(annotation, "__metadata__", ()):
        kind = Annotated[kind, extra]
    return kind


def _rules(annotation: Any) -> list[Rule]:
    extras = getattr(annotation, "__metadata__", ())
    return [extra for extra in extras if isinstance(extra, DecimalRange | NumberRange | OwnRule)]


def _shown(value: Any) -> str:
    try:
        text = repr(value) if isinstance(value, str | bool) else str(value)
    except ValueError:
        return "a number with too many digits"
    return shortened(text)
