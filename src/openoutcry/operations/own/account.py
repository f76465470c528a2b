"""A team's positions, money and limits. Every result names the last private event that it reflects (`as_of_seq`)."""

from openoutcry.access.caller import Caller
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import AccountData, PositionsData, RateInfo
from openoutcry.runtime.exchange import Exchange
from openoutcry.scenarios.model import RateLimits


def show_positions(exchange: Exchange, caller: Caller) -> Result[PositionsData]:
    queries, team_id = exchange.sequencer.queries, caller.team_id
    positions = exchange.translator.positions(queries.positions(team_id))
    holdings = exchange.translator.holdings(queries.holdings(team_id))
    return Result(exchange.clock.now(), PositionsData(positions, holdings, queries.last_seq(team_id)))


def show_account(exchange: Exchange, caller: Caller) -> Result[AccountData]:
    queries, team_id = exchange.sequencer.queries, caller.team_id
    account = queries.account(team_id)
    rules = exchange.scenario.rulebook.roles[account.role]
    shown = exchange.translator.account_info(account, rules, rates_of(exchange.scenario.rate_limits, account.role))
    return Result(exchange.clock.now(), AccountData(shown, queries.last_seq(team_id)))


def rates_of(limits: RateLimits, role: str) -> dict[str, RateInfo]:
    """By the kind of request."""
    rates = {"orders": limits.orders[role], "cancels": limits.cancels[role], "reads": limits.reads}
    return {kind: RateInfo(per_second=rate.per_second, burst=rate.burst) for kind, rate in rates.items()}
