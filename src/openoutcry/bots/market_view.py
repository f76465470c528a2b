"""What a bot knows of the market: instruments, best prices from the stream, and a textbook value of each."""

from collections import deque
from collections.abc import Iterable
from datetime import date, datetime
from math import erf, log, sqrt
from typing import Final

from openoutcry.bots.values import Values
from openoutcry.client import AsyncClient, RefusedError
from openoutcry.protocol.responses import InstrumentInfo, InstrumentsData, MarketData
from openoutcry.protocol.stream import (
    DutyStatus,
    InstrumentExpired,
    InstrumentListed,
    SessionStatus,
    Signal,
    TopOfBook,
    Trade,
)

VOLATILITY: Final = 0.2
DAYS_A_YEAR: Final = 365.0
REDUCE_ONLY_LEVEL: Final = 3
"""Of the ladder of sanctions."""


class MarketView:
    """The client's event stream updates it. `tops` and `last_prices` are empty at first.

    `instruments` may have expired; `tradable` are those that have not.
    """

    def __init__(self, instruments: list[InstrumentInfo], market: MarketData) -> None:
        self.instruments: dict[str, InstrumentInfo] = {}
        self.tradable: list[str] = []
        for instrument in instruments:
            self._add(instrument)
        self.underlyings = market.underlyings
        self.values = Values(self.underlyings)
        self.phase = market.phase
        self.signals: deque[Signal] = deque()
        self.is_reduce_only = False
        """Whether the team, for a breach of its duty, may only bring its positions nearer to 0."""
        self.today = date.fromisoformat(market.session_date) if market.session_date else date.today()  # noqa: DTZ011
        self.tops: dict[str, TopOfBook] = {}
        self.last_prices: dict[str, float] = {}

    @classmethod
    async def watch(cls, api: AsyncClient, channels: Iterable[str]) -> "MarketView":
        """Follow instruments, prices of underlyings and these channels on the event stream, from how they are now.

        Raises `RefusedError`.
        """
        market = await api.get_market()
        if market.error is not None:
            raise RefusedError(market.error.message, market.error.code)
        view = cls([], market.data_as(MarketData))
        api.on_top_of_book(view._see_top)
        api.on_trade(view._see_trade)
        api.on_signal(view.signals.append)
        api.on_duty_status(view._see_duty)
        await api.connect()
        api.on_instrument_listed(view._see_listed)
        api.on_instrument_expired(view._see_expired)
        api.on_session_status(view._see_session)
        api.on_underlying_price(view.values.see_underlying)
        api.on_greeks(view.values.see_greeks)
        await api.subscribe("market", "underlyings", *channels)
        # After the subscription, so that none is missed that is listed meanwhile.
        instruments = await api.get_instruments()
        if instruments.error is not None:
            raise RefusedError(instruments.error.message, instruments.error.code)
        for instrument in instruments.data_as(InstrumentsData).instruments:
            view._add(instrument)
        return view

    def _add(self, instrument: InstrumentInfo) -> None:
        if instrument.instrument_id not in self.instruments and instrument.status in ("listed", "halted"):
            self.tradable.append(instrument.instrument_id)
        self.instruments[instrument.instrument_id] = instrument

    def _see_top(self, top: TopOfBook) -> None:
        self.tops[top.instrument_id] = top

    def _see_trade(self, trade: Trade) -> None:
        self.last_prices[trade.instrument_id] = trade.price

    def _see_listed(self, listed: InstrumentListed) -> None:
        self._add(listed.instrument)

    def _see_expired(self, expired: InstrumentExpired) -> None:
        if expired.instrument_id in self.tradable:
            self.tradable.remove(expired.instrument_id)

    def _see_session(self, status: SessionStatus) -> None:
        if status.market_time is not None:
            self.today = datetime.fromisoformat(status.market_time).date()
        if status.instrument_id is None:
            self.phase = status.phase

    def _see_duty(self, status: DutyStatus) -> None:
        self.is_reduce_only = status.level == REDUCE_ONLY_LEVEL

    @property
    def is_open(self) -> bool:
        """Whether orders can trade now."""
        return self.phase == "continuous"

    def next_signal(self) -> Signal | None:
        """The oldest signal of the team's role that has not been looked at."""
        return self.signals.popleft() if self.signals else None

    def middle(self, instrument_id: str) -> float | None:
        """The middle of best bid and best ask. None unless both exist."""
        top = self.tops.get(instrument_id)
        if top is None or top.bid_price is None or top.ask_price is None:
            return None
        return (top.bid_price + top.ask_price) / 2

    def round_to_tick(self, instrument_id: str, price: float) -> float:
        """The nearest price on the grid, at least one tick."""
        return self.instruments[instrument_id].round_price(price)

    def textbook_value(self, instrument_id: str, shift: float = 0.0) -> float | None:
        """The value by Black-Scholes without interest, at `VOLATILITY`. `shift` moves the underlying, as a share.

        If the underlying has no price, it is the last price of the instrument, or None.
        """
        instrument = self.instruments[instrument_id]
        spot = self.underlyings.get(instrument.underlying)
        if spot is None:
            return self.last_prices.get(instrument_id)
        spot *= 1 + shift
        if instrument.strike is None or instrument.expiry is None:
            return spot
        expiry = datetime.strptime(instrument.expiry, "%Y%m%d").date()  # noqa: DTZ007 - a date, not an instant
        years = max((expiry - self.today).days, 0.5) / DAYS_A_YEAR
        spread = VOLATILITY * sqrt(years)
        d1 = log(spot / instrument.strike) / spread + spread / 2
        call = spot * _normal(d1) - instrument.strike * _normal(d1 - spread)
        return call if instrument.option_type == "call" else call - spot + instrument.strike


def _normal(x: float) -> float:
    """Cumulative normal distribution."""
    return (1 + erf(x / sqrt(2))) / 2
