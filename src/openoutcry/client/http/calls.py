"""A request to the exchange as a value, with the one fact a retry depends on: what repeating it would do."""

from collections.abc import Iterable
from enum import Enum, auto
from urllib.parse import quote, urlencode

from msgspec import Struct, field

from openoutcry.client.http.request_ids import new_request_id, request_id_for
from openoutcry.client.http.terms import Terms, encode_body
from openoutcry.client.misuse import id_text


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
