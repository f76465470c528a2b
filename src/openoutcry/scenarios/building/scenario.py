"""The scenario of a file, from its checked tables."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.rulebook import FLOW_ROLE, HOUSE_ROLE, HistoryLimits, Rulebook
from openoutcry.domain.types import InstrumentId
from openoutcry.scenarios.building.game import game_rules
from openoutcry.scenarios.building.market import market_rules, simulated_flow
from openoutcry.scenarios.building.roles import RoleNumbers, own_numbers, role_numbers
from openoutcry.scenarios.building.scoring import scoring_rules
from openoutcry.scenarios.chain import ChainTemplate, ExpiryTemplate
from openoutcry.scenarios.model import (
    IndexNumbers,
    PricingNumbers,
    Rate,
    RateLimits,
    Registration,
    Scenario,
    SessionPlan,
    hashed,
)
from openoutcry.scenarios.rules import Amount, money_units
from openoutcry.scenarios.schema.file import ScenarioFile
from openoutcry.scenarios.schema.instruments import ChainTable, IndexTable, InstrumentTable
from openoutcry.scenarios.schema.pricing import PricingTable
from openoutcry.scenarios.schema.registration import RegistrationTable
from openoutcry.scenarios.schema.service import RateLimitsTable
from openoutcry.scenarios.schema.session import CALENDARS, CallsTable, ScheduleTable
from openoutcry.scenarios.timetable import Hours


def scenario_of(file: ScenarioFile) -> Scenario:
    roles = {name: role_numbers(table) for name, table in file.roles.items()}
    all_roles = _own_roles(file) | roles
    instruments = tuple(_instrument(table) for table in file.instruments)
    rulebook = Rulebook(
        roles={name: role.rules for name, role in all_roles.items()},
        self_trade_prevention=file.rules.self_trade_prevention,
        opening_phase=file.session.opening_phase or ("continuous" if file.schedule is None else "closed"),
        first_order_id=file.ids.first_order,
        first_trade_id=file.ids.first_trade,
        history=HistoryLimits(closed_orders=file.history.closed_orders, fills=file.history.fills),
        game=game_rules(file),
    )
    chain = None if file.chain is None else chain_template(file.chain, file.index)
    return hashed(
        Scenario(
            name=file.name,
            title=file.title,
            session_date=None if file.session.date is None else file.session.date.isoformat(),
            time_zone=file.session.time_zone,
            calendar=CALENDARS[file.session.calendar],
            session=None if file.schedule is None else _session(file.schedule, file.calls or CallsTable()),
            instruments=instruments,
            chain=chain,
            underlyings=_starting_prices(file),
            index=IndexNumbers(index=file.index.symbol, tracker=file.index.tracker, ratio=file.index.ratio),
            pricing=None if file.pricing is None else _pricing(file.pricing, (file.schedule or ScheduleTable()).speed),
            market=market_rules(file),
            flow=simulated_flow(file),
            scoring=scoring_rules(file),
            rulebook=rulebook,
            registration=_registration(file.registration, roles),
            rate_limits=_rate_limits(file.rate_limits, all_roles),
            connections_per_team=file.connections.per_team,
            connections_per_address=file.connections.per_address,
            heartbeat_seconds=float(file.connections.heartbeat_seconds),
            cors_origins=tuple(file.connections.cors_origins),
            hash="",
        )
    )


def _own_roles(file: ScenarioFile) -> dict[str, RoleNumbers]:
    """Roles of the exchange's own teams. Nobody registers for one."""
    own = {}
    if file.house is not None:
        own[HOUSE_ROLE] = own_numbers(file.roles["market_maker"])
    elif file.cash is not None:  # takes over what a team cannot pay for, and trades nothing
        own[HOUSE_ROLE] = own_numbers(None)
    if file.retail_flow is not None:
        own[FLOW_ROLE] = own_numbers(file.roles["retail"])
    return own


def chain_template(table: ChainTable, index: IndexTable) -> ChainTemplate:
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


def _starting_prices(file: ScenarioFile) -> dict[str, float]:
    """Those of the file, and that of the tracker where it follows from the index."""
    prices = dict(file.underlyings)
    if file.index.symbol in prices and (file.chain is not None or file.pricing is not None):
        prices.setdefault(file.index.tracker, Decimal(prices[file.index.symbol]) / file.index.ratio)
    return {symbol: float(price) for symbol, price in prices.items()}


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


def _pricing(table: PricingTable, speed: int) -> PricingNumbers:
    return PricingNumbers(
        volatility=float(Decimal(table.volatility_percent) / 100),
        rate=float(Decimal(table.rate_percent) / 100),
        dividend=float(Decimal(table.dividend_percent) / 100),
        sessions_per_year=table.sessions_per_year,
        greeks_interval_seconds=table.greeks_interval_seconds or speed,
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
        changed_side_tokens=float(table.changed_side_tokens),
    )
