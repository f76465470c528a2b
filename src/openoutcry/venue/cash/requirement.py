"""What a team is worth, and the most that it could lose at once."""

from openoutcry.domain.orders import SELL, Side
from openoutcry.domain.types import InstrumentId
from openoutcry.matching.order import Order
from openoutcry.venue.state.margin import Margin
from openoutcry.venue.state.market import Market
from openoutcry.venue.state.team import Holding, Team
from openoutcry.venue.state.venue import VenueState


def equity(state: VenueState, team: Team) -> int:
    """Cash, and positions at their marks; one without a mark at what it cost, a settled one at what it pays."""
    margin, now = team.margin, state.day.market_time
    if margin is None:
        return team.account.cash + _worth(state, _held(team))
    worth = margin.worth
    if worth is None:
        margin.held = _held(team)
    if worth is None or margin.worth_at != now:
        worth = margin.worth = _worth(state, margin.held)
        margin.worth_at = now
    return team.account.cash + worth


def requirement(state: VenueState, team: Team, margin: Margin) -> int:
    """What equity must cover: the loss in the worst scenario, on positions and on open orders; of each instrument those
    of one side are filled, or none, whichever is worse.
    """
    count_anew(state, team, margin)
    margin.at_most = required = max(-min(margin.outcomes), 0)
    return required


def is_covered(state: VenueState, team: Team, margin: Margin, own: int, more: int) -> bool:
    """Whether equity of `own` covers what it must and `more`. If it does, so much more may be open from now on.

    Only where a bound does not tell is anything counted.
    """
    at_most = margin.at_most
    if at_most is None or own < at_most + more:
        at_most = requirement(state, team, margin)
        if own < at_most + more:
            return False
    margin.at_most = at_most + more
    return True


def requirement_with(
    state: VenueState,
    team: Team,
    margin: Margin,
    market: Market,
    side: Side,
    quantity: int,
    price: int,
    replaced: Order | None,
) -> int:
    """The same with `quantity` more open at `price`, in money units, in place of `replaced`."""
    count_anew(state, team, margin)
    holding = team.holdings.get(market.instrument_id)
    position, open_quantity, open_value = _at_work(market, margin, holding)
    if replaced is not None:
        assert replaced.price is not None, "only limit orders rest"  # noqa: S101
        open_quantity[side] -= replaced.remaining_quantity
        open_value[side] -= replaced.remaining_quantity * replaced.price * market.instrument.tick_size
    open_quantity[side] += quantity
    open_value[side] += quantity * price
    share = _outcomes(market, position, open_quantity, open_value)
    return max(-min(_replaced(margin.outcomes, margin.shares.get(market.instrument_id), share)), 0)


def largest_loss(market: Market, side: Side, quantity: int, price: int) -> int:
    """The most by which so many more open at `price`, in money units, can raise what equity must cover."""
    if market.scenarios is None:
        return 0
    _base, values = market.scenarios
    loss = max(values) - price if side == SELL else price - min(values)
    return max(loss, 0) * quantity * market.instrument.multiplier


def count_anew(state: VenueState, team: Team, margin: Margin) -> None:
    """Bring what is kept up to date."""
    stale = margin.stale
    if not stale:
        return
    shares, outcomes = margin.shares, margin.outcomes
    for instrument_id in stale:
        market = state.markets[instrument_id]
        position, open_quantity, open_value = _at_work(market, margin, team.holdings.get(instrument_id))
        share = _outcomes(market, position, open_quantity, open_value)
        outcomes = _replaced(outcomes, shares.get(instrument_id), share)
        shares[instrument_id] = share
    margin.outcomes = outcomes
    margin.stale = {}


def _replaced(outcomes: list[int], before: list[int] | None, share: list[int]) -> list[int]:
    """What all instruments gain in each scenario, with `share` of one of them in place of `before`."""
    if before and share:
        return [all_in - old + new for all_in, old, new in zip(outcomes, before, share, strict=True)]
    if share:
        return list(map(int.__add__, outcomes, share))
    if before:
        return list(map(int.__sub__, outcomes, before))
    return outcomes


def _held(team: Team) -> dict[InstrumentId, tuple[int, int]]:
    """The positions of a team, each with its cost."""
    return {
        instrument_id: (holding.position.quantity, holding.position.cost_basis)
        for instrument_id, holding in team.holdings.items()
        if holding.position.quantity
    }


def _worth(state: VenueState, held: dict[InstrumentId, tuple[int, int]]) -> int:
    worth = 0
    for instrument_id, (quantity, cost) in held.items():
        market = state.markets[instrument_id]
        mark, settlement = market.mark, market.settlement
        if settlement is not None:
            worth += quantity * settlement.settlement_price * market.tick_value
        else:
            worth += cost if mark is None else quantity * mark.value * market.instrument.multiplier
    return worth


def _at_work(market: Market, margin: Margin, holding: Holding | None) -> tuple[int, list[int], list[int]]:
    """Position, and by side the quantity of open orders and the sum of their price × quantity, in money units."""
    if holding is None:
        return 0, [0, 0], [0, 0]
    values, tick = margin.open_values.get(market.instrument_id), market.instrument.tick_size
    return (
        holding.position.quantity,
        list(holding.open_quantity),
        [0, 0] if values is None else [value * tick for value in values],
    )


def _outcomes(market: Market, position: int, open_quantity: list[int], open_value: list[int]) -> list[int]:
    """What the instrument would gain in each scenario; empty where nothing is known of it, or there is nothing."""
    scenarios = market.scenarios
    if scenarios is None:
        return []
    base, values = scenarios
    multiplier: int = market.instrument.multiplier
    (buys, sells), (bought, sold) = open_quantity, open_value
    if not buys and not sells:
        if not position:
            return []
        contracts: int = position * multiplier
        return [contracts * (value - base) for value in values]
    outcomes: list[int] = []
    for value in values:
        bought_gains, sold_gains = buys * value - bought, sold - sells * value
        worse = bought_gains if bought_gains < sold_gains else sold_gains  # noqa: FURB136 - a call costs more
        gains = position * (value - base)
        outcomes.append((gains + worse if worse < 0 else gains) * multiplier)
    return outcomes
