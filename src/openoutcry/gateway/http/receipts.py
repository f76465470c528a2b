"""What HTTP knows of a request beside its body: the caller, headers, time of arrival, and id."""

import random
from collections.abc import Mapping
from typing import Final

import msgspec

from openoutcry.access.caller import NO_TEAM, Caller
from openoutcry.access.refusals import malformed
from openoutcry.domain.types import TimestampUs
from openoutcry.protocol.requests import MAX_NAME, Name

MAX_REQUEST_ID: Final = 128
"""Most bytes of an `X-Request-ID`. A longer one is not used; the server makes its own."""


class Receipt(Caller):
    """Made when a request arrives; filled in by the gate and by decoding."""

    __slots__ = ("_request_id", "headers", "received_at")

    def __init__(self, headers: Mapping[bytes, bytes], received_at: TimestampUs) -> None:
        # No call of `Caller.__init__`: every order would pay for it.
        self.team_id = NO_TEAM
        self.bucket = None
        self.headers = headers
        """Headers by name in lower case; if a name is given twice, its last value."""
        self.received_at = received_at
        self._request_id: str | None = None

    @property
    def request_id(self) -> str:
        """The id in the body once it was read, else the header's, else one made here."""
        if self._request_id is None:
            # A name, not a secret: the system's random source would cost a system call for every order.
            given = self.headers.get(b"x-request-id")
            self._request_id = (given and _read_id(given)) or "req_" + hex(1 << 64 | random.getrandbits(64))[3:]
        return self._request_id

    @property
    def admin_name(self) -> str | None:
        """The header `X-Admin-Name`. Raises `Refused` (400) for one that is not a name."""
        given = self.headers.get(b"x-admin-name")
        if given is None:
            return None
        try:
            name: str = msgspec.convert(_text(given), Name)
        except msgspec.ValidationError:
            raise malformed(
                "X-Admin-Name",
                f"X-Admin-Name must be 1 to {MAX_NAME} visible characters, with single spaces between words",
            ) from None
        return name

    def name_request(self, request_id: str | None) -> None:
        """The body names the request; None where it does not."""
        if request_id is not None:
            self._request_id = request_id


def _read_id(given: bytes) -> str | None:
    return None if len(given) > MAX_REQUEST_ID else _text(given)


def _text(given: bytes) -> str:
    try:
        return given.decode("utf-8")
    except UnicodeDecodeError:
        return given.decode("latin-1")
