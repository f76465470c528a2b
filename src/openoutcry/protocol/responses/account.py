"""A team's own account: positions, limits, duties, sanctions."""

from msgspec import Struct

from openoutcry.domain.day.duties import Duty, DutyState


class HoldingInfo(Struct, kw_only=True):
    """As in the last `position_update` of the instrument."""

    average_price: float | None
    realized_pnl: float


class PositionsData(Struct):
    positions: dict[str, int]
    holdings: dict[str, HoldingInfo]
    as_of_seq: int


class ExposureInfo(Struct, kw_only=True):
    """Use of a limit in one instrument, working orders included."""

    position: int
    open_buy_quantity: int
    open_sell_quantity: int
    limit: int


class LimitInfo(Struct, kw_only=True):
    """A limit of the team, and how much of it is used."""

    used: float
    limit: float


class RateInfo(Struct, kw_only=True):
    """How many requests of a kind pass: `burst` at once, and `per_second` in the long run."""

    per_second: float
    burst: int


class DutyInfo(Struct, kw_only=True):
    """A duty of the role as it was last found; `measured` and `required` are a share, or contracts of the index."""

    duty: Duty
    state: DutyState
    measured: float | None
    required: float
    since: str | None


class SanctionsInfo(Struct, kw_only=True):
    """The team's place on the ladder of sanctions: 0 none, 1 warned, 2 points off, 3 reduce-only."""

    level: int
    since: str | None


class AccountInfo(Struct, kw_only=True):
    """Money in currency. `unrealized_pnl` is at marks; in a scenario without pricing at the median of best bid, best
    ask and last trade, those that exist, else 0.
    """

    team_id: str
    team_name: str
    role: str
    suspended: bool
    cash: float
    realized_pnl: float
    unrealized_pnl: float
    fees_paid: float
    open_orders: int
    maximum_open_orders: int
    maximum_order_size: int
    total_option_exposure: int
    total_option_exposure_limit: int
    exposure: dict[str, ExposureInfo]
    may_quote: bool
    may_rest_both_sides: bool
    delta: float
    limits: dict[str, LimitInfo]
    duties: list[DutyInfo]
    sanctions: SanctionsInfo
    reduce_only: bool
    equity: float
    requirement: float | None
    rates: dict[str, RateInfo] = {}


class AccountData(Struct):
    account: AccountInfo
    as_of_seq: int


class StandingData(Struct, kw_only=True):
    """A team's duties and sanctions."""

    team_id: str
    duties: list[DutyInfo]
    sanctions: SanctionsInfo
    reduce_only: bool
