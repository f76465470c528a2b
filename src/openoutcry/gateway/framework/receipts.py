"""Where a request's receipt is kept while Litestar handles it."""

from collections.abc import MutableMapping
from typing import Any, Final

from openoutcry.gateway.receipts import Receipt
from openoutcry.runtime.clock import Clock

_KEY: Final = "openoutcry.receipt"


def start_receipt(scope: MutableMapping[str, Any], clock: Clock) -> Receipt:
    """The receipt of the request in `scope`, made at the first call."""
    state = scope["state"]
    if _KEY not in state:
        state[_KEY] = Receipt(scope["headers"], clock.now())
    return receipt_of(scope)


def receipt_of(scope: MutableMapping[str, Any]) -> Receipt:
    receipt = scope["state"][_KEY]
    assert isinstance(receipt, Receipt), "every request has its receipt"  # noqa: S101
    return receipt
