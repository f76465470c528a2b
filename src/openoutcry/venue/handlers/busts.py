"""The organiser undoes a trade: money, fees and positions of both sides are as if it had never been.

Orders stay as the trade left them, and so do limits: a position that the undone trade has left too large can only be
made smaller.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from openoutcry.clearing.undoing import Entry, position_without
from openoutcry.domain.commands import BustTrade
from openoutcry.domain.events import OrderExecuted, TradeBusted
from openoutcry.domain.identifiers import format_trade_id
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.domain.types import TradeId
from openoutcry.matching.order import Fill
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState

FILLS_COUNTED_ANEW: Final = 10_000
"""Newest fills of a team through which its position is counted anew. Where they do not suffice, the trade is undone by
its opposite at the same price: cash, fees and quantity are the same, the average price may be another."""


def judge_bust(state: VenueState, command: BustTrade) -> Verdict:
    """A trade can be undone once, as long as both sides' fills are kept."""
    trade_id = command.trade_id
    told: dict[str, Any] = {"trade_id": format_trade_id(trade_id)}
    if trade_id in state.busted_trades:
        return Reject(ErrorCode.BUST_FAILED, f"{format_trade_id(trade_id)} has been busted already", told)
    fills = [fill for team in state.teams for fill in _fills_of(team, trade_id)]
    if len(fills) < 2:
        return Reject(
            ErrorCode.TRADE_NOT_FOUND,
            "There is no trade with this id among the fills that are kept of both teams; GET /trades lists an"
            " instrument's recent ones",
            told,
        )
    if state.markets[fills[0].instrument_id].settlement is not None:
        return Reject(
            ErrorCode.BUST_FAILED,
            f"{fills[0].instrument_id} is settled: what its trades made of cash and positions has been paid out",
            told,
        )
    return ACCEPTED


def bust(state: VenueState, outcome: Outcome, command: BustTrade) -> None:
    trade_id = command.trade_id
    reason = None if command.why is None else command.why.reason
    trade: OrderExecuted | None = None
    for team in state.teams:
        fills = _fills_of(team, trade_id)
        if fills:
            trade = fills[0]
            _take_back(state, team, state.markets[trade.instrument_id], fills)
            outcome.busted(team, team.holdings[trade.instrument_id], trade, reason)
    assert trade is not None, "judged so"  # noqa: S101
    state.busted_trades[trade_id] = None
    market = state.markets[trade.instrument_id]
    market.forget_trade(trade_id)
    if market.indicates:
        # The last trade may be what an auction's price leans on.
        outcome.touched(market)
    outcome.told(TradeBusted(trade_id, trade.instrument_id, trade.price, trade.quantity, reason))


HANDLERS: Final[tuple[Handler[Any], ...]] = (Handler(BustTrade, judge_bust, bust),)


def _fills_of(team: Team, trade_id: TradeId) -> list[OrderExecuted]:
    """The team's kept fills of the trade: none, one, or both if it traded with itself."""
    fills = team.fills
    place = bisect_left(fills, trade_id, key=_trade_id)
    found = [fills[each][1] for each in range(place, min(place + 2, len(fills)))]
    return [event for event in found if event.trade_id == trade_id]


def _trade_id(fill: Fill) -> TradeId:
    return fill[1].trade_id


def _take_back(state: VenueState, team: Team, market: Market, fills: list[OrderExecuted]) -> None:
    """Book the opposite of the team's fills, fees returned, and count the position without them where that can be."""
    holding = team.holdings[market.instrument_id]
    without = position_without(holding.position, _entries(state, team, market, fills[0].trade_id), len(fills))
    for fill in fills:
        fees = fill.fees
        team.account.settle(holding.position, _opposite(fill), fill.price * market.tick_value, -fees)  # type: ignore[arg-type]
        state.fees_collected -= fees  # type: ignore[assignment]
    if without is not None:
        holding.position = without
    team.position_changed(holding)


def _entries(state: VenueState, team: Team, market: Market, trade_id: TradeId) -> Iterator[Entry]:
    """The team's trades in the instrument, newest first, without those that were undone before."""
    busted = state.busted_trades
    for _, fill in islice(reversed(team.fills), FILLS_COUNTED_ANEW):
        if fill.instrument_id == market.instrument_id and fill.trade_id not in busted:
            yield -_opposite(fill), fill.price * market.tick_value, fill.trade_id == trade_id


def _opposite(fill: OrderExecuted) -> int:
    return fill.quantity if fill.side else -fill.quantity
