"""Whether an order was sent before; and the refusals of those who may not send one, or not there, or not now."""

from collections.abc import Mapping

from openoutcry.domain.claims import Claim
from openoutcry.domain.commands import SubmitOrder
from openoutcry.domain.reasons import Duplicate, ErrorCode, Reject
from openoutcry.domain.types import MAX_CLIENT_ORDER_IDS, ClientOrderId

Finding = Reject | Duplicate | None
"""What a check finds: a refusal, an order that was accepted before, or nothing."""


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


def team_suspended() -> Reject:
    return Reject(ErrorCode.TEAM_SUSPENDED, "The team is suspended; only the organiser can reinstate it")


def unknown_instrument(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INVALID_INSTRUMENT,
        f"There is no instrument {instrument_id!r}; GET /instruments lists those there are",
        {"instrument_id": instrument_id},
    )


def market_closed() -> Reject:
    return Reject(
        ErrorCode.MARKET_CLOSED,
        "The market is closed; GET /market and the market channel tell when it opens",
        {"phase": "closed"},
    )


def instrument_halted(instrument_id: str) -> Reject:
    return Reject(
        ErrorCode.INSTRUMENT_HALTED,
        f"Trading in {instrument_id} is halted; orders can be cancelled, not entered or amended",
        {"instrument_id": instrument_id},
    )
