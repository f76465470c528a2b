"""Checks of an order's own terms: side, quantity, price, time in force."""

from openoutcry.domain.commands import Price
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import SIDES, TIMES_IN_FORCE
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import MAX_QUANTITY
from openoutcry.risk.proposal import Finding, Proposal


def check_side(proposal: Proposal) -> Finding:
    side = proposal.command.side
    if side in SIDES:
        return None
    return invalid_side(side)


def check_quantity(proposal: Proposal) -> Finding:
    quantity = proposal.command.quantity
    if 0 < quantity <= MAX_QUANTITY:
        return None
    return Reject(
        ErrorCode.INVALID_QUANTITY,
        f"Quantity must be a whole number of contracts from 1 to {MAX_QUANTITY}, not {quantity}",
        {"quantity": quantity, "minimum": 1, "maximum": MAX_QUANTITY},
    )


def check_filled_quantity(proposal: Proposal) -> Finding:
    """An amended order must leave something to fill."""
    if proposal.working_quantity > 0:
        return None
    filled = proposal.command.quantity - proposal.working_quantity
    return Reject(
        ErrorCode.AMEND_FAILED,
        f"{filled} of the order are filled: the new total must be larger; or cancel the rest",
        {"filled_quantity": filled, "minimum": filled + 1},
    )


def check_price(proposal: Proposal) -> Finding:
    """Positive, on the tick grid, and there where the order cannot do without."""
    command, instrument = proposal.command, proposal.instrument
    price = command.price
    if price is None:
        if command.post_only:
            return Reject(
                ErrorCode.MISSING_PRICE,
                "A post-only order needs a price: without one it is a market order, which only takes",
            )
        return None
    assert instrument is not None, "the instrument is checked first"  # noqa: S101
    if price.off_grid is None and 0 < price.ticks <= instrument.maximum_ticks:
        return None
    return invalid_price(price, instrument)


def check_time_in_force(proposal: Proposal) -> Finding:
    command = proposal.command
    if command.time_in_force not in TIMES_IN_FORCE:
        return Reject(
            ErrorCode.INVALID_TIME_IN_FORCE,
            f"time_in_force must be 'day', 'ioc' or 'fok', not {command.time_in_force!r}",
            {"time_in_force": command.time_in_force, "allowed": ["day", "ioc", "fok"]},
        )
    if command.post_only and command.time_in_force != "day":
        return Reject(
            ErrorCode.INVALID_TIME_IN_FORCE,
            f"A post-only order waits in the book, so its time_in_force must be 'day', not {command.time_in_force!r}",
            {"time_in_force": command.time_in_force, "allowed": ["day"]},
        )
    return None


def invalid_side(side: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_SIDE,
        f"side must be 'buy' or 'sell', not {side!r}",
        {"side": side, "allowed": ["buy", "sell"]},
    )


def invalid_price(price: Price, instrument: Instrument) -> Reject:
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
