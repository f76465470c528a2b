"""The file's numbers as the exchange's: exact, finite and inside named bounds, or refused by key."""

from decimal import Decimal

from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.scenarios.reading import KeyProblem
from openoutcry.scenarios.schema import Amount


def to_money(key: str, amount: Amount, *, least: Amount, most: Amount) -> Money:
    """An amount of currency in money units.

    Raises `KeyProblem` where it is out of bounds, or has more than four decimals.
    """
    value = Decimal(amount)
    if not value.is_finite() or not least <= value <= most:
        raise KeyProblem(key, f"{amount} will not do: it must be from {least} to {most}")
    units = int((value * MONEY_UNITS).to_integral_value())
    nearest = Decimal(units).scaleb(-4)
    if nearest != value:
        raise KeyProblem(key, f"{amount} is not a multiple of 0.0001; the nearest that would do is {nearest}")
    return Money(units)


def to_number(key: str, amount: Amount, *, above: int, most: int) -> float:
    """A rate, a duration or a price that nobody pays, as a float. Raises `KeyProblem` out of its bounds."""
    value = Decimal(amount)
    if not value.is_finite() or not above < value <= most:
        raise KeyProblem(key, f"{amount} will not do: it must be above {above} and at most {most}")
    return float(value)
