"""The terms of orders and quotes: what a bot passes, and the body that is sent."""

import math
from collections.abc import Mapping
from typing import Any, Final, TypedDict

import msgspec

from openoutcry.domain.orders import SideName, TimeInForce
from openoutcry.protocol.requests import OrderRequest, OrderTypeName, QuoteRequest

Terms = dict[str, Any]
"""The body of an order or quote as it is sent."""


class OrderTerms(TypedDict, total=False):
    """The terms of an order as keyword arguments, with the meaning that they have in `OrderRequest`."""

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
    """The body of an order from a mapping or an `OrderRequest`, from keyword arguments, or from both.

    A keyword argument replaces a term of the same name. Raises `TypeError` for anything else, and `ValueError` for a
    limit order without a price or a number that JSON cannot represent. The exchange judges all other terms.
    """
    if order is None:
        merged = dict(terms)
    elif isinstance(order, OrderRequest):
        merged = {**msgspec.structs.asdict(order), **terms}
    elif isinstance(order, Mapping):
        merged = {**order, **terms}
    else:
        raise TypeError(
            f"an order must be a mapping or keyword arguments, and this is {order!r:.64}:"
            ' write submit_order(instrument_id="SPY", side="buy", quantity=1, price=450.0)'
        )
    if merged.get("price") is None and merged.get("order_type", "limit") == "limit":
        raise ValueError('the order has no price: give one, or order_type="market" to trade at any price')
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
    """The same terms. Raises `ValueError` for a number that JSON cannot represent, since it would be sent as null."""
    for name, value in terms.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"{name} is {value}: it must be a finite number")
    return terms


def _plain_number(value: Any) -> Any:
    """A number of numpy or a similar library as a number of Python."""
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

    Raises `TypeError` for a value that JSON cannot represent.
    """
    return _encoder.encode(body)
