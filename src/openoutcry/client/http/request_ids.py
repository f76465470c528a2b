"""The ids that name a request, and an order for which the bot gives none."""

import itertools
import os
import secrets
from typing import Any

from openoutcry.protocol.requests import MAX_REQUEST_ID


class ClientOrderIds:
    """Ids for orders that the bot gave none: random where clients could meet, counted within one and one process."""

    def __init__(self) -> None:
        self._begin()

    def next(self) -> str:
        if self._process != os.getpid():  # forked off: the other process counts on too
            self._begin()
        return f"{self._prefix}-{next(self._numbers)}"

    def _begin(self) -> None:
        self._process = os.getpid()
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)


def new_request_id() -> str:
    """An id that no other request has, in any process."""
    return secrets.token_hex(8)


def request_id_for(given: Any) -> str | None:
    """The id of a request for which the bot gave this one: its own, else a new one.

    None where no answer can be known by the id that was given, since the exchange would not take it.
    """
    if given is None:
        return new_request_id()
    if not isinstance(given, str) or not 0 < len(given) <= MAX_REQUEST_ID:
        return None
    is_for_a_header = given.isascii() and given.isprintable() and given == given.strip()
    return given if is_for_a_header else None
