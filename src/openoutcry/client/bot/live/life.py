"""One life of a bot on a live exchange: connected, told of everything in order, and ended with its orders cancelled."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from random import Random
from typing import Final

from msgspec.structs import replace

from openoutcry.client.asynchronous import AsyncClient
from openoutcry.client.bot.bot import Bot
from openoutcry.client.bot.handlers import ALWAYS
from openoutcry.client.bot.line import Standing
from openoutcry.client.bot.live.handlers_watched import HANDLER_SECONDS, handlers_watched
from openoutcry.client.bot.live.line import LiveLine
from openoutcry.client.bot.run import Run
from openoutcry.client.errors import OpenOutcryError, StreamRefusedError, SubscriptionRefusedError
from openoutcry.client.events import Event, StreamReset
from openoutcry.client.settings import Entropy
from openoutcry.client.stream.iterators import Events
from openoutcry.protocol.responses import InstrumentsData, MarketData, OrderInfo, OrdersData
from openoutcry.protocol.stream import SessionStatus, Welcome

GRACE_SECONDS: Final = 10
"""After which the exchange cancels the orders of a bot whose connection is lost, unless it is back by then."""
SETTLE_SECONDS: Final = 2.0
"""How long is waited for the stream to tell that the last orders are cancelled."""
SLICE_SECONDS: Final = 0.01
"""How long messages that wait are handled at a stretch, before answers have their turn."""

_log = logging.getLogger("openoutcry.client")


class Life:
    """To be made in the event loop in which it is lived, with a client that the caller closes."""

    def __init__(
        self, bot: Bot, client: AsyncClient, rng: Random, log: logging.Logger, entropy: Entropy = secrets.token_bytes
    ) -> None:
        self._client = client
        self._stopping = asyncio.Event()
        self._line = LiveLine(client, f"{entropy(5).hex()}-", self._misread)
        self.run: Final = Run(bot, self._line, rng, log)
        self.run.on_stop_asked = self._stopping.set
        self._settled = asyncio.Event()
        """Set when no order is open, as far as the stream has told."""
        self.trouble: OpenOutcryError | None = None
        """What has ended the bot, if it was neither itself nor whoever runs it."""
        self._was_welcomed = False

    def stop(self, reason: str) -> None:
        """Have it end soon."""
        self.run.stop(reason)
        self._stopping.set()

    async def live(
        self,
        *,
        until_close: bool = False,
        grace_seconds: int = GRACE_SECONDS,
        begun: Callable[[], None] = lambda: None,
        handler_seconds: float = HANDLER_SECONDS,
    ) -> str:
        """Run the bot until it stops or is stopped, the exchange refuses its key for good, or the session ends if it is
        to end `until_close`. Returns why it has ended. Its orders are cancelled then, as far as the exchange answers.

        A handler that does not return for `handler_seconds` is named in its log. `begun` is called after its
        `on_start`. Raises `OpenOutcryError` if it cannot begin.
        """
        await self._client.cancel_on_disconnect(grace_seconds=grace_seconds)
        await self._client.subscribe(*ALWAYS)
        async with handlers_watched(handler_seconds), self._client.events() as events:
            self.run.begin(await self._standing(await self._client.connect()))
            begun()
            reading = asyncio.create_task(self._read(events, until_close=until_close))
            stopping = asyncio.create_task(self._stopping.wait())
            try:
                await asyncio.wait({reading, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done() and reading.exception() is None:
                    self.run.stop(reading.result())
                await self._end(reading, grace_seconds)
                if reading.done():
                    reading.result()  # raises what has failed
            finally:
                for task in (reading, stopping):
                    task.cancel()
                await asyncio.gather(reading, stopping, return_exceptions=True)
                await self._line.close()
        return self.run.stop_reason or ""

    def _misread(self, refusal: SubscriptionRefusedError) -> None:
        self.trouble = refusal
        self.run.stop(str(refusal))

    # ---- how things stand

    async def _standing(self, welcome: Welcome) -> Standing:
        """From the `welcome`, which every private event follows; reference data as of now or before: what has changed
        since then is among the messages that wait.
        """
        market, instruments = await self._market()
        assert welcome.account is not None and welcome.positions is not None  # noqa: S101, PT018 - a team is told
        return Standing(
            team_id=welcome.account.team_id,
            account=welcome.account,
            market=market,
            instruments=instruments.instruments,
            positions=welcome.positions,
            orders=await self._orders(welcome),
        )

    async def _market(self) -> tuple[MarketData, InstrumentsData]:
        market, instruments = await asyncio.gather(self._client.get_market(), self._client.get_instruments())
        return market.data_as(MarketData), instruments.data_as(InstrumentsData)

    async def _orders(self, welcome: Welcome) -> list[OrderInfo]:
        """All open orders, also those that a `welcome` has no room for."""
        if not welcome.orders_omitted:
            return welcome.orders or []
        return (await self._client.get_open_orders()).data_as(OrdersData).orders

    # ---- what the stream brings

    async def _read(self, events: Events, *, until_close: bool) -> str:
        """Tell the bot of everything. Returns why it is over."""
        loop = asyncio.get_running_loop()
        gives_way_at = loop.time() + SLICE_SECONDS
        was_open = self.run.phase != "closed"
        try:
            async for event in events:
                handling = self.run.receive(await self._completed(event))
                if handling is not None:
                    await asyncio.wait({handling})
                if not self.run.orders:
                    self._settled.set()
                if until_close and isinstance(event, SessionStatus) and event.instrument_id is None:
                    if was_open and event.phase == "closed":
                        return "the session has ended"
                    was_open = event.phase != "closed"
                if loop.time() >= gives_way_at:
                    await asyncio.sleep(0)
                    gives_way_at = loop.time() + SLICE_SECONDS
        except StreamRefusedError as refusal:
            self.trouble = refusal
            return str(refusal)
        return "the client was closed"

    async def _completed(self, event: Event) -> Event:
        """The event with what it leaves out. After a connection was lost, reference data is asked for anew."""
        try:
            if isinstance(event, StreamReset):
                welcome = replace(event.welcome, orders=await self._orders(event.welcome), orders_omitted=0)
                return replace(event, welcome=welcome)
            if isinstance(event, Welcome):
                is_first, self._was_welcomed = not self._was_welcomed, True
                if not is_first:
                    market, instruments = await self._market()
                    self.run.refresh(market, instruments.instruments)
        except OpenOutcryError as error:
            _log.warning("what has changed while there was no connection is not known in full: %s", error)
        return event

    # ---- its end

    async def _end(self, reading: asyncio.Task[str], grace_seconds: int) -> None:
        """Call `on_stop`, cancel all orders, and wait until the stream has told so."""
        await self.run.end()
        if self.run.orders and not reading.done():
            self._settled.clear()
            settled = asyncio.create_task(self._settled.wait())
            await asyncio.wait({reading, settled}, timeout=SETTLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            settled.cancel()
        if self.run.orders:
            _log.warning(
                "%d orders may still be open: the exchange cancels them %d s after it has lost the connection",
                len(self.run.orders),
                grace_seconds,
            )
