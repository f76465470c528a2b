"""A request to the exchange as a value, with the one fact a retry depends on: what repeating it would do."""

import itertools
import math
import os
import secrets
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Any, Final, TypedDict
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct, field

from openoutcry.client.misuse import id_text
from openoutcry.domain.orders import SideName, TimeInForce
from openoutcry.protocol.requests import MAX_REQUEST_ID, OrderRequest, OrderTypeName, QuoteRequest

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


class Repeat(Enum):
    """What sending a request again does when the first sending may have been carried out."""

    CHANGES_NOTHING = auto()
    """A query, or a command with the same effect once or twice."""
    ANSWERED_BY_ID = auto()
    """Orders with a `client_order_id`: the exchange answers with the first order and submits nothing."""
    CANCEL_FAILS = auto()
    """The order is gone already; looking it up tells why."""
    MAY_ACT_TWICE = auto()
    """Never sent again: an amend or a quote would restore a quantity filled meanwhile, a registration loses its key."""


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


class Call(Struct, frozen=True, kw_only=True):
    method: str
    path: str
    request_id: str | None = field(default_factory=new_request_id)
    """By which its answer is known; None where it cannot be: see `request_id_for`."""
    body: bytes | None = None
    repeat: Repeat = Repeat.CHANGES_NOTHING
    orders: tuple[Terms, ...] = ()
    """Orders that this call submits, each with its `client_order_id`."""
    lookup: str | None = None
    """Path of the query that shows the order in question."""

    rotates_key: bool = False
    reads_all_pages: bool = False
    """Whether the answer is the first page of several, and all of them are wanted."""
    waits_for_rate_limit: bool = False
    """Whether a limit of the rate is waited out, whatever the client's policy: for what no bot has asked."""

    @property
    def headers(self) -> dict[str, str]:
        """What the request says of itself. An order's id is in the body: its head is always the same, and read once."""
        headers = {} if self.body is None else {"Content-Type": "application/json"}
        is_one_order = self.path == "/orders" and self.body is not None
        if self.request_id is not None and not is_one_order:
            headers["X-Request-ID"] = self.request_id
        return headers

    @property
    def client_order_ids(self) -> tuple[str, ...]:
        return tuple(str(terms["client_order_id"]) for terms in self.orders)


def query(path: str, **parameters: object) -> Call:
    """A read of `path`; parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return Call(method="GET", path=f"{path}?{urlencode(given)}" if given else path)


def submission(terms: Terms) -> Call:
    """One order; `terms` must hold a `client_order_id`."""
    request_id = request_id_for(terms.get("request_id"))
    return Call(
        method="POST",
        path="/orders",
        request_id=request_id,
        body=encode_body(terms if request_id is None else {**terms, "request_id": request_id}),
        repeat=Repeat.ANSWERED_BY_ID,
        orders=(terms,),
        lookup=order_path(None, str(terms["client_order_id"])),
    )


def batch(orders: Iterable[Terms], request_id: str | None) -> Call:
    """Several orders, each with a `client_order_id`."""
    orders = tuple(orders)
    return Call(
        method="POST",
        path="/orders/batch",
        request_id=request_id_for(request_id),
        body=encode_body({"orders": orders, "request_id": request_id}),
        repeat=Repeat.ANSWERED_BY_ID,
        orders=orders,
    )


def cancellation(path: str) -> Call:
    """The cancel of the order at `path`."""
    return Call(method="DELETE", path=path, repeat=Repeat.CANCEL_FAILS, lookup=path)


def order_path(order_id: str | None, client_order_id: str | None) -> str:
    """The path of one order, by exactly one of its ids.

    Raises `TypeError`.
    """
    if order_id is not None and client_order_id is None:
        return f"/orders/{segment(order_id, 'order_id')}"
    if client_order_id is not None and order_id is None:
        return f"/orders/by-client-id/{segment(client_order_id, 'client_order_id')}"
    raise TypeError(
        "give either order_id or client_order_id, and not both. Where an order_id is None, its order was refused:"
        " look at the answer's `success` first"
    )


def segment(text: str, name: str = "instrument_id") -> str:
    """An id as one segment of a path.

    Raises `TypeError`; `ValueError` for an empty one, which would name another route.
    """
    return quote(id_text(name, text), safe="")


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
