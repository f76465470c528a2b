"""The order's own terms: side, quantity, price, time in force."""

from openoutcry.domain.commands import Price
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SIDES, TIMES_IN_FORCE
from openoutcry.domain.reasons import ErrorCode, Finding, Reject
from openoutcry.domain.types import MAX_QUANTITY
from openoutcry.venue.checks.calls import terms_refused_in_call
from openoutcry.venue.checks.context import OrderContext


def check_terms(context: OrderContext) -> Finding:
    quantity, price, replaced = context.quantity, context.price, context.replaced
    time_in_force, post_only = context.time_in_force, context.post_only
    if context.side not in SIDES:
        return invalid_side(context.side)
    if not 0 < quantity <= MAX_QUANTITY:
        return _invalid_quantity(quantity)
    if replaced is not None and quantity <= replaced.filled_quantity:
        return _filled_already(replaced.filled_quantity)
    if price is None:
        if post_only:
            return _post_only_without_price()
    elif price.off_grid is not None or not 0 < price.ticks <= context.market.maximum_ticks:
        return _invalid_price(price, context.market.instrument)
    if time_in_force not in TIMES_IN_FORCE:
        return _invalid_time_in_force(time_in_force)
    if time_in_force != "day" and post_only:
        return _post_only_that_cannot_wait(time_in_force)
    return None if context.market.matches else terms_refused_in_call(context)


def invalid_side(side: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_SIDE,
        f"side must be 'buy' or 'sell', not {side!r}",
        {"side": side, "allowed": ["buy", "sell"]},
    )


def _invalid_quantity(quantity: int) -> Reject:
    return Reject(
        ErrorCode.INVALID_QUANTITY,
        f"Quantity must be a whole number of contracts from 1 to {MAX_QUANTITY}, not {quantity}",
        {"quantity": quantity, "minimum": 1, "maximum": MAX_QUANTITY},
    )


def _filled_already(filled_quantity: int) -> Reject:
    return Reject(
        ErrorCode.AMEND_FAILED,
        f"The new total must be above the filled part, {filled_quantity}; to end the order, cancel the rest",
        {"filled_quantity": filled_quantity, "minimum": filled_quantity + 1},
    )


def _post_only_without_price() -> Reject:
    return Reject(
        ErrorCode.MISSING_PRICE,
        "A post-only order needs a price: without one it is a market order, which only takes",
    )


def _invalid_price(price: Price, instrument: Instrument) -> Reject:
    """The refusal of a price that is off the grid, not positive or too high, with the nearest that would do."""
    ticks, highest = price.ticks, instrument.maximum_ticks
    nearest = min(max(ticks, 1), highest)
    tick_size = instrument.price_of(1)
    details = {
        "tick_size": tick_size,
        "nearest": instrument.price_of(nearest),
        "minimum": tick_size,
        "maximum": instrument.price_of(highest),
    }
    asked = price.off_grid or str(instrument.price_of(ticks))
    if 0 < ticks <= highest:
        message = f"Price {asked} is not on the grid of {tick_size}; the nearest is {details['nearest']}"
    else:
        message = f"Price must be from {tick_size} to {details['maximum']} on the grid of {tick_size}, not {asked}"
    return Reject(ErrorCode.INVALID_PRICE, message, details)


def _invalid_time_in_force(time_in_force: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_TIME_IN_FORCE,
        f"time_in_force must be 'day', 'ioc' or 'fok', not {time_in_force!r}",
        {"time_in_force": time_in_force, "allowed": ["day", "ioc", "fok"]},
    )


def _post_only_that_cannot_wait(time_in_force: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_TIME_IN_FORCE,
        f"A post-only order waits in the book, so its time_in_force must be 'day', not {time_in_force!r}",
        {"time_in_force": time_in_force, "allowed": ["day"]},
    )
