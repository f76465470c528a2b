"""From a scenario's name or file to the checked `Scenario`; what is wrong is said by file, key and rule."""

import re
import tomllib
import zoneinfo
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Final

from openoutcry.domain.instruments import Instrument, SymbolError, parse_symbol
from openoutcry.domain.rulebook import HistoryLimits, Rulebook
from openoutcry.domain.types import MAX_PRICE, InstrumentId
from openoutcry.scenarios.model import Rate, RateLimits, Registration, Scenario, scenario_hash
from openoutcry.scenarios.reading import KeyProblem, read_document
from openoutcry.scenarios.roles import RoleNumbers, read_roles
from openoutcry.scenarios.schema import (
    MAX_RATE,
    Amount,
    ConnectionsTable,
    InstrumentTable,
    RateLimitsTable,
    RegistrationTable,
    ScenarioFile,
    SessionTable,
)
from openoutcry.scenarios.units import to_money, to_number

MAX_FILE_BYTES: Final = 1024 * 1024
MAX_TICK_SIZE: Final = 10_000
"""Largest tick, in currency."""

_SCENARIO_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")


class ScenarioError(ValueError):
    """A scenario that cannot be used; the text names the file, the key, the rule and what would do."""


def shipped_scenarios() -> list[str]:
    """Names of the scenarios that come with the package."""
    folder = resources.files("openoutcry.scenarios")
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_scenario(name_or_path: str | Path) -> Scenario:
    """The scenario in a file, or one that ships with the package, by its name (`seed`).

    What ends in `.toml` or holds a folder is a path; anything else is a name. Raises `ScenarioError`.
    """
    source, text = _read_text(name_or_path)
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{source}: is not TOML: {error}") from None
    try:
        return _build(read_document(document))
    except KeyProblem as problem:
        raise ScenarioError(f"{source}: {problem}") from None


def _read_text(name_or_path: str | Path) -> tuple[str, str]:
    given = str(name_or_path)
    if isinstance(name_or_path, str) and _SCENARIO_NAME.fullmatch(given):
        if given not in shipped_scenarios():
            raise ScenarioError(
                f"{given}: no scenario of this name comes with openoutcry; there are"
                f" {', '.join(shipped_scenarios())}; a file of your own is given by its path,"
                f" such as ./{given}.toml"
            )
        return f"{given}.toml", (resources.files("openoutcry.scenarios") / f"{given}.toml").read_text("utf-8")
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
        return given, content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{given}: is not UTF-8 text: byte {error.start} does not fit; save it as UTF-8") from None


def _build(file: ScenarioFile) -> Scenario:
    roles = read_roles(file.roles)
    instruments = _instruments(file.instruments, file.session)
    rulebook = Rulebook(
        roles={name: role.rules for name, role in roles.items()},
        self_trade_prevention=file.rules.self_trade_prevention,
        opening_phase=file.session.opening_phase,
        first_order_id=file.ids.first_order,
        first_trade_id=file.ids.first_trade,
        history=HistoryLimits(closed_orders=file.history.closed_orders, fills=file.history.fills),
    )
    _check_time_zone(file.session.time_zone)
    return Scenario(
        name=file.name,
        title=file.title,
        session_date=None if file.session.date is None else file.session.date.isoformat(),
        time_zone=file.session.time_zone,
        instruments=instruments,
        underlyings=_underlyings(file.underlyings, instruments),
        rulebook=rulebook,
        registration=_registration(file.registration, roles),
        rate_limits=_rate_limits(file.rate_limits, roles),
        connections_per_team=file.connections.per_team,
        heartbeat_seconds=to_number(
            "connections.heartbeat_seconds", file.connections.heartbeat_seconds, above=0, most=3_600
        ),
        cors_origins=_cors_origins(file.connections),
        hash=scenario_hash(instruments, rulebook),
    )


def _instruments(tables: list[InstrumentTable], session: SessionTable) -> tuple[Instrument, ...]:
    instruments: dict[str, Instrument] = {}
    for number, table in enumerate(tables, start=1):
        key = f"instruments[{number}]"
        try:
            underlying, option = parse_symbol(table.symbol)
        except SymbolError as error:
            raise KeyProblem(f"{key}.symbol", str(error)) from None
        if table.symbol in instruments:
            raise KeyProblem(f"{key}.symbol", f"{table.symbol} is listed twice; keep one of the two")
        if option is not None and session.date is not None and option.expiry < f"{session.date:%Y%m%d}":
            raise KeyProblem(
                f"{key}.symbol",
                f"{table.symbol} expires before the session date {session.date}; list a later expiry,"
                " or move session.date",
            )
        tick_size = to_money(f"{key}.tick_size", table.tick_size, least=Decimal("0.0001"), most=MAX_TICK_SIZE)
        instruments[table.symbol] = Instrument(
            instrument_id=InstrumentId(table.symbol),
            kind="spot" if option is None else "option",
            underlying=underlying,
            tick_size=tick_size,
            multiplier=table.multiplier,
            option=option,
        )
    return tuple(instruments.values())


def _underlyings(prices: dict[str, Amount], instruments: tuple[Instrument, ...]) -> dict[str, float]:
    known = sorted({instrument.underlying for instrument in instruments})
    for symbol in prices:
        if symbol not in known:
            raise KeyProblem(
                f"underlyings.{symbol}", f"no instrument has this underlying; there are {', '.join(known)}"
            )
    return {
        symbol: to_number(f"underlyings.{symbol}", price, above=0, most=MAX_PRICE) for symbol, price in prices.items()
    }


def _registration(table: RegistrationTable, roles: dict[str, RoleNumbers]) -> Registration:
    if table.open == (table.join_code is not None):
        raise KeyProblem(
            "registration",
            'say who may register: either open = true (anyone), or join_code = "..." (whoever has the code)',
        )
    chosen = list(roles) if table.roles is None else table.roles
    for role in chosen:
        if role not in roles:
            raise KeyProblem(
                "registration.roles", f"{role!r} is not a role of this scenario; there are {', '.join(roles)}"
            )
    if table.default_role not in chosen:
        raise KeyProblem(
            "registration.default_role",
            f"{table.default_role!r} is not a role that a team may choose; those are {', '.join(chosen) or 'none'}",
        )
    return Registration(join_code=table.join_code, roles=tuple(chosen), default_role=table.default_role)


def _rate_limits(table: RateLimitsTable, roles: dict[str, RoleNumbers]) -> RateLimits:
    def rate(name: str, per_second: Amount, burst: int) -> Rate:
        return Rate(
            per_second=to_number(f"rate_limits.{name}_per_second", per_second, above=0, most=MAX_RATE),
            burst=burst,
        )

    return RateLimits(
        orders={name: role.orders for name, role in roles.items()},
        cancels={
            name: Rate(
                per_second=role.orders.per_second * table.cancels_multiple,
                burst=role.orders.burst * table.cancels_multiple,
            )
            for name, role in roles.items()
        },
        reads=rate("reads", table.reads_per_second, table.reads_burst),
        anonymous=rate("anonymous", table.anonymous_per_second, table.anonymous_burst),
    )


def _cors_origins(table: ConnectionsTable) -> tuple[str, ...]:
    for origin in table.cors_origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise KeyProblem(
                "connections.cors_origins",
                f"{origin!r} is not an origin; write scheme and host (and port), without a path, such as"
                " 'https://bots.example' or 'http://127.0.0.1:8080', or '*' for any page",
            )
    return tuple(table.cors_origins)


def _check_time_zone(name: str) -> None:
    if name == "UTC":
        return
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise KeyProblem(
            "session.time_zone",
            f"{name!r} is not a time zone that this machine knows; use an IANA name, such as 'UTC' or"
            " 'America/New_York'",
        ) from None
