"""A bot on the real client that continues to trade when the server dies, and notes what it is told.

The client itself reconnects, resumes, and asks again after a lost answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import Random
from typing import Any, Final, Literal, get_args

from msgspec import UNSET

from openoutcry.client import (
    AsyncClient,
    Disconnected,
    Event,
    NotConnectedError,
    OutcomeUnknown,
    Response,
    RetryPolicy,
    StreamReset,
    TransportError,
)
from openoutcry.client.http.delivery import ANSWERED_BEFORE_THE_ID
from openoutcry.client.http.terms import Terms
from openoutcry.protocol.stream import PrivateMessage, Welcome
from proofs.bot import Bot
from proofs.server_process import POLL_SECONDS, until
from proofs.torture.diary import (
    Deed,
    Diary,
    OrderTold,
    Passage,
    StateTold,
    deed_told,
    item_told,
    microseconds_of,
    order_told,
    welcome_told,
)

Source = Literal["positions", "orders", "fills"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
HANDS: Final = 2
"""Requests of one bot that are under way at once."""
FILLS_PAGE: Final = 1_000
PATIENT: Final = RetryPolicy(attempts=1_000)
"""Of a bot whose client never gives up. The others ask anew what the client could not find out."""


class TorturedBot(Bot):
    """`writes_down`: it names each order, and remembers it before it is sent, as a bot must whose process may `die`."""

    def __init__(
        self,
        url: str,
        name: str,
        role: str,
        instrument_ids: tuple[str, ...],
        chance: Random,
        *,
        retry: RetryPolicy | None = None,
        grace_seconds: int | None = None,
        writes_down: bool = False,
    ) -> None:
        super().__init__(name, instrument_ids, chance, grace_seconds=grace_seconds)
        self.diary = Diary(name, grace_seconds)
        self._url = url
        self._role = role
        self._retry = retry
        self._writes_down = writes_down
        self._names = 0
        self._unsettled: dict[str, Terms] = {}
        """Named orders whose outcome it does not know."""
        self._acts: dict[Callable[[], Awaitable[None]], int] = {
            self._submit_one: 50,
            self._submit_several: 4,
            self._cancel: 14,
            self._cancel_by_client_id: 3,
            self._amend: 8,
            self._cancel_everything: 2,
            self._quote: 8 if role == "market_maker" else 0,
            self._ask: 8,
        }

    async def join(self) -> None:
        """Register and open the stream."""
        self._client = await AsyncClient.register(self._url, self.diary.name, role=self._role, retry=self._retry)
        self._client.on_message(self._hear)
        welcome = await self._client.connect()
        self.diary.team_id = str(welcome.team_id)
        await self._guard()

    def die(self) -> bool:
        died = super().die()
        self.diary.deaths += died
        return died

    async def come_to_rest(self) -> None:
        """Stop trading. Once all teams have, no further event comes."""
        if self._grace_seconds is not None:
            # Guarded anew first: that calls off what the loss of an earlier connection has set going.
            await until(lambda: self._is_connected, f"{self.diary.name} is connected")
            await self._guard()
            await self.client.cancel_on_disconnect(enabled=False)

    async def conclude(self) -> None:
        """When all are at rest: wait for the last event, then query the team's state."""
        client, diary = self.client, self.diary
        last_seq = self._data(await client.get_positions())["as_of_seq"]
        await until(lambda: client.last_seq == last_seq, f"{diary.name} hears its event {last_seq}")
        for source in SOURCES:
            diary.last[source] = await self._ask_for(source)
        diary.account = self._data(await client.get_account())["account"]
        before = None
        while page := self._data(await client.get_closed_orders(limit=FILLS_PAGE, before=before))["orders"]:
            diary.closed_orders += page
            before = page[-1]["order_id"]

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    # ---- what it hears

    def _hear(self, event: Event) -> None:
        diary = self.diary
        match event:
            case StreamReset(welcome=welcome):
                diary.passages.append(Passage((welcome.next_seq or 1) - 1, welcome.epoch))
            case Welcome():
                if not diary.passages:
                    diary.passages.append(Passage((event.next_seq or 1) - 1, event.epoch))
                self._is_connected = True
                diary.epochs.append(event.epoch)
                diary.states.append(welcome_told(event))
            case Disconnected():
                self._is_connected = False
                diary.disconnects += 1
            case _ if isinstance(event, PrivateMessage):
                diary.passages[-1].events.append(event)
            case _:
                pass

    # ---- what it does

    async def _live(self) -> None:
        if self._processes > 1:
            await self._come_back()
        async with asyncio.TaskGroup() as hands:
            for _ in range(HANDS):
                hands.create_task(self._work())

    async def _come_back(self) -> None:
        passage, api_key = self.diary.passages[-1], self.client.api_key
        await self.client.close()
        self._is_connected = False
        self._client = AsyncClient(self._url, api_key, retry=self._retry)
        self._client.on_message(self._hear)
        while not self._is_connected:
            with suppress(NotConnectedError):
                await self._client.connect(after_seq=passage.after_seq + len(passage.events))
            await asyncio.sleep(POLL_SECONDS)
        await self._guard()
        for terms in list(self._unsettled.values()):
            await self._submit(terms, asked_before=True)

    async def _work(self) -> None:
        while self._is_trading:
            try:
                await self._act(self._acts)
            except (TransportError, OutcomeUnknown):
                self.diary.gave_up += 1

    async def _submit_one(self) -> None:
        await self._submit(self._new_order())

    async def _submit_several(self) -> None:
        orders = [self._new_order(named=True) for _ in range(self._chance.randint(2, 6))]
        try:
            response = await self.client.submit_orders(orders)
        except NotConnectedError:
            self.diary.gave_up += 1
            for terms in orders:
                self._never_sent(terms)
        except OutcomeUnknown:
            for terms in orders:
                await self._submit(terms, asked_before=True)
        else:
            results = self._data(response)["results"]
            for item in zip(orders, results, strict=True):
                self._settle(item_told(*item))
            self.diary.resolved += len(orders) if response.attempts > 1 else 0

    async def _submit(self, terms: Terms, *, asked_before: bool = False) -> None:
        """Send an order until its outcome is known. The same terms under the same id act only once."""
        diary = self.diary
        while True:
            try:
                response = await self.client.submit_order(terms)
            except NotConnectedError:
                diary.gave_up += 1
                if not asked_before:
                    self._never_sent(terms)
                    return
            except OutcomeUnknown as unknown:
                terms["client_order_id"] = unknown.client_order_id
                diary.gave_up += 1
                asked_before = True
            else:
                terms["client_order_id"] = response.client_order_id
                # Such a refusal says nothing of what was sent under this id before.
                if not (asked_before and response.error and response.error.code in ANSWERED_BEFORE_THE_ID):
                    self._settle(order_told(terms, response))
                    diary.resolved += asked_before or response.attempts > 1
                    return

    async def _cancel(self) -> None:
        order_id = self._some_order_id()
        self._note_deed("cancel", order_id, await self.client.cancel_order(order_id))

    async def _cancel_by_client_id(self) -> None:
        orders = self.diary.orders
        if orders:
            told = self._chance.choice(orders[-20:])
            response = await self.client.cancel_order(client_order_id=told.client_order_id)
            self._note_deed("cancel", told.order_id, response)

    async def _amend(self) -> None:
        order_id = self._some_order_id()
        quantity = self._chance.choice((UNSET, self._chance.randint(1, 6)))
        price = self._price() if quantity is UNSET else self._chance.choice((UNSET, self._price()))
        response = await self.client.amend_order(order_id, quantity=quantity, price=price)
        self._note_deed("amend", order_id, response)

    async def _cancel_everything(self) -> None:
        self._note_deed("mass_cancel", None, await self.client.mass_cancel())

    async def _quote(self) -> None:
        self._note_deed("quotes", None, await self.client.replace_quotes(self._quotes()))

    async def _ask(self) -> None:
        self.diary.states.append(await self._ask_for(self._chance.choice(SOURCES)))

    async def _ask_for(self, source: Source) -> StateTold:
        client = self.client
        match source:
            case "positions":
                response = await client.get_positions()
            case "orders":
                response = await client.get_open_orders()
            case _:
                response = await client.get_fills(limit=FILLS_PAGE)
        data = self._data(response)
        return StateTold(
            source=f"GET /{source}",
            as_of_seq=data["as_of_seq"],
            time=microseconds_of(response.timestamp),
            positions=data.get("positions"),
            open_orders=data.get("orders"),
            fills=data.get("fills"),
            fills_asked=FILLS_PAGE,
        )

    def _new_order(self, *, named: bool = False) -> Terms:
        """One order. Unless `named`, half of them have no client order id, so that the client makes one."""
        terms = self._order()
        if named or self._writes_down or self._chance.random() < 0.5:
            self._names += 1
            name = terms["client_order_id"] = f"{self.name}.{self._names}"
            self._unsettled[name] = terms
        return terms

    # ---- what it was told

    def _settle(self, told: OrderTold) -> None:
        self.diary.orders.append(told)
        self._unsettled.pop(told.client_order_id, None)

    def _never_sent(self, terms: Terms) -> None:
        name = terms.get("client_order_id")
        if name is not None:
            self.diary.never_sent.append(name)
            del self._unsettled[name]

    def _note_deed(self, deed: Deed, order_id: str | None, response: Response) -> None:
        self.diary.deeds.append(deed_told(deed, order_id, response))

    def _data(self, response: Response) -> dict[str, Any]:
        if response.data is None:
            raise AssertionError(f"{self.diary.name} asked, and was told {response.error}")
        return response.data
