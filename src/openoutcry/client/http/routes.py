"""Every route of the exchange as a method, for the synchronous and the asynchronous client.

Each method returns the answer (`Client`) or an awaitable of it (`AsyncClient`). A refusal is an answer whose `success`
is False. The methods raise `TransportError`, `OutcomeUnknown`, and `TypeError` or `ValueError` for wrong arguments.
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
from openoutcry.client.settings import Entropy
from openoutcry.domain.orders import SideName

R = TypeVar("R")

NONCE_BYTES: Final = 16

_ORDER: Final = 'instrument_id="SPY", side="buy", quantity=1, price=450.0'


class Routes(ABC, Generic[R]):
    """The REST lane. `R`: what a method returns, a `Response` or an awaitable of one."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._client_order_ids = ClientOrderIds(entropy)

    @property
    @abstractmethod
    def team_id(self) -> str | None:
        """The client's team. None if it is not known."""

    # ---- orders ----------------------------------------------------------------------------------------------

    def submit_order(self, order: OrderLike | None = None, /, *misplaced: Never, **terms: Unpack[OrderTerms]) -> R:
        """Submit one order, as a mapping, an `OrderRequest` or keyword arguments.

        A limit order has a `price`; a market order has `order_type="market"`. Raises `ValueError` for an order with
        neither. The answer is the validator's verdict; fills arrive as events. The client adds a `client_order_id` if
        there is none, so that the order can be sent again safely after a lost answer.
        """
        by_name_only("submit_order", misplaced, f"submit_order({_ORDER})")
        return self._perform(submission(self._named(order_terms(order, terms)), self._entropy))

    def submit_orders(self, orders: Iterable[OrderLike], *, request_id: str | None = None) -> R:
        """Submit up to 50 orders, one after the other. One may be refused and the others accepted.

        `data["results"]` holds an answer for each order, in the same order.
        """
        return self._perform(
            batch([self._named(order_terms(order, {})) for order in several("submit_orders", orders)], request_id)
        )

    def validate_order(self, order: OrderLike | None = None, /, *misplaced: Never, **terms: Unpack[OrderTerms]) -> R:
        """Validate an order without submitting it. The answer is the verdict that it would get."""
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
        """Change an open order. `quantity` is the new total, filled part included. The `order_id` stays the same.

        What is not given stays as it is. Raises `ValueError` for None. `data["kept_priority"]` says whether the order
        kept its place in the queue.
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
        """Cancel all of the team's orders, or only those in one instrument or on one side.

        `data["cancelled"]` lists them. If the request was sent again after a lost answer, it lists those that were
        still open at that time.
        """
        by_name_only("mass_cancel", misplaced, 'mass_cancel(instrument_id="SPY") or mass_cancel(side="buy")')
        read = query("/orders", instrument_id=instrument_id, side=side)
        return self._perform(msgspec.structs.replace(read, method="DELETE"))

    def cancel_after(self, seconds: int, *, request_id: str | None = None) -> R:
        """Set the dead-man timer: all orders are cancelled after `seconds`, unless it is set again. 0 switches it off.

        `data["cancel_at"]` is the time at which they are cancelled, or None.
        """
        body = encode_body({"seconds": seconds, "request_id": request_id})
        path = "/orders/cancel-after"
        return self._perform(Call(method="POST", path=path, request_id=request_id_for(request_id), body=body))

    def replace_quotes(self, quotes: Iterable[QuoteLike], *, request_id: str | None = None) -> R:
        """Replace the team's two-sided quotes in up to 50 instruments. Market makers only.

        `data["results"]` holds an answer for each quote. A side without price and quantity is withdrawn.
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

    def protect_quotes(
        self,
        group: str | None = None,
        *misplaced: Never,
        quantity: int | None = None,
        delta: float | None = None,
        vega: float | None = None,
        move: float | None = None,
        interval_seconds: int | None = None,
        frozen_seconds: int | None = None,
        request_id: str | None = None,
    ) -> R:
        """Protect quotes in the options on one underlying, or on all, by these limits in place of those before.

        Once fills of quotes within `interval_seconds` meet a limit, the exchange cancels the group's quotes and refuses
        new ones for `frozen_seconds`, or until `reset_quote_protection`. `move` pulls a quote whose theoretical value
        has moved by more than this share of half its spread. With no limit and no `move`, protection is off.
        `data["groups"]` says how each group stands.
        """
        by_name_only("protect_quotes", misplaced, 'protect_quotes("SPX", quantity=50, interval_seconds=5)')
        given = {
            "quantity": quantity,
            "delta": delta,
            "vega": vega,
            "move": move,
            "interval_seconds": interval_seconds,
            "frozen_seconds": frozen_seconds,
        }
        body = {"group": group, **finite(given), "request_id": request_id}
        path = "/quotes/protection"
        return self._perform(
            Call(method="PUT", path=path, request_id=request_id_for(request_id), body=encode_body(body))
        )

    def get_quote_protection(self) -> R:
        """How quotes are protected, what is counted and what is frozen, in `data["groups"]`."""
        return self._perform(query("/quotes/protection"))

    def reset_quote_protection(self, group: str | None = None, *, request_id: str | None = None) -> R:
        """End the freeze of quotes in a group, or in all, and set the counters to 0."""
        body = encode_body({"group": group, "request_id": request_id})
        path = "/quotes/protection/reset"
        return self._perform(Call(method="POST", path=path, request_id=request_id_for(request_id), body=body))

    # ---- orders, positions, account --------------------------------------------------------------------------

    def get_open_orders(self, *, limit: int | None = None, after: str | None = None) -> R:
        """The team's open orders in `data["orders"]`, oldest first, from the one that follows the `order_id` `after`.

        A page of the exchange has at most 1,000. The client asks for all pages. With a `limit` it asks for one page,
        and `data["omitted"]` counts the orders that follow. `data["as_of_seq"]` is the last private event before the
        first page. The events after it show what changed while further pages were read.
        """
        return self._perform(replace(query("/orders", limit=limit, after=after), reads_all_pages=limit is None))

    def get_closed_orders(self, *, limit: int | None = None, before: str | None = None) -> R:
        """Filled and cancelled orders in `data["orders"]`, newest first. Pages go on `before` an `order_id`.

        The exchange keeps the newest orders. `data["forgotten"]` counts the older ones that it has dropped.
        """
        return self._perform(query("/orders", status="closed", limit=limit, before=before))

    def get_order(self, order_id: str | None = None, *, client_order_id: str | None = None) -> R:
        """One order in `data["order"]` and its fills in `data["fills"]`. Shows whether an order was accepted.

        The order is open, or closed and one of those that the exchange keeps.
        """
        return self._perform(query(order_path(order_id, client_order_id)))

    def get_positions(self) -> R:
        """The net position in each instrument that the team has traded, in `data["positions"]`."""
        return self._perform(query("/positions"))

    def get_account(self) -> R:
        """Cash, profit and loss, equity, use of limits, role, duties and sanctions, in `data["account"]`."""
        return self._perform(query("/account"))

    def get_score(self) -> R:
        """The team's score in the session, its components and inputs, as of the leaderboard's instant; in `data`."""
        return self._perform(query("/account/score"))

    def get_pnl(self, instrument_id: str | None = None) -> R:
        """Where the team's P&L of the session comes from: in `data["total"]`, `data["instruments"]` and
        `data["hours"]`; with `instrument_id`, that instrument's alone.
        """
        return self._perform(query("/account/pnl", instrument_id=instrument_id))

    def get_fills(self, *, after: str | None = None, limit: int | None = None) -> R:
        """The team's fills in `data["fills"]`, oldest first. Pages go on `after` a `trade_id`."""
        return self._perform(query("/fills", after=after, limit=limit))

    # ---- the market ------------------------------------------------------------------------------------------

    def get_greeks(self) -> R:
        """Theoretical value, implied volatility and Greeks of every option, in `data["greeks"]` by instrument."""
        return self._perform(query("/greeks"))

    def get_underlying_prices(self, symbol: str, *, after: str | None = None, limit: int = 1_000) -> R:
        """The price of an underlying at each market second after `after`, a `market_time`; in `data["prices"]`."""
        return self._perform(query(f"/underlyings/{segment(symbol)}", after=after, limit=limit))

    def get_instruments(self) -> R:
        """Reference data of all instruments, in `data["instruments"]`."""
        return self._perform(query("/instruments"))

    def get_instrument(self, instrument_id: str) -> R:
        """Reference data of one instrument, as the only one in `data["instruments"]`."""
        return self._perform(query(f"/instruments/{segment(instrument_id)}"))

    def get_order_book(self, instrument_id: str, *misplaced: Never, depth: int | None = None) -> R:
        """Price levels in `data["bids"]` and `data["asks"]`, best first: `depth` of them, or 5."""
        by_name_only("get_order_book", misplaced, 'get_order_book("SPY", depth=5)')
        return self._perform(query(f"/orderbook/{segment(instrument_id)}", depth=depth))

    def get_trades(self, instrument_id: str) -> R:
        """Recent trades in `data["trades"]`, oldest first."""
        return self._perform(query(f"/trades/{segment(instrument_id)}"))

    def get_market(self) -> R:
        """Phase, market time, halted instruments and prices of the underlyings, in `data`."""
        return self._perform(query("/market"))

    def get_news(self, *, after: str | None = None, limit: int | None = None) -> R:
        """Headlines in `data["news"]`, oldest first. Pages go on `after` a `news_id`."""
        return self._perform(query("/news", after=after, limit=limit))

    def get_leaderboard(self) -> R:
        """Every team's score, role by role, in `data["teams"]`, as of `data["as_of"]`."""
        return self._perform(query("/leaderboard"))

    def get_fairness(self) -> R:
        """In `data`, by which commitment, nonces and seed anybody can check that a session was left to chance."""
        return self._perform(query("/fairness"))

    def get_health(self) -> R:
        """Whether the exchange takes orders, its version and its uptime, in `data`."""
        return self._perform(query("/health"))

    # ---- teams -----------------------------------------------------------------------------------------------

    def register_team(
        self,
        team_name: str,
        *,
        role: str | None = None,
        join_code: str | None = None,
        owner: str | None = None,
        nonce: str | None = None,
    ) -> R:
        """Register a team. Its key is in `data["api_key"]` of this answer only. This client does not become the team.

        `register` returns a client of the new team. `owner` is for a person or group with several teams, which then do
        not trade with each other. The first team names its owner. A client with the key of one of the owner's teams
        registers each further one. `nonce` is the team's part in the seeds of sessions; a random one is made if none
        is given.
        """
        given = {
            "team_name": team_name,
            "role": role,
            "join_code": join_code,
            "owner": owner,
            "nonce": self._entropy(NONCE_BYTES).hex() if nonce is None else nonce,
        }
        body = encode_body({name: value for name, value in given.items() if value is not None})
        return self._perform(Call(method="POST", path="/teams", body=body, repeat=Repeat.MAY_ACT_TWICE))

    def get_team(self, team_id: str) -> R:
        """Public facts of a team, in `data["team"]`."""
        return self._perform(query(f"/teams/{segment(team_id, 'team_id')}"))

    def rotate_key(self) -> R:
        """Replace this team's key. The old key becomes invalid. This client and its event stream use the new one.

        The new key is in `data["api_key"]` of this answer only. Raises `ValueError` if `team_id` is not known.
        """
        if self.team_id is None:
            raise ValueError("team_id is not known yet: give it to the client, or connect() first")
        path = f"/teams/{segment(self.team_id, 'team_id')}/rotate-key"
        return self._perform(Call(method="POST", path=path, body=b"{}", repeat=Repeat.MAY_ACT_TWICE, rotates_key=True))

    # ---- how a call is carried out ---------------------------------------------------------------------------

    @abstractmethod
    def _perform(self, call: Call) -> R:
        """Carry out the steps of this call."""

    def _named(self, terms: Terms) -> Terms:
        if terms.get("client_order_id") is None:
            terms["client_order_id"] = self._client_order_ids.next()
        return terms
