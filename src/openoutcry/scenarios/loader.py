"""From a scenario's name or file to the checked `Scenario`; errors name file, line, key and rule."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Final

from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.rulebook import HistoryLimits, Rulebook
from openoutcry.domain.types import InstrumentId
from openoutcry.scenarios.calendar import CalendarName
from openoutcry.scenarios.chain import ChainTemplate, ExpiryTemplate
from openoutcry.scenarios.checks import cross_checks
from openoutcry.scenarios.game import game_rules
from openoutcry.scenarios.model import (
    IndexNumbers,
    PricingNumbers,
    Rate,
    RateLimits,
    Registration,
    Scenario,
    SessionPlan,
    scenario_hash,
)
from openoutcry.scenarios.places import Place, Places
from openoutcry.scenarios.reading import Problem, read_document
from openoutcry.scenarios.roles import RoleNumbers, role_numbers
from openoutcry.scenarios.rules import Amount, money_units
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable
from openoutcry.scenarios.schema.pricing import PricingTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.service import RateLimitsTable
from openoutcry.scenarios.schema.session import CallsTable, ScheduleTable
from openoutcry.scenarios.timetable import Hours

MAX_FILE_BYTES: Final = 1024 * 1024

MAX_PROBLEMS: Final = 50
"""Most mistakes of one file that an error names; it gives the number of the others."""

_CALENDARS: Final[dict[str, CalendarName]] = {"none": "none", "nyse": "XNYS"}
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
    return _build(ScenarioFile(**parts))


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
        f"{name}: no scenario of this name comes with openoutcry; use one of {', '.join(shipped_scenarios())};"
        f" for a file of your own, give its path, such as ./{name}.toml"
    )


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


def _build(file: ScenarioFile) -> Scenario:
    roles = {name: role_numbers(table) for name, table in file.roles.items()}
    instruments = tuple(_instrument(table) for table in file.instruments)
    rulebook = Rulebook(
        roles={name: role.rules for name, role in roles.items()},
        self_trade_prevention=file.rules.self_trade_prevention,
        opening_phase=file.session.opening_phase or ("continuous" if file.schedule is None else "closed"),
        first_order_id=file.ids.first_order,
        first_trade_id=file.ids.first_trade,
        history=HistoryLimits(closed_orders=file.history.closed_orders, fills=file.history.fills),
        game=game_rules(file),
    )
    chain = None if file.chain is None else _chain(file.chain, file.index)
    return Scenario(
        name=file.name,
        title=file.title,
        session_date=None if file.session.date is None else file.session.date.isoformat(),
        time_zone=file.session.time_zone,
        calendar=_CALENDARS[file.session.calendar],
        session=None if file.schedule is None else _session(file.schedule, file.calls or CallsTable()),
        instruments=instruments,
        chain=chain,
        underlyings={symbol: float(price) for symbol, price in file.underlyings.items()},
        index=IndexNumbers(index=file.index.symbol, tracker=file.index.tracker, ratio=file.index.ratio),
        pricing=None if file.pricing is None else _pricing(file.pricing),
        rulebook=rulebook,
        registration=_registration(file.registration, roles),
        rate_limits=_rate_limits(file.rate_limits, roles),
        connections_per_team=file.connections.per_team,
        connections_per_address=file.connections.per_address,
        heartbeat_seconds=float(file.connections.heartbeat_seconds),
        cors_origins=tuple(file.connections.cors_origins),
        hash=scenario_hash(instruments, rulebook, chain),
    )


def _instrument(table: InstrumentTable) -> Instrument:
    underlying, option = parse_symbol(table.symbol)
    return Instrument(
        instrument_id=InstrumentId(table.symbol),
        kind="spot" if option is None else "option",
        underlying=underlying,
        tick_size=money_units(table.tick_size),
        multiplier=table.multiplier,
        option=option,
    )


def _session(table: ScheduleTable, calls: CallsTable) -> SessionPlan:
    return SessionPlan(
        hours=Hours(call=table.call, opening=table.opening, close=table.close, half_day_close=table.half_day_close),
        speed=table.speed,
        start=table.start,
        indicative_per_second=calls.indicative_per_second,
    )


def _chain(table: ChainTable, index: IndexTable) -> ChainTemplate:
    return ChainTemplate(
        index=index.symbol,
        tracker=index.tracker,
        ratio=index.ratio,
        expiries=tuple(
            ExpiryTemplate(days=expiry.days, strikes_bp=tuple(int(strike * 100) for strike in expiry.strikes_percent))
            for expiry in table.expiries
        ),
        strike_step=money_units(table.strike_step),
        tick_size=money_units(table.tick_size),
        multiplier=table.multiplier,
    )


def _pricing(table: PricingTable) -> PricingNumbers:
    return PricingNumbers(
        volatility=float(Decimal(table.volatility_percent) / 100),
        rate=float(Decimal(table.rate_percent) / 100),
        dividend=float(Decimal(table.dividend_percent) / 100),
        sessions_per_year=table.sessions_per_year,
        greeks_interval_seconds=table.greeks_interval_seconds,
    )


def _registration(table: RegistrationTable, roles: Iterable[str]) -> Registration:
    chosen = roles if table.roles is None else table.roles
    return Registration(
        join_code=table.join_code, roles=tuple(chosen), default_role=table.default_role, role_codes=table.role_codes
    )


def _rate_limits(table: RateLimitsTable, roles: Mapping[str, RoleNumbers]) -> RateLimits:
    def rate(per_second: Amount, burst: int) -> Rate:
        return Rate(per_second=float(per_second), burst=burst)

    return RateLimits(
        orders={name: role.orders for name, role in roles.items()},
        cancels={
            name: Rate(
                per_second=role.orders.per_second * table.cancels_multiple,
                burst=role.orders.burst * table.cancels_multiple,
            )
            for name, role in roles.items()
        },
        reads=rate(table.reads_per_second, table.reads_burst),
        anonymous=rate(table.anonymous_per_second, table.anonymous_burst),
    )
