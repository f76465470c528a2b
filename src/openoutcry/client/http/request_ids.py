"""Ids that the client makes: for requests, and for orders without a `client_order_id`."""

import itertools
import os
import secrets
from typing import Any

from openoutcry.protocol.requests import MAX_REQUEST_ID


class ClientOrderIds:
    """Ids for orders of one client: a prefix that is random in each client and process, and a count."""

    def __init__(self) -> None:
        self._begin()

    def next(self) -> str:
        if self._process != os.getpid():  # forked: the parent goes on with the same prefix
            self._begin()
        return f"{self._prefix}-{next(self._numbers)}"

    def _begin(self) -> None:
        self._process = os.getpid()
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)


def new_request_id() -> str:
    """A random id that no other request has, in any process."""
    return secrets.token_hex(8)


def request_id_for(given: Any) -> str | None:
    """The id of a request: `given` by the bot, or a new one.

    None if `given` is not an id that the exchange accepts, so that no answer can be recognised by it.
    """
    if given is None:
        return new_request_id()
    if not isinstance(given, str) or not 0 < len(given) <= MAX_REQUEST_ID:
        return None
    is_for_a_header = given.isascii() and given.isprintable() and given == given.strip()
    return given if is_for_a_header else None
