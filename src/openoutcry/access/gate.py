"""What a request must pass before any work is done for it: its key, if it needs one, and a token of a bucket."""

import math

from openoutcry.access.caller import Caller
from openoutcry.access.credentials import is_organiser, unauthenticated
from openoutcry.access.rate_limits import Bucket, Buckets, Charge
from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode
from openoutcry.runtime.exchange import Exchange


class Gate:
    """Admits callers, or raises `Refused`. A `Caller` records the team of the request and the bucket that paid."""

    def __init__(self, exchange: Exchange, buckets: Buckets) -> None:
        self._exchange = exchange
        self._buckets = buckets

    def admit_anybody(self, caller: Caller, address: str) -> None:
        """Admit a request without a key, for one token of its address."""
        caller.bucket = bucket = self._buckets.of_address(address)
        take_token(bucket)

    def admit_team(self, caller: Caller, key_hash: bytes, charge: Charge) -> None:
        """Admit the team whose key has this SHA-256, for one token of its own bucket."""
        queries = self._exchange.sequencer.queries
        team_id = queries.team_of_key(key_hash)
        if team_id is None:
            raise unauthenticated(
                "The key in X-API-Key is not the key of a team; a key that was rotated is no longer valid"
            )
        caller.team_id = team_id
        caller.bucket = bucket = self._buckets.of_team(team_id, charge, queries.role_of)
        take_token(bucket)

    def admit_organiser(self, caller: Caller, key: bytes, address: str) -> None:
        """Admit the organiser without a token; a wrong key costs a token of the address's bucket for guesses."""
        caller.bucket = bucket = self._buckets.of_guesses(address)
        # Taken first: an address without tokens is not told whether its key is right; otherwise guesses would have no
        # limit.
        take_token(bucket)
        if not is_organiser(key, self._exchange.admin_key_hash):
            raise unauthenticated("The key in X-Admin-Key is not the organiser's")
        bucket.charge(-1)
        caller.bucket = None


def take_token(bucket: Bucket, tokens: int = 1) -> None:
    """Spend `tokens` of the bucket. Raises `Refused`, with the time to wait, if it has too few."""
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
        retry_after_seconds=seconds,
    )
