"""What a fill costs."""

from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import Money


def fee(rules: RoleRules, quantity: int, is_taker: bool, same_owner: bool) -> Money:
    """Fees of one side of a trade; > 0 is paid, < 0 is a rebate.

    Both sides of a trade between teams of one owner pay as takers, so that no owner can earn rebates from itself.
    """
    per_contract = rules.taker_fee if is_taker or same_owner else rules.maker_fee
    return per_contract * quantity  # type: ignore[return-value]
