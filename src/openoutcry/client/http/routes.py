"""Every route of the exchange as a method, written once for the synchronous and the asynchronous client.

Each returns the exchange's answer (`Client`) or an awaitable of it (`AsyncClient`). A refusal is an answer with
`success` False. Raised are only `TransportError`, `OutcomeUnknown`, and `TypeError` or `ValueError` for misuse.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Final, Generic, Never, TypeVar, Unpack

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from openoutcry.client.http.calls import Call, Repeat, batch, cancellation, order_path, query, segment, submission
from openoutcry.client.http.request_ids import ClientOrderIds, request_id_for
from openoutcry.client.http.terms import (
    OrderLike,
    OrderTerms,
    QuoteLike,
    Terms,
    encode_body,
    finite,
    order_terms,
    quote_terms,
)
from openoutcry.client.misuse import by_name_only, id_text, several
from openoutcry.domain.orders import SideName

R = TypeVar("R")

_ORDER: Final = 'instrument_id="SPY", side="buy", quantity=1, price=450.0'


class Routes(ABC, Generic[R]):
    """The REST lane. `R`: what a method returns, a `Response` or an awaitable of one."""

    def __init__(self) -> None:
        super().__init__()
        self._client_order_ids = ClientOrderIds()

    @property
    @abstractmethod
    def team_id(self) -> str | None:
        """The client's team, where it is known."""

    # ---- orders ----------------------------------------------------------------------------------------------

    def submit_order(self, order: OrderLike | None = None, /, *misplaced: Never, **terms: Unpack[OrderTerms]) -> R:
        """Submit one order, as a mapping, an `OrderRequest` or keyword arguments.

        A limit order has a `price`; a market order says `order_type="market"`. An order with neither is not sent:
        `ValueError`. The answer is the validator's verdict; fills come as events. An order without a `client_order_id`
        is given one, so that after a lost answer it is safe to ask again.
        """
        by_name_only("submit_order", misplaced, f"submit_order({_ORDER})")
        return self._perform(submission(self._named(order_terms(order, terms))))

    def submit_orders(self, orders: Iterable[OrderLike], *, request_id: str | None = None) -> R:
        """Up to 50 orders, one after the other, not atomic. `data["results"]` holds an answer for each, in order."""
        return self._perform(
            batch([self._named(order_terms(order, {})) for order in several("submit_orders", orders)], request_id)
        )

    def validate_order(self, order: OrderLike | None = None, /, *misplaced: Never, **terms: Unpack[OrderTerms]) -> R:
        """The full validation of an order, without submitting it."""
        by_name_only("validate_order", misplaced, f"validate_order({_ORDER})")
        body = order_terms(order, terms)
        request_id = request_id_for(body.get("request_id"))
        path = "/orders/validate"
        return self._perform(Call(method="POST", path=path, request_id=request_id, body=encode_body(body)))

    def amend_order(
        self,
        order_id: str,
        *misplaced: Never,
        quantity: int | UnsetType = UNSET,
        price: float | UnsetType = UNSET,
        request_id: str | None = None,
    ) -> R:
        """Change an open order; `quantity` is the new total, filled part included. The `order_id` stays.

        What is not given stays as it is. None is no such thing: `ValueError`.

        `data["kept_priority"]` tells whether the order kept its place in the queue.
        """
        by_name_only("amend_order", misplaced, 'amend_order("ORD_1", quantity=5) or amend_order("ORD_1", price=450.0)')
        given = {"quantity": quantity, "price": price}
        body = finite({name: value for name, value in given.items() if value is not UNSET})
        for name, value in body.items():
            if value is None:
                raise ValueError(f"{name} is None: give a number, or leave {name} out to keep it as it is")
        body["request_id"] = request_id
        return self._perform(
            Call(
                method="PATCH",
                path=order_path(id_text("order_id", order_id), None),
                request_id=request_id_for(request_id),
                body=encode_body(body),
                repeat=Repeat.MAY_ACT_TWICE,
            )
        )

    def cancel_order(self, order_id: str | None = None, *, client_order_id: str | None = None) -> R:
        """Cancel one order, by either id."""
        return self._perform(cancellation(order_path(order_id, client_order_id)))

    def mass_cancel(self, *misplaced: Never, instrument_id: str | None = None, side: SideName | None = None) -> R:
        """Cancel all of the team's orders, or those in one instrument, or on one side.

        `data["cancelled"]` lists them. Sent again after a lost answer, it lists those that were still open then.
        """
        by_name_only("mass_cancel", misplaced, 'mass_cancel(instrument_id="SPY") or mass_cancel(side="buy")')
        read = query("/orders", instrument_id=instrument_id, side=side)
        return self._perform(msgspec.structs.replace(read, method="DELETE"))

    def cancel_after(self, seconds: int, *, request_id: str | None = None) -> R:
        """The dead-man timer: all orders are cancelled in `seconds`, unless this is called again; 0 switches it off.

        `data["cancel_at"]` tells when, or None.
        """
        body = encode_body({"seconds": seconds, "request_id": request_id})
        path = "/orders/cancel-after"
        return self._perform(Call(method="POST", path=path, request_id=request_id_for(request_id), body=body))

    def replace_quotes(self, quotes: Iterable[QuoteLike], *, request_id: str | None = None) -> R:
        """Replace the team's two-sided quotes in up to 50 instruments, each instrument at once (market makers).

        `data["results"]` holds what became of each. A side without price and quantity is withdrawn.
        """
        body = {
            "quotes": [quote_terms(quoted) for quoted in several("replace_quotes", quotes)],
            "request_id": request_id,
        }
        return self._perform(
            Call(
                method="PUT",
                path="/quotes",
                request_id=request_id_for(request_id),
                body=encode_body(body),
                repeat=Repeat.MAY_ACT_TWICE,
            )
        )

    # ---- what the team has -----------------------------------------------------------------------------------

    def get_open_orders(self, *, limit: int | None = None, after: str | None = None) -> R:
        """`data["orders"]`: the team's open orders, oldest first, all above `after`, an `order_id`.

        The exchange gives 1,000 at a time; the client asks for all pages. With a `limit` it asks for one page, and
        `data["omitted"]` is how many come after it. `data["as_of_seq"]` is where the private stream stood at the first
        page: events after it tell what changed while the others were read.
        """
        return self._perform(replace(query("/orders", limit=limit, after=after), reads_all_pages=limit is None))

    def get_closed_orders(self, *, limit: int | None = None, before: str | None = None) -> R:
        """`data["orders"]`: filled and cancelled orders, newest first; `before` an `order_id` pages on.

        The exchange keeps the newest; `data["forgotten"]` is how many older ones there were.
        """
        return self._perform(query("/orders", status="closed", limit=limit, before=before))

    def get_order(self, order_id: str | None = None, *, client_order_id: str | None = None) -> R:
        """`data["order"]`, open, or closed and kept, and `data["fills"]`: settles whether an order was placed."""
        return self._perform(query(order_path(order_id, client_order_id)))

    def get_positions(self) -> R:
        """`data["positions"]`: net position of every instrument ever traded."""
        return self._perform(query("/positions"))

    def get_account(self) -> R:
        """`data["account"]`: cash, profit and loss, fees, use of limits, role and permissions."""
        return self._perform(query("/account"))

    def get_fills(self, *, after: str | None = None, limit: int | None = None) -> R:
        """`data["fills"]`: the team's fills, oldest first; `after` a `trade_id` pages on."""
        return self._perform(query("/fills", after=after, limit=limit))

    # ---- the market ------------------------------------------------------------------------------------------

    def get_instruments(self) -> R:
        """`data["instruments"]`: reference data of everything that is traded."""
        return self._perform(query("/instruments"))

    def get_instrument(self, instrument_id: str) -> R:
        """`data["instruments"]`: reference data of this one."""
        return self._perform(query(f"/instruments/{segment(instrument_id)}"))

    def get_order_book(self, instrument_id: str, *misplaced: Never, depth: int | None = None) -> R:
        """`data["bids"]` and `data["asks"]`: quantities by price, best first; `depth` levels, 5 if not given."""
        by_name_only("get_order_book", misplaced, 'get_order_book("SPY", depth=5)')
        return self._perform(query(f"/orderbook/{segment(instrument_id)}", depth=depth))

    def get_trades(self, instrument_id: str) -> R:
        """`data["trades"]`: recent trades, oldest first."""
        return self._perform(query(f"/trades/{segment(instrument_id)}"))

    def get_market(self) -> R:
        """`data`: phase, market time, halted instruments, prices of the underlyings."""
        return self._perform(query("/market"))

    def get_health(self) -> R:
        """`data`: whether the exchange takes orders, its version and uptime."""
        return self._perform(query("/health"))

    # ---- teams -----------------------------------------------------------------------------------------------

    def register_team(
        self,
        team_name: str,
        *,
        role: str | None = None,
        join_code: str | None = None,
        owner: str | None = None,
    ) -> R:
        """Register a team; `data["api_key"]` is shown this once. This client goes on as it is: see `register`.

        `owner`: whose team it is, where one person or group has several; they do not trade with each other. The first
        team names its owner, each further one is registered by a client that has the key of one of them.
        """
        given = {"team_name": team_name, "role": role, "join_code": join_code, "owner": owner}
        body = encode_body({name: value for name, value in given.items() if value is not None})
        return self._perform(Call(method="POST", path="/teams", body=body, repeat=Repeat.MAY_ACT_TWICE))

    def get_team(self, team_id: str) -> R:
        """`data["team"]`: public facts of a team."""
        return self._perform(query(f"/teams/{segment(team_id, 'team_id')}"))

    def rotate_key(self) -> R:
        """Replace this team's key; the old one dies and this client, its event stream too, goes on with the new one.

        `data["api_key"]` is shown this once. Raises `ValueError` while `team_id` is not known.
        """
        if self.team_id is None:
            raise ValueError("team_id is not known yet: give it to the client, or connect() first")
        path = f"/teams/{segment(self.team_id, 'team_id')}/rotate-key"
        return self._perform(Call(method="POST", path=path, body=b"{}", repeat=Repeat.MAY_ACT_TWICE, rotates_key=True))

    # ---- how a call is carried out ---------------------------------------------------------------------------

    @abstractmethod
    def _perform(self, call: Call) -> R:
        """Carry the steps of this call out."""

    def _named(self, terms: Terms) -> Terms:
        if terms.get("client_order_id") is None:
            terms["client_order_id"] = self._client_order_ids.next()
        return terms
