"""Who asks: keys and codes as they come in a request, compared without telling where they differ."""

import hmac

from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.refusals import Refused
from openoutcry.runtime.keys import hash_key


def check_organiser(key: bytes | None, admin_key_hash: bytes) -> None:
    """Raises `Refused` (401) unless `key` is the organiser's."""
    if key is None:
        raise unauthenticated("This route is the organiser's: send the organiser's key in the header X-Admin-Key")
    if not hmac.compare_digest(hash_key(key), admin_key_hash):
        raise unauthenticated("The key in X-Admin-Key is not the organiser's")


def same_secret(given: str, expected: str) -> bool:
    """Whether both are equal, in a time that depends on neither."""
    return hmac.compare_digest(given.encode(), expected.encode())


def unauthenticated(message: str) -> Refused:
    return Refused(ErrorCode.UNAUTHENTICATED, message)
