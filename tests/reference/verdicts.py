"""The reference's verdicts: the rules in the order in which they are listed, the first that is broken answers.

They name the error code alone, where the exchange adds words and details.
"""

from openoutcry.domain import commands
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import Accepted, Duplicate, ErrorCode
from openoutcry.domain.types import MAX_QUANTITY, InstrumentId
from reference.auctions import CALLS, meets_own
from reference.ledger import ReferenceOrder
from reference.phases import MOVES, by_way_of
from reference.state import ReferenceState, position_limit, remaining

ReferenceVerdict = Accepted | Duplicate | ErrorCode


def verdict(state: ReferenceState, command: commands.Command) -> ReferenceVerdict:
    match command:
        case commands.SubmitOrder():
            return _verdict_on_order(state, command)
        case commands.AmendOrder():
            return _verdict_on_amendment(state, command)
        case commands.CancelOrder():
            if state.team(command.team_id).suspended:
                return ErrorCode.TEAM_SUSPENDED
            found = state.resting_order(command.team_id, command.order_id)
            return Accepted() if found else ErrorCode.CANCEL_FAILED
        case commands.MassCancel():
            if state.team(command.team_id).suspended:
                return ErrorCode.TEAM_SUSPENDED
            if command.instrument_id not in (None, *state.instruments):
                return ErrorCode.INVALID_INSTRUMENT
            return Accepted() if command.side in (None, "buy", "sell") else ErrorCode.INVALID_SIDE
        case commands.ReplaceQuotes():
            if state.team(command.team_id).suspended:
                return ErrorCode.TEAM_SUSPENDED
            if not state.team(command.team_id).rules.may_quote:
                return ErrorCode.ROLE_NOT_PERMITTED
            return Accepted() if state.phase in ("continuous", *CALLS) else ErrorCode.MARKET_CLOSED
        case commands.SetQuoteProtection() | commands.ResetQuoteProtection():
            if state.team(command.team_id).suspended:
                return ErrorCode.TEAM_SUSPENDED
            if not state.team(command.team_id).rules.may_quote:
                return ErrorCode.ROLE_NOT_PERMITTED
            return Accepted() if command.group in (None, *state.groups()) else ErrorCode.INVALID_INSTRUMENT
        case commands.RegisterTeam():
            if command.role not in state.rulebook.roles:
                return ErrorCode.ROLE_NOT_PERMITTED
            if any(team.name == command.team_name for team in state.teams):
                return ErrorCode.DUPLICATE_TEAM_NAME
            return Accepted(len(state.teams) + 1)
        case commands.ListInstrument():
            is_new = command.instrument.instrument_id not in state.instruments
            return Accepted() if is_new else ErrorCode.INVALID_INSTRUMENT
        case commands.SetPhase():
            step = by_way_of(state.phase, command.phase)
            reachable = command.phase in (state.phase, "closed") or step in MOVES[state.phase].split()
            return Accepted() if reachable else ErrorCode.MARKET_CLOSED
        case commands.StartSession():
            if state.is_ticking or state.phase != "closed":
                return ErrorCode.MARKET_CLOSED
            is_later = state.market_time is None or command.timetable[0].at >= state.market_time
            return Accepted() if is_later else ErrorCode.MALFORMED_REQUEST
        case commands.EndSession():
            return Accepted() if state.is_ticking else ErrorCode.MARKET_CLOSED
        case commands.HaltInstrument(None):
            return ErrorCode.MARKET_CLOSED if state.phase == "closed" else Accepted()
        case commands.ResumeInstrument(None):
            return Accepted() if state.phase == "halted" else ErrorCode.MARKET_CLOSED
        case commands.HaltInstrument() | commands.ResumeInstrument() | commands.ExpireInstrument():
            if command.instrument_id in state.expired:
                return ErrorCode.INSTRUMENT_EXPIRED
            return Accepted() if command.instrument_id in state.instruments else ErrorCode.INVALID_INSTRUMENT
        case commands.SettleInstrument():
            instrument = state.instruments.get(command.instrument_id)
            if instrument is None:
                return ErrorCode.INVALID_INSTRUMENT
            if command.instrument_id in state.settled:
                return ErrorCode.SETTLEMENT_FAILED
            in_range = 0 <= command.settlement_price <= instrument.maximum_ticks
            return Accepted() if in_range else ErrorCode.INVALID_PRICE
        case commands.SuspendTeam() | commands.ReinstateTeam():
            known = any(team.team_id == command.team_id for team in state.teams)
            return Accepted() if known else ErrorCode.TEAM_NOT_FOUND
        case commands.BustTrade():
            fills = [fill for team in state.teams for fill in state.kept_fills(team)]
            if any(fill.trade_id == command.trade_id and fill.busted for team in state.teams for fill in team.fills):
                return ErrorCode.BUST_FAILED
            sides = [fill for fill in fills if fill.trade_id == command.trade_id]
            if len(sides) < 2:
                return ErrorCode.TRADE_NOT_FOUND
            return ErrorCode.BUST_FAILED if sides[0].instrument_id in state.settled else Accepted()
        case commands.RotateKey():
            known = any(team.team_id == command.team_id and team.has_key for team in state.teams)
            return Accepted() if known else ErrorCode.TEAM_NOT_FOUND
        case commands.PublishNews():
            if command.effect is not None and not state.is_ticking:
                return ErrorCode.MARKET_CLOSED
            return Accepted(state.next_news_id)
        case commands.Sanction(team_id) | commands.Pardon(team_id):
            if isinstance(command, commands.Sanction) and command.level not in (1, 2, 3):
                return ErrorCode.MALFORMED_REQUEST
            if all(team.team_id != team_id for team in state.teams):
                return ErrorCode.TEAM_NOT_FOUND
            is_bound = state.rulebook.game.sanctions is not None and state.team(team_id).has_key
            return Accepted() if is_bound else ErrorCode.ROLE_NOT_PERMITTED
        case commands.AdvanceMarket():
            if state.market_time is None or not state.is_ticking:
                return ErrorCode.MARKET_CLOSED
            is_start = command.market_time == state.market_time == state.timetable[0].at
            return Accepted() if command.market_time > state.market_time or is_start else ErrorCode.MALFORMED_REQUEST
        case commands.SetCancelAfter():
            return ErrorCode.TEAM_SUSPENDED if state.team(command.team_id).suspended else Accepted()
        case _:
            return Accepted()


def _verdict_on_order(state: ReferenceState, command: commands.SubmitOrder) -> ReferenceVerdict:
    team = state.team(command.team_id)
    if team.suspended:
        return ErrorCode.TEAM_SUSPENDED
    if command.client_order_id in team.claims:
        terms, order_id = team.claims[command.client_order_id]
        return Duplicate(order_id) if terms == command else ErrorCode.DUPLICATE_CLIENT_ORDER_ID
    return refusal(state, command) or Accepted(state.next_order_id)


def _verdict_on_amendment(state: ReferenceState, command: commands.AmendOrder) -> ReferenceVerdict:
    if state.team(command.team_id).suspended:
        return ErrorCode.TEAM_SUSPENDED
    order = state.resting_order(command.team_id, command.order_id)
    if order is None:
        return ErrorCode.AMEND_FAILED
    terms = commands.SubmitOrder(
        command.team_id,
        order.instrument_id,
        "buy" if order.side == BUY else "sell",
        order.quantity if command.quantity is None else command.quantity,
        commands.Price(order.limit) if command.price is None else command.price,
        order.time_in_force,
        order.post_only,
    )
    return refusal(state, terms, order) or Accepted()


def is_out_of_band(state: ReferenceState, here: InstrumentId, sells: bool, ticks: int) -> bool:
    band = state.band(here)
    return band is not None and (ticks < band[0] if sells else ticks > band[1])


def refusal(
    state: ReferenceState, terms: commands.SubmitOrder, replaced: ReferenceOrder | None = None
) -> ErrorCode | None:
    """The first rule that an order breaks, judged net of the order that it would replace."""
    team, instrument = state.team(terms.team_id), state.instruments.get(terms.instrument_id)
    rules, quantity, price = team.rules, terms.quantity, terms.price
    filled = 0 if replaced is None else replaced.filled
    if instrument is None:
        return ErrorCode.INVALID_INSTRUMENT
    here = instrument.instrument_id
    if here in state.expired:
        return ErrorCode.INSTRUMENT_EXPIRED
    if state.phase_of(here) not in ("continuous", *CALLS):
        alone = here in state.halted and state.phase not in ("closed", "halted")
        return ErrorCode.INSTRUMENT_HALTED if alone else ErrorCode.MARKET_CLOSED
    waits = state.gathers(here)
    if terms.side not in ("buy", "sell"):
        return ErrorCode.INVALID_SIDE
    sells = terms.side == "sell"
    if not 1 <= quantity <= MAX_QUANTITY:
        return ErrorCode.INVALID_QUANTITY
    if quantity <= filled:
        return ErrorCode.AMEND_FAILED
    if price is None and terms.post_only:
        return ErrorCode.MISSING_PRICE
    if price is not None and (price.off_grid is not None or not 1 <= price.ticks <= instrument.maximum_ticks):
        return ErrorCode.INVALID_PRICE
    if terms.time_in_force not in (("day",) if terms.post_only else ("day", "ioc", "fok")):
        return ErrorCode.INVALID_TIME_IN_FORCE
    if waits and price is None:
        return ErrorCode.ORDER_TYPE_NOT_ALLOWED
    if state.phase_of(here) in CALLS and terms.time_in_force != "day":
        return ErrorCode.INVALID_TIME_IN_FORCE
    if price is not None and is_out_of_band(state, here, sells, price.ticks):
        is_smaller = replaced is not None and price.ticks == replaced.price and quantity <= replaced.quantity
        if not is_smaller:
            return ErrorCode.PRICE_OUT_OF_BAND
    if quantity > rules.maximum_order_size:
        return ErrorCode.ORDER_SIZE_EXCEEDED
    opposite = state.book_side(here, BUY if sells else SELL)
    if waits and price is not None:
        shrinks = replaced is not None and price.ticks == replaced.price and quantity <= replaced.quantity
        if terms.post_only and not shrinks:
            return ErrorCode.POST_ONLY_WOULD_TRADE
        if meets_own(SELL if sells else BUY, price.ticks, team.owner, opposite, state.rulebook.self_trade_prevention):
            return ErrorCode.SELF_TRADE_NOT_ALLOWED if replaced is None else ErrorCode.AMEND_FAILED
    elif terms.post_only and price is not None and opposite:
        best = opposite[0].limit
        if price.ticks <= best if sells else price.ticks >= best:
            return ErrorCode.POST_ONLY_WOULD_TRADE
    may_rest = price is not None and (terms.time_in_force == "day" or waits)
    if replaced is None and may_rest and len(state.resting_orders(team)) >= rules.maximum_open_orders:
        return ErrorCode.OPEN_ORDER_LIMIT_EXCEEDED
    at_work = [order for order in state.resting_orders(team, here) if order is not replaced]
    position, wanted = team.position(here), quantity - filled
    buys = remaining(at_work, BUY) + (0 if sells else wanted)
    sales = remaining(at_work, SELL) + (wanted if sells else 0)
    worst = sales - position if sells else position + buys
    only_reduces = (position > 0 if sells else position < 0) and worst <= 0
    if worst > position_limit(team, instrument) and not only_reduces:
        return ErrorCode.POSITION_LIMIT_EXCEEDED
    if instrument.kind == "option":
        others = [other for other, its in state.instruments.items() if its.kind == "option" and other != here]
        total = max(abs(position + buys), abs(position - sales)) + sum(state.exposure(team, other) for other in others)
        if total > rules.total_option_exposure and not only_reduces:
            return ErrorCode.TOTAL_POSITION_LIMIT_EXCEEDED
    faces_itself = any(order.side == (BUY if sells else SELL) for order in at_work)
    if may_rest and faces_itself and not rules.may_rest_both_sides:
        return ErrorCode.TWO_SIDED_QUOTING_NOT_ALLOWED
    ticks = None if price is None else price.ticks
    broken: ErrorCode | None = state.judge.refusal(team, here, sells, wanted, ticks, replaced)
    return broken
