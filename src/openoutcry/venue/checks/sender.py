"""Whether a team may send an order, and whether it has sent this one before."""

from collections.abc import Mapping

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.reasons import Duplicate, ErrorCode, Finding, Reject
from openoutcry.domain.types import MAX_CLIENT_ORDER_IDS, ClientOrderId


def team_suspended() -> Reject:
    return Reject(ErrorCode.TEAM_SUSPENDED, "The team is suspended; only the organiser can reinstate it")


def check_client_order_id(command: SubmitOrder, client_order_id: ClientOrderId, claims: Mapping[str, Claim]) -> Finding:
    """The same id with the same terms is the same order; with other terms it is a mistake."""
    claim = claims.get(client_order_id)
    if claim is None:
        if len(claims) < MAX_CLIENT_ORDER_IDS:
            return None
        return Reject(
            ErrorCode.CLIENT_ORDER_ID_LIMIT,
            f"At most {MAX_CLIENT_ORDER_IDS} client order ids of a team are remembered, and that many are; leave"
            " client_order_id out, or wait until older orders are forgotten, with the next session at the latest",
            {"limit": MAX_CLIENT_ORDER_IDS},
        )
    if claim.stands_for(command):
        return Duplicate(claim.order_id)
    return Reject(
        ErrorCode.DUPLICATE_CLIENT_ORDER_ID,
        f"client_order_id {client_order_id!r} belongs to an earlier order with other terms; use a new id",
        {"client_order_id": client_order_id},
    )
