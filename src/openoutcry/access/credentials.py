"""Who asks: keys and codes as they come in a request, compared without telling where they differ."""

import hmac

from openoutcry.access.keys import hash_key
from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode


def is_organiser(key: bytes, admin_key_hash: bytes) -> bool:
    """Whether `key` is the organiser's."""
    return hmac.compare_digest(hash_key(key), admin_key_hash)


def same_secret(given: str, expected: str) -> bool:
    """Whether both are equal, in a time that does not depend on their content."""
    return hmac.compare_digest(given.encode(), expected.encode())


def unauthenticated(message: str) -> Refused:
    return Refused(ErrorCode.UNAUTHENTICATED, message)
