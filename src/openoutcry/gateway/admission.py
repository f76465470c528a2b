"""What a request must pass before its body is decoded: content type, key, one token of a bucket. In this order."""

import math
from collections.abc import Mapping
from typing import Final

from openoutcry.access.keys import hash_key
from openoutcry.access.rate_limits import Bucket, Buckets, Charge
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.credentials import is_organiser, unauthenticated
from openoutcry.gateway.http.answers import whole_seconds
from openoutcry.gateway.http.echoes import echo
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.refusals import Refused
from openoutcry.gateway.rest.terms import Terms
from openoutcry.runtime.exchange import Exchange


class Gate:
    """Lets requests in, or raises `Refused`; a `Receipt` notes whose they are and which bucket paid."""

    def __init__(self, exchange: Exchange, buckets: Buckets) -> None:
        self._exchange = exchange
        self._buckets = buckets

    def admit(self, receipt: Receipt, terms: Terms, body: bytes, address: str) -> None:
        if body:
            check_content_type(receipt.headers)
        if terms.access == "organiser":
            self._admit_organiser(receipt, address)
            return
        key = receipt.headers.get(b"x-api-key")
        if terms.access == "anybody":
            self.admit_anybody(receipt, address)
        elif key is not None:
            self.admit_team(receipt, hash_key(key), terms.charge)
        elif terms.access == "public":
            self.admit_anybody(receipt, address)
        else:
            raise unauthenticated("Send the team's key in the header X-API-Key; POST /teams gives one")

    def admit_anybody(self, receipt: Receipt, address: str) -> None:
        """Let in whoever asks from this address, for one token of it."""
        receipt.bucket = bucket = self._buckets.of_address(address)
        take_token(bucket)

    def admit_team(self, receipt: Receipt, key_hash: bytes, charge: Charge) -> None:
        """Let in the team whose key has this SHA-256, for one token of its own bucket."""
        queries = self._exchange.sequencer.queries
        team_id = queries.team_of_key(key_hash)
        if team_id is None:
            raise unauthenticated(
                "The key in X-API-Key is not the key of a team; a key that was rotated is no longer valid"
            )
        receipt.team_id = team_id
        receipt.bucket = bucket = self._buckets.of_team(team_id, charge, queries.role_of)
        take_token(bucket)

    def _admit_organiser(self, receipt: Receipt, address: str) -> None:
        key = receipt.headers.get(b"x-admin-key")
        if key is None:
            raise unauthenticated("This route is the organiser's: send the organiser's key in the header X-Admin-Key")
        receipt.bucket = bucket = self._buckets.of_guesses(address)
        # Taken first: an address out of tokens is not told whether its key is right, or guesses would have no limit.
        take_token(bucket)
        if not is_organiser(key, self._exchange.admin_key_hash):
            raise unauthenticated("The key in X-Admin-Key is not the organiser's")
        bucket.charge(-1)
        receipt.bucket = None


def check_content_type(headers: Mapping[bytes, bytes]) -> None:
    """Raises `Refused` (415) unless a body is announced as plain JSON in UTF-8."""
    content_type = headers.get(b"content-type", b"")
    if content_type != _JSON:
        media_type, *parameters = (part.strip().lower() for part in content_type.split(b";"))
        if media_type != _JSON or any(parameter not in _UTF_8 for parameter in parameters):
            raise _unsupported(
                "Content-Type", content_type, "The body must be JSON: send Content-Type: application/json"
            )
    encoding = headers.get(b"content-encoding", b"identity")
    if encoding.lower() != b"identity":
        raise _unsupported(
            "Content-Encoding", encoding, "The body must not be encoded: send it without Content-Encoding"
        )


def take_token(bucket: Bucket, tokens: int = 1) -> None:
    """Raises `Refused` (429), with the time to wait, unless `tokens` are there; then they are spent."""
    if bucket.take(tokens):
        return
    if tokens <= bucket.burst:
        seconds = bucket.seconds_until(tokens)
        message = f"wait {seconds:.3f} seconds"
    else:
        seconds = bucket.seconds_until(bucket.burst)
        message = f"{tokens + 1} at once can never pass: send fewer"
    raise Refused(
        ErrorCode.RATE_LIMIT_EXCEEDED,
        f"The limit is {bucket.burst} in {bucket.window_seconds:g} seconds; {message}",
        {
            "limit": bucket.burst,
            "window_seconds": bucket.window_seconds,
            "retry_after_seconds": math.ceil(seconds * 1000) / 1000,
        },
        ((b"retry-after", b"%d" % whole_seconds(seconds)),),
    )


_JSON: Final = b"application/json"
_UTF_8: Final = frozenset({b"", b"charset=utf-8", b'charset="utf-8"'})


def _unsupported(header: str, value: bytes, message: str) -> Refused:
    shown = echo(value.decode("latin-1"))
    return Refused(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message, {"header": header, "value": shown})
