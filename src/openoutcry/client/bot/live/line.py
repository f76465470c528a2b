"""A bot's line to a live exchange: each question a request of the client, each answer a verdict."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final, assert_never

from msgspec import UNSET

from openoutcry.client.asynchronous import AsyncClient
from openoutcry.client.bot.line import (
    NOT_CONNECTED,
    OUTCOME_UNKNOWN,
    Amend,
    Cancel,
    CancelAll,
    Protect,
    Question,
    Quote,
    ResetProtection,
    ShowMarket,
    Submit,
    TimerHandle,
    Verdict,
)
from openoutcry.client.bot.live.turns import Turns
from openoutcry.client.errors import ClientClosedError, NotConnectedError, OpenOutcryError, SubscriptionRefusedError
from openoutcry.client.http.response import ApiError, Response
from openoutcry.domain.reasons import ErrorCode
from openoutcry.protocol.responses import CancelledData, MarketData, QuotesData
from openoutcry.protocol.stream_errors import StreamErrorCode

_log = logging.getLogger("openoutcry.client")


class LiveLine:
    """Belongs to the event loop in which it is made. The client's own waiting for rate limits is off: a bot's pace
    keeps it under them.
    """

    def __init__(
        self, client: AsyncClient, order_prefix: str, misread: Callable[[SubscriptionRefusedError], None]
    ) -> None:
        """`misread` is called if a channel that the bot asks for does not exist."""
        self._client = client
        self._order_prefix = order_prefix
        self._misread = misread
        self._loop = asyncio.get_running_loop()
        self._turns: Final = Turns()
        self._channels: Final[dict[str, None]] = {}
        self._subscribing: Final[set[asyncio.Task[None]]] = set()

    async def close(self) -> None:
        """Wait for no more answers."""
        tasks = [*self._turns.tasks(), *self._subscribing]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ---- `Line`

    @property
    def order_prefix(self) -> str:
        return self._order_prefix

    def ask(self, question: Question, answered: Callable[[Verdict], None]) -> None:
        earlier = self._turns.before(question)
        self._turns.add(self._loop.create_task(self._put(question, earlier, answered)), question)

    def subscribe(self, channels: Iterable[str]) -> None:
        task = self._loop.create_task(self._subscribe(list(channels)))
        self._subscribing.add(task)
        task.add_done_callback(self._subscribing.discard)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> TimerHandle:
        return self._loop.call_later(seconds, callback)

    def time(self) -> float:
        return self._loop.time()

    # ---- how it is done

    async def _put(
        self, question: Question, earlier: list[asyncio.Task[None]], answered: Callable[[Verdict], None]
    ) -> None:
        if earlier:
            await asyncio.wait(earlier)
        answered(await self._verdict(question))

    async def _verdict(self, question: Question) -> Verdict:
        try:
            response = await self._sent(question)
        except (NotConnectedError, ClientClosedError) as error:
            return Verdict(error=ApiError(code=NOT_CONNECTED, message=str(error)))
        except OpenOutcryError as error:
            return Verdict(error=ApiError(code=OUTCOME_UNKNOWN, message=str(error)))
        except (TypeError, ValueError) as error:  # the client's own check, before anything is sent
            return Verdict(error=ApiError(code=ErrorCode.MALFORMED_REQUEST, message=str(error)))
        if response.error is not None:
            return Verdict(error=response.error, retry_after=response.retry_after)
        match question:
            case Quote():
                return Verdict(quotes=response.data_as(QuotesData).results)
            case CancelAll():
                return Verdict(cancelled=response.data_as(CancelledData).cancelled)
            case ShowMarket():
                return Verdict(market=response.data_as(MarketData))
            case _:
                return Verdict(order_id=response.order_id)

    async def _sent(self, question: Question) -> Response:
        client = self._client
        match question:
            case Submit(order):
                return await client.submit_order(order)
            case Quote(request):
                return await client.replace_quotes(request.quotes)
            case Amend(order_id, terms):
                quantity, price = terms.quantity, terms.price
                return await client.amend_order(
                    order_id,
                    quantity=UNSET if quantity is None else quantity,
                    price=UNSET if price is None else price,
                )
            case Cancel(order_id):
                return await client.cancel_order(order_id)
            case CancelAll(instrument_id, side):
                return await client.mass_cancel(instrument_id=instrument_id, side=side)
            case Protect(request):
                return await client.protect_quotes(
                    request.group,
                    quantity=request.quantity,
                    delta=request.delta,
                    vega=request.vega,
                    move=request.move,
                    interval_seconds=request.interval_seconds,
                    frozen_seconds=request.frozen_seconds,
                )
            case ResetProtection(group):
                return await client.reset_quote_protection(group)
            case ShowMarket():
                return await client.get_market()
            case _:
                assert_never(question)

    async def _subscribe(self, channels: list[str]) -> None:
        try:
            await self._client.subscribe(*channels)
            # What is asked for again for its snapshot is read by its general name, and remembered by that alone.
            again = [each for each in channels if each not in self._channels and _general(each) in self._channels]
            if again:
                await self._client.unsubscribe(*again)
            self._channels.update(dict.fromkeys(each for each in channels if each not in again))
        except SubscriptionRefusedError as error:
            if error.code == StreamErrorCode.INVALID_CHANNEL:
                self._misread(error)
            else:
                _log.warning("%s cannot be read: %s", ", ".join(channels), error)
        except (OpenOutcryError, ValueError) as error:
            _log.warning("%s cannot be read: %s", ", ".join(channels), error)


def _general(channel: str) -> str:
    """The channel of the same kind for every instrument."""
    return f"{channel.partition(':')[0]}:*"
