"""The checks before a request's body is decoded, in this order: content type, key, one token of a bucket."""

from openoutcry.access.credentials import unauthenticated
from openoutcry.access.gate import Gate
from openoutcry.access.keys import hash_key
from openoutcry.gateway.http.header_rules import check_content_type
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.rest.route import Route


def admit(gate: Gate, receipt: Receipt, route: Route, body: bytes, address: str) -> None:
    """Let the request in through `gate`, on the terms of its `route`. Raises `Refused`."""
    if body:
        check_content_type(receipt.headers)
    key = receipt.headers.get(b"x-api-key")
    if route.access == "organiser":
        admin_key = receipt.headers.get(b"x-admin-key")
        if admin_key is None:
            raise unauthenticated("This route is the organiser's: send the organiser's key in the header X-Admin-Key")
        gate.admit_organiser(receipt, admin_key, address)
    elif route.pays is not None and key is not None:
        gate.admit_team(receipt, hash_key(key), route.pays)
    elif route.access == "team":
        raise unauthenticated("Send the team's key in the header X-API-Key; POST /teams gives one")
    else:
        gate.admit_anybody(receipt, address)
