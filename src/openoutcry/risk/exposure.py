"""Position limits on the worst case: what a team would hold if every working order of one side filled.

buy_worst = position + open buys + quantity, sells mirrored. Limits on it cannot be broken by any sequence of fills.
"""


def worst_case(signed_position: int, open_quantity: int, quantity: int) -> int:
    """The position on the order's side if all of that side filled.

    `signed_position` is the position seen from that side: itself for a buy, negated for a sell.
    """
    return signed_position + open_quantity + quantity


def only_reduces(signed_position: int, worst: int) -> bool:
    """Whether an order with worst case `worst` can do nothing but shrink the position towards zero."""
    return signed_position < 0 and worst <= 0


def instrument_exposure(position: int, open_buys: int, open_sells: int) -> int:
    """One instrument's share of the total: the larger of the two worst cases."""
    return max(abs(position + open_buys), abs(position - open_sells))
