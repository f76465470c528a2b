"""A team at a glance."""

from collections.abc import Mapping

from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.rulebook import RoleRules
from openoutcry.domain.types import MONEY_UNITS, TimestampUs
from openoutcry.domain.views import AccountView, ExposureView, RegistrationView
from openoutcry.protocol.responses import LimitInfo, TeamOverviewInfo
from openoutcry.protocol.timestamps import format_timestamp
from openoutcry.protocol.translation.standing import duties_of, limits_of, sanctions_of


def overview_of(
    team: RegistrationView,
    account: AccountView,
    rules: RoleRules,
    *,
    connections: int,
    last_seen: TimestampUs | None,
    refusals: Mapping[ErrorCode, int],
) -> TeamOverviewInfo:
    """The team as its organiser sees it."""
    return TeamOverviewInfo(
        team_id=format_team_id(team.team_id),
        team_name=team.team_name,
        role=team.role,
        owner=team.owner,
        suspended=team.suspended,
        has_key=team.has_key,
        connections=connections,
        last_seen=None if last_seen is None else format_timestamp(last_seen),
        orders=team.orders,
        refusals={code.value: count for code, count in refusals.items()},
        positions={each.instrument_id: each.position for each in account.exposure if each.position},
        equity=account.equity / MONEY_UNITS,
        pnl=(account.realized_pnl + account.unrealized_pnl - account.fees_paid) / MONEY_UNITS,
        limits=limits_of(account, rules) | _fullest(account) | _cash(account),
        duties=duties_of(account.standing),
        sanctions=sanctions_of(account.standing),
        reduce_only=account.standing is not None and account.standing.is_reduce_only,
    )


def _fullest(account: AccountView) -> dict[str, LimitInfo]:
    """The position limit of which most is used; none without a position or an order."""

    def used(exposure: ExposureView) -> int:
        return max(exposure.position + exposure.open_buy_quantity, exposure.open_sell_quantity - exposure.position)

    shares = [(used(each) / each.limit, each) for each in account.exposure if each.limit]
    if not shares:
        return {}
    _, fullest = max(shares, key=lambda share: share[0])
    return {"position": LimitInfo(used=used(fullest), limit=fullest.limit)}


def _cash(account: AccountView) -> dict[str, LimitInfo]:
    """How much of the equity is bound; none where that is not checked."""
    if account.requirement is None:
        return {}
    return {"requirement": LimitInfo(used=account.requirement / MONEY_UNITS, limit=account.equity / MONEY_UNITS)}
