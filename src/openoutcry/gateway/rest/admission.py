"""What a request must pass before its body is decoded: content type, key, one token of a bucket. In this order."""

from openoutcry.access.credentials import unauthenticated
from openoutcry.access.gate import Gate
from openoutcry.access.keys import hash_key
from openoutcry.gateway.http.header_rules import check_content_type
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.rest.terms import Terms


def admit(gate: Gate, receipt: Receipt, terms: Terms, body: bytes, address: str) -> None:
    """Let the request in through `gate`, on the `terms` of its route. Raises `Refused`."""
    if body:
        check_content_type(receipt.headers)
    key = receipt.headers.get(b"x-api-key")
    if terms.access == "organiser":
        admin_key = receipt.headers.get(b"x-admin-key")
        if admin_key is None:
            raise unauthenticated("This route is the organiser's: send the organiser's key in the header X-Admin-Key")
        gate.admit_organiser(receipt, admin_key, address)
    elif terms.access == "anybody":
        gate.admit_anybody(receipt, address)
    elif key is not None:
        gate.admit_team(receipt, hash_key(key), terms.charge)
    elif terms.access == "public":
        gate.admit_anybody(receipt, address)
    else:
        raise unauthenticated("Send the team's key in the header X-API-Key; POST /teams gives one")
