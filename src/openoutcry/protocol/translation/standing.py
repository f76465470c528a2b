"""Limits, duties and sanctions of a team as the data of REST answers."""

from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MarketTime
from openoutcry.domain.views import AccountView, StandingView
from openoutcry.protocol.responses import DutyInfo, LimitInfo, SanctionsInfo
from openoutcry.protocol.timestamps import format_market_time


def limits_of(account: AccountView, rules: RoleRules) -> dict[str, LimitInfo]:
    """The limits on the whole account; those on one instrument stand in its exposure."""
    limits = {
        "open_orders": LimitInfo(used=account.open_orders, limit=rules.maximum_open_orders),
        "total_option_exposure": LimitInfo(used=account.total_option_exposure, limit=rules.total_option_exposure),
    }
    duties = () if account.standing is None else account.standing.duties
    for duty in duties:
        if duty.duty == "portfolio_delta":
            limits[duty.duty] = LimitInfo(used=abs(account.delta) / DUTY_UNITS, limit=duty.required / DUTY_UNITS)
    return limits


def duties_of(standing: StandingView | None) -> list[DutyInfo]:
    if standing is None:
        return []
    return [
        DutyInfo(
            duty=duty.duty,
            state=duty.state,
            measured=None if duty.measured is None else duty.measured / DUTY_UNITS,
            required=duty.required / DUTY_UNITS,
            since=_written(duty.since, standing),
        )
        for duty in standing.duties
    ]


def sanctions_of(standing: StandingView | None) -> SanctionsInfo:
    if standing is None:
        return SanctionsInfo(level=0, since=None)
    return SanctionsInfo(level=standing.level, since=_written(standing.level_since, standing))


def _written(time: MarketTime | None, standing: StandingView) -> str | None:
    return None if time is None else format_market_time(time, standing.utc_offset)
