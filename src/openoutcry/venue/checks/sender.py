"""The sender: the team may trade, and has not sent this order before."""

from openoutcry.domain.reasons import Duplicate, ErrorCode, Finding, Reject
from openoutcry.venue.checks.context import OrderContext


def check_sender(context: OrderContext) -> Finding:
    """The same client order id with the same terms is the same order; with other terms it is a mistake."""
    team, client_order_id = context.team, context.command.client_order_id
    if team.suspended:
        return team_suspended()
    if client_order_id is None:
        return None
    claim = team.claims.get(client_order_id)
    if claim is None:
        most = context.state.max_client_order_ids
        return None if len(team.claims) < most else _too_many_client_order_ids(most)
    if claim.stands_for(context.command):
        return Duplicate(claim.order_id)
    return Reject(
        ErrorCode.DUPLICATE_CLIENT_ORDER_ID,
        f"client_order_id {client_order_id!r} belongs to an earlier order with other terms; use a new id",
        {"client_order_id": client_order_id},
    )


def team_suspended() -> Reject:
    return Reject(ErrorCode.TEAM_SUSPENDED, "The team is suspended; only the organiser can reinstate it")


def _too_many_client_order_ids(most: int) -> Reject:
    return Reject(
        ErrorCode.CLIENT_ORDER_ID_LIMIT,
        f"At most {most} client order ids of a team are remembered, and that many are; leave"
        " client_order_id out, or wait until older orders are forgotten, with the next session at the latest",
        {"limit": most},
    )
