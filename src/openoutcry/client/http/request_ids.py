"""Ids that the client makes: for requests, and for orders without a `client_order_id`."""

import itertools
import os
from typing import Any, Final

from openoutcry.client.settings import Entropy
from openoutcry.protocol.requests import MAX_REQUEST_ID

TO_BE_MADE: Final = ""
"""In place of the id of a request that gets one when it is delivered."""


class ClientOrderIds:
    """Ids for orders of one client: a prefix that is random in each client and process, and a count."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._begin()

    def next(self) -> str:
        if self._process != os.getpid():  # forked: the parent goes on with the same prefix
            self._begin()
        return f"{self._prefix}-{next(self._numbers)}"

    def _begin(self) -> None:
        self._process = os.getpid()
        self._prefix = self._entropy(6).hex()
        self._numbers = itertools.count(1)


def new_request_id(entropy: Entropy) -> str:
    """A random id that no other request has, in any process."""
    return entropy(8).hex()


def request_id_for(given: Any) -> str | None:
    """The id of a request: `given` by the bot, else `TO_BE_MADE`.

    None if `given` is not an id that the exchange accepts, so that no answer can be recognised by it.
    """
    if given is None:
        return TO_BE_MADE
    if not isinstance(given, str) or not 0 < len(given) <= MAX_REQUEST_ID:
        return None
    is_for_a_header = given.isascii() and given.isprintable() and given == given.strip()
    return given if is_for_a_header else None
