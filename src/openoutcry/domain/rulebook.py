"""The rules of one session as integers: roles, their fees and limits, self-trade prevention, history, the day."""

from typing import Final, Literal

from msgspec import Struct

from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.types import Money

RULEBOOK_VERSION: Final = 3
"""Raised whenever the same commands would be judged or executed differently; every journal segment holds it."""

HOUSE_ROLE: Final = "house_maker"
"""The role of the exchange's own team: it takes over what others cannot pay for, and may be a market maker."""

FLOW_ROLE: Final = "house_flow"
"""The role of the exchange's retail flow."""

OWN_ROLES: Final = frozenset({HOUSE_ROLE, FLOW_ROLE})
"""Roles of the exchange's own teams: without limits, duties and keys. Nobody registers for one."""

OpeningPhase = Literal["continuous", "closed"]
"""Phases in which an exchange can begin, before any command."""

SelfTradePrevention = Literal["none", "expire_taker", "expire_maker", "expire_both"]


class RoleRules(Struct, frozen=True, kw_only=True):
    """What a role pays and may do. Fees per contract or lot; > 0 is paid, < 0 is a rebate."""

    maker_fee: Money
    taker_fee: Money
    option_position_limit: int
    """Contracts in one option, long or short, working orders included."""
    spot_position_limit: int
    """Lots in one spot instrument, long or short, working orders included."""
    total_option_exposure: int
    """Sum over options of the worst case on either side."""
    maximum_order_size: int
    maximum_open_orders: int
    may_quote: bool
    may_rest_both_sides: bool
    """Whether the role may have a bid and an ask at work in one instrument at once."""
    starting_cash: Money


class HistoryLimits(Struct, frozen=True, kw_only=True):
    """How much the venue keeps of each team's past, newest first, at least 1 of each. The teams' streams keep
    everything.
    """

    closed_orders: int = 10_000
    """Orders that filled or were cancelled, each with all its fills and its client order id."""
    fills: int = 10_000


class Rulebook(Struct, frozen=True, kw_only=True):
    roles: dict[str, RoleRules]
    self_trade_prevention: SelfTradePrevention = "expire_taker"
    opening_phase: OpeningPhase = "continuous"
    first_order_id: int = 1
    first_trade_id: int = 1
    history: HistoryLimits = HistoryLimits()
    game: GameRules = GameRules()
