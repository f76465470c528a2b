"""An order as the checks see it: its terms beside the facts they are judged by."""

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.orders import Side
from openoutcry.domain.reasons import Duplicate, Reject
from openoutcry.domain.rulebook import Phase, RoleRules

Finding = Reject | Duplicate | None
"""What a check finds: a refusal, an order that was accepted before, or nothing."""


class Proposal:
    """Everything that a check may look at, and nothing that it could change.

    Open quantities and orders leave out what this order would replace. `signed_position` is the position as the
    order's side sees it (negated for sells). `side` means something only once the side has been checked, and what
    follows `halted` only where the instrument is known. `working_quantity` is what would be at work: the order's
    quantity, less what is filled already where it amends one.
    """

    __slots__ = (
        "best_opposite_rank",
        "claim",
        "claimed_ids",
        "command",
        "halted",
        "instrument",
        "open_orders",
        "open_quantity",
        "opposite_orders",
        "opposite_quantity",
        "phase",
        "rules",
        "side",
        "signed_position",
        "suspended",
        "total_elsewhere",
        "working_quantity",
    )

    def __init__(
        self,
        command: SubmitOrder,
        rules: RoleRules,
        suspended: bool,
        phase: Phase,
        claim: Claim | None,
        claimed_ids: int,
        instrument: Instrument | None,
        halted: bool,
        side: Side,
        best_opposite_rank: int | None,
        signed_position: int,
        open_quantity: int,
        opposite_quantity: int,
        opposite_orders: int,
        open_orders: int,
        total_elsewhere: int,
        working_quantity: int,
    ) -> None:
        self.command = command
        self.rules = rules
        self.suspended = suspended
        self.phase = phase
        self.claim = claim
        self.claimed_ids = claimed_ids
        self.instrument = instrument
        self.halted = halted
        self.side = side
        self.best_opposite_rank = best_opposite_rank
        self.signed_position = signed_position
        self.open_quantity = open_quantity
        self.opposite_quantity = opposite_quantity
        self.opposite_orders = opposite_orders
        self.open_orders = open_orders
        self.total_elsewhere = total_elsewhere
        self.working_quantity = working_quantity

    @property
    def may_rest(self) -> bool:
        """Whether the order could come to rest in the book."""
        return self.command.price is not None and self.command.time_in_force == "day"
