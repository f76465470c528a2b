"""From a scenario's name or file to the checked `Scenario`; errors name file, line, key and rule."""

import re
import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Final

from openoutcry.scenarios.building.scenario import scenario_of
from openoutcry.scenarios.checks.table import cross_checks
from openoutcry.scenarios.listing import one_of
from openoutcry.scenarios.model import Scenario
from openoutcry.scenarios.places import Place, Places
from openoutcry.scenarios.reading import Problem, read_document
from openoutcry.scenarios.schema.file import ScenarioFile

MAX_FILE_BYTES: Final = 1024 * 1024

MAX_PROBLEMS: Final = 50
"""Most mistakes of one file that an error names; it gives the number of the others."""

_SCENARIO_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


_NOWHERE: Final = Place(0, 0)
"""Before the first key: the place of what is missing at the top."""

_PLACE_IN_TOML: Final = re.compile(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)", re.DOTALL)
_SHORT_TIME: Final = re.compile(r"=\s*[0-9]{2}:[0-9]{2}\s*(#.*)?$")


class ScenarioError(ValueError):
    """A scenario that cannot be used. The text names the file; for each mistake it has a line with the line and
    the column in the file, the key, the rule and what is allowed.
    """


def shipped_scenarios() -> list[str]:
    """Names of the scenarios that come with the package."""
    folder = resources.files("openoutcry.scenarios") / "shipped"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """The scenario in a file, or one that ships with the package, by its name (`seed`).

    A text that ends in `.toml` or names a folder is a path; any other is a name. Raises `ScenarioError`.
    """
    source, text = _read_text(name_or_path)
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except ValueError as error:  # for a text that is not TOML, and for a number with too many digits
        raise ScenarioError(_not_toml(source, text, str(error))) from None
    except RecursionError:
        raise ScenarioError(f"{source}: is nested too deeply to be a scenario") from None
    parts, problems = read_document(document)
    problems += cross_checks(parts)
    if problems:
        raise ScenarioError(_told(source, text, problems))
    return scenario_of(ScenarioFile(**parts))


def _not_toml(source: str, text: str, error: str) -> str:
    place = _PLACE_IN_TOML.fullmatch(error)
    if place is None:
        return f"{source}: is not TOML: {error}"
    lines = text.split("\n")
    line, column = (len(lines), len(lines[-1]) + 1) if place[2] is None else (int(place[2]), int(place[3]))
    hint = "; a time has seconds, such as 09:30:00" if _SHORT_TIME.search(lines[line - 1]) else ""
    return f"{source}:{line}:{column}: is not TOML: {place[1]}{hint}"


def _told(source: str, text: str, problems: list[Problem]) -> str:
    """All `problems` in the order of the file, one to a line; those about missing keys come first."""
    places = Places(text)
    placed = sorted(((places.of(problem.key) or _NOWHERE, problem) for problem in problems), key=lambda place: place[0])
    told = [
        f"{source}: {problem}" if place is _NOWHERE else f"{source}:{place.line}:{place.column}: {problem}"
        for place, problem in placed
    ]
    if len(told) > MAX_PROBLEMS:
        told[MAX_PROBLEMS:] = [f"{source}: further mistakes: {len(told) - MAX_PROBLEMS}"]
    return "\n".join(told)


def scenario_text(name: str) -> str:
    """The file of a scenario that ships with the package. Raises `ScenarioError` if there is none of this name."""
    if name not in shipped_scenarios():
        raise ScenarioError(_no_such_name(name))
    return (resources.files("openoutcry.scenarios") / "shipped" / f"{name}.toml").read_text("utf-8")


def _no_such_name(name: str) -> str:
    return (
        f"{name}: no scenario of this name comes with openoutcry; {one_of(name, shipped_scenarios())};"
        f" for a file of your own, give its path, such as ./{name}.toml"
    )


def read_scenario_text(name_or_path: str | Path) -> str:
    """The text that `load_scenario` reads. Raises `ScenarioError`."""
    return _read_text(name_or_path)[1]


def _read_text(name_or_path: str | Path) -> tuple[str, str]:
    given = str(name_or_path)
    if isinstance(name_or_path, str) and _SCENARIO_NAME.fullmatch(given):
        return f"{given}.toml", scenario_text(given)
    try:
        with Path(given).open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ScenarioError(
            f"{given}: cannot be read: {error.strerror}; give the path of a scenario file,"
            f" or the name of one that comes with openoutcry: {', '.join(shipped_scenarios())}"
        ) from None
    if len(content) > MAX_FILE_BYTES:
        raise ScenarioError(f"{given}: is larger than a scenario file may be ({MAX_FILE_BYTES} bytes)")
    try:
        return given, content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{given}: is not UTF-8 text: byte {error.start} does not fit; save it as UTF-8") from None
