"""What anyone can see of the market, from the public channels: prices, depth, latest trades, news, counts."""

import asyncio
from collections import deque
from typing import Final

from msgspec import Struct

from openoutcry.client import AsyncClient, LocalBook, RefusedError
from openoutcry.domain.day.phases import Phase
from openoutcry.protocol.responses import InstrumentsData, MarketData
from openoutcry.protocol.stream import Leaderboard, News, SessionStatus, TopOfBook, Trade, UnderlyingPrice

TRADES_KEPT: Final = 100
"""The latest trades, of all instruments together."""

MOST_BOOKS: Final = 10
"""Books followed, of the first instruments."""


class InstrumentState(Struct):
    """One line of the market's table."""

    instrument_id: str
    bid_price: float | None = None
    bid_quantity: int = 0
    ask_price: float | None = None
    ask_quantity: int = 0
    last_price: float | None = None
    trades: int = 0
    volume: int = 0


class UnderlyingState(Struct):
    """The price of an underlying, and the first one that was seen."""

    price: float
    first: float


class Market:
    """Kept up to date by the client's stream."""

    def __init__(self, instrument_ids: list[str]) -> None:
        self.instruments = {instrument_id: InstrumentState(instrument_id) for instrument_id in instrument_ids}
        self.books: dict[str, LocalBook] = {}
        self.latest: deque[Trade] = deque(maxlen=TRADES_KEPT)
        """Newest first."""
        self.phase: Phase | None = None
        self.market_time: str | None = None
        """Known once market time passes."""
        self.underlyings: dict[str, UnderlyingState] = {}
        """Those whose prices move."""
        self.news: News | None = None
        """The latest."""
        self.leaderboard: Leaderboard | None = None
        """The newest, where the scenario shows one."""
        self.ended = asyncio.Event()
        """Set when the stream has ended, after all that it told."""

    @classmethod
    async def watch(cls, api: AsyncClient) -> "Market":
        """Follow every instrument of the exchange."""
        answer = await api.get_instruments()
        if answer.error is not None:
            raise RefusedError(answer.error.message, answer.error.code)
        market = cls([instrument.instrument_id for instrument in answer.data_as(InstrumentsData).instruments])
        session = await api.get_market()
        if session.error is None:
            market.phase = session.data_as(MarketData).phase
        api.on_top_of_book(market.see_top)
        api.on_trade(market.see_trade)
        api.on_session_status(market.see_session)
        api.on_underlying_price(market.see_underlying)
        api.on_news(market.see_news)
        api.on_leaderboard(market.see_leaderboard)
        api.on_disconnected(lambda _: market.ended.set())
        await api.connect()
        await api.subscribe("top:*", "trades:*", "underlyings", "market")
        if (await api.get_leaderboard()).success:
            await api.subscribe("leaderboard")
        for instrument_id in list(market.instruments)[:MOST_BOOKS]:
            market.books[instrument_id] = await api.follow_book(instrument_id)
        return market

    def by_volume(self) -> list[InstrumentState]:
        """Instruments by what was traded in them, most first."""
        return sorted(self.instruments.values(), key=lambda state: (-state.volume, -state.trades))

    def busiest_book(self) -> LocalBook | None:
        """Of the followed books the one in which the most trades were made; None where none is followed."""
        return max(self.books.values(), key=lambda book: self.instruments[book.instrument_id].trades, default=None)

    @property
    def trades(self) -> int:
        return sum(instrument.trades for instrument in self.instruments.values())

    @property
    def volume(self) -> int:
        return sum(instrument.volume for instrument in self.instruments.values())

    def see_top(self, top: TopOfBook) -> None:
        state = self._state_of(top.instrument_id)
        state.bid_price, state.bid_quantity = top.bid_price, top.bid_quantity
        state.ask_price, state.ask_quantity = top.ask_price, top.ask_quantity

    def see_trade(self, trade: Trade) -> None:
        state = self._state_of(trade.instrument_id)
        state.last_price = trade.price
        state.trades += 1
        state.volume += trade.quantity
        self.latest.appendleft(trade)

    def see_session(self, status: SessionStatus) -> None:
        if status.instrument_id is None:
            self.phase = status.phase

    def see_underlying(self, underlying: UnderlyingPrice) -> None:
        self.market_time = underlying.market_time
        state = self.underlyings.setdefault(underlying.symbol, UnderlyingState(underlying.price, underlying.price))
        state.price = underlying.price

    def see_news(self, news: News) -> None:
        self.news = news

    def see_leaderboard(self, leaderboard: Leaderboard) -> None:
        self.leaderboard = leaderboard

    def _state_of(self, instrument_id: str) -> InstrumentState:
        """One that is listed later joins as it is first heard of."""
        return self.instruments.setdefault(instrument_id, InstrumentState(instrument_id))
