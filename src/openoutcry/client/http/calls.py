"""A request to the exchange as a value. It says what a repetition would do, which decides about retries."""

from collections.abc import Iterable
from enum import Enum, auto
from urllib.parse import quote, urlencode

from msgspec import Struct
from msgspec.structs import replace

from openoutcry.client.http.request_ids import TO_BE_MADE, new_request_id, request_id_for
from openoutcry.client.http.terms import Terms, encode_body
from openoutcry.client.misuse import id_text
from openoutcry.client.settings import Entropy


class Repeat(Enum):
    """What a second sending does if the first may have been carried out."""

    CHANGES_NOTHING = auto()
    """It is a query, or a command whose effect is the same once or twice."""
    ANSWERED_BY_ID = auto()
    """Each order has a `client_order_id`. The exchange answers with the first order and submits nothing."""
    CANCEL_FAILS = auto()
    """The cancel is refused because the order is gone. A query for the order shows why."""
    MAY_ACT_TWICE = auto()
    """It is sent once. A second amend or quote would restore a filled quantity; a second registration would fail."""


class Call(Struct, frozen=True, kw_only=True):
    method: str
    path: str
    request_id: str | None = TO_BE_MADE
    """The id that the answer repeats. None if the answer cannot be recognised by it: see `request_id_for`.

    `TO_BE_MADE` until the call is delivered.
    """
    body: bytes | None = None
    repeat: Repeat = Repeat.CHANGES_NOTHING
    orders: tuple[Terms, ...] = ()
    """The orders that this call submits, each with its `client_order_id`."""
    lookup: str | None = None
    """The path of the query that shows the order, if the call concerns a single one."""

    rotates_key: bool = False
    reads_all_pages: bool = False
    """Whether the client asks for all pages, of which the answer is the first."""
    waits_for_rate_limit: bool = False
    """Whether to wait out a rate limit whatever the policy says. Set for requests that the client makes by itself."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the request. A single order has its id in the body, so that its headers never change."""
        headers = {} if self.body is None else {"Content-Type": "application/json"}
        is_one_order = self.path == "/orders" and self.body is not None
        if self.request_id is not None and not is_one_order:
            headers["X-Request-ID"] = self.request_id
        return headers

    def with_id(self, entropy: Entropy) -> "Call":
        """The call with the id that all its attempts carry."""
        return replace(self, request_id=new_request_id(entropy)) if self.request_id == TO_BE_MADE else self

    @property
    def client_order_ids(self) -> tuple[str, ...]:
        return tuple(str(terms["client_order_id"]) for terms in self.orders)


def query(path: str, **parameters: object) -> Call:
    """A query for `path`. Parameters that are None are left out."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return Call(method="GET", path=f"{path}?{urlencode(given)}" if given else path)


def submission(terms: Terms, entropy: Entropy) -> Call:
    """The submission of one order. `terms` must hold a `client_order_id`. The id of the request is in the body."""
    request_id = request_id_for(terms.get("request_id"))
    if request_id == TO_BE_MADE:
        request_id = new_request_id(entropy)
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
    """The submission of several orders, each with a `client_order_id`."""
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
    """The path of one order, by one of its ids.

    Raises `TypeError` unless exactly one id is given.
    """
    if order_id is not None and client_order_id is None:
        return f"/orders/{segment(order_id, 'order_id')}"
    if client_order_id is not None and order_id is None:
        return f"/orders/by-client-id/{segment(client_order_id, 'client_order_id')}"
    raise TypeError(
        "give either order_id or client_order_id, and not both. The order_id of a refused order is None:"
        " look at the answer's `success` first"
    )


def segment(text: str, name: str = "instrument_id") -> str:
    """An id as one segment of a path.

    Raises `TypeError` if it is not a string, `ValueError` if it is empty: the path would be that of another route.
    """
    return quote(id_text(name, text), safe="")
