"""The terms of orders and quotes, as a bot gives them and as they are sent."""

import math
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import msgspec

from openoutcry.domain.orders import SideName, TimeInForce
from openoutcry.protocol.requests import OrderRequest, OrderTypeName, QuoteRequest

Terms = dict[str, Any]
"""The body of an order or quote as it is sent."""


class OrderTerms(TypedDict, total=False):
    """Terms of an order as keyword arguments; the meaning of each is `OrderRequest`'s."""

    instrument_id: str
    side: SideName
    quantity: int
    price: float
    order_type: OrderTypeName
    time_in_force: TimeInForce
    post_only: bool
    client_order_id: str | None
    request_id: str | None


OrderLike = OrderRequest | Mapping[str, Any]
QuoteLike = QuoteRequest | Mapping[str, Any]


def order_terms(order: OrderLike | None, terms: Mapping[str, Any]) -> Terms:
    """The body of an order from a mapping or an `OrderRequest`, keyword arguments, or both (keywords win).

    The exchange is the judge of what stands in it, apart from a price that is missing or that JSON cannot carry.

    Raises `ValueError`.
    """
    if order is None:
        merged = dict(terms)
    elif isinstance(order, OrderRequest):
        merged = {**msgspec.structs.asdict(order), **terms}
    elif isinstance(order, Mapping):
        merged = {**order, **terms}
    else:
        raise TypeError(
            f"an order is given by names or as a mapping, and this is {order!r:.64}:"
            ' write submit_order(instrument_id="SPY", side="buy", quantity=1, price=450.0)'
        )
    if merged.get("price") is None and merged.get("order_type", "limit") == "limit":
        raise ValueError('the order has no price: give it one, or say order_type="market" to trade at any price')
    return finite(merged)


def quote_terms(quoted: QuoteLike) -> Terms:
    """The body of one quote.

    Raises `ValueError` for a quantity without its price.
    """
    terms = msgspec.structs.asdict(quoted) if isinstance(quoted, QuoteRequest) else dict(quoted)
    for side in ("bid", "ask"):
        if terms.get(f"{side}_quantity") and terms.get(f"{side}_price") is None:
            raise ValueError(
                f"{side}_quantity is {terms[f'{side}_quantity']}, but there is no {side}_price:"
                " give both, or neither for no quote on that side"
            )
    return finite(terms)


def finite(terms: Terms) -> Terms:
    """`terms`, none of which is a number that JSON does not know: it would arrive as null.

    Raises `ValueError`.
    """
    for name, value in terms.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{name} is {value}: it must be a finite number")
    return terms


def _plain_number(value: Any) -> Any:
    """A number of numpy and its kin as Python's own."""
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int):
        return int(value)
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{value!r} of type {type(value).__name__} cannot be sent as JSON")


_encoder: Final = msgspec.json.Encoder(enc_hook=_plain_number, decimal_format="number")


def encode_body(body: Mapping[str, Any]) -> bytes:
    """`body` as JSON.

    Raises `TypeError` for a value that has no place in JSON.
    """
    return _encoder.encode(body)
