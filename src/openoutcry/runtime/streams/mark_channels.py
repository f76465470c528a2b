"""The channels of marks: prices of underlyings at every market second, Greeks of options every so many of them."""

from collections.abc import Callable, Iterable
from typing import Final

from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.events import MarksPublished
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.types import MONEY_UNITS, MarketTime, Sequence, TimestampUs
from openoutcry.protocol.channels import ChannelName
from openoutcry.protocol.stream import PublicMessage
from openoutcry.protocol.timestamps import format_market_time
from openoutcry.protocol.translation.marks import greeks, underlying_price
from openoutcry.runtime.streams.channel_message import ChannelMessage
from openoutcry.runtime.streams.connection import Connection
from openoutcry.runtime.streams.subscriptions import Subscriptions

MARK_CHANNELS: Final = frozenset({"underlyings", "greeks"})
_UNDERLYINGS: Final = ChannelName("underlyings")


class MarkChannels:
    """Their readers, and the newest marks with which a reader begins."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        instruments: Iterable[Instrument],
        game: GameRules,
        greeks_interval: int,
        newest: MarksPublished | None,
        encode: Callable[[PublicMessage], bytes],
        now: Callable[[], TimestampUs],
    ) -> None:
        """`instruments`, `newest`: as they are before the first event. `greeks_interval`: market seconds."""
        self._readers_of_underlyings = subscriptions.readers("underlyings")
        self._readers_of_greeks = subscriptions.readers("greeks")
        self._instruments = list(instruments)
        self._names = [ChannelName("greeks", each.instrument_id) for each in self._instruments]
        self._game = game
        self._greeks_interval = greeks_interval
        self._newest = newest
        self._greeks_due = MarketTime(0)
        self._encode = encode
        self._now = now

    def list_instrument(self, instrument: Instrument) -> None:
        self._instruments.append(instrument)
        self._names.append(ChannelName("greeks", instrument.instrument_id))

    def begin(self, connection: Connection, channel: ChannelName) -> None:
        """Tell a new reader the newest of each message of the channel, as far as there is one."""
        newest = self._newest
        if newest is None:
            return
        if channel.kind == "underlyings":
            for message in self._prices(newest, self._now()):
                connection.show(message)
            return
        market_time = format_market_time(newest.market_time, newest.utc_offset)
        for mark in newest.marks:
            instrument = self._instruments[mark.place]
            if instrument.instrument_id == channel.instrument_id and instrument.option is not None:
                rests_on = price_of_underlying(newest, self._game, instrument)
                connection.show(self._greeks(mark, rests_on, market_time, self._now()))

    def tell(self, event: MarksPublished, time: TimestampUs, _sequence: Sequence) -> None:
        self._newest = event
        readers = self._readers_of_underlyings.get(None)
        if readers is not None:
            for message in self._prices(event, time):
                for connection in readers:
                    connection.show(message)
        if event.market_time < self._greeks_due:
            return
        self._greeks_due = MarketTime(event.market_time + self._greeks_interval)
        if not self._readers_of_greeks:
            return
        market_time = format_market_time(event.market_time, event.utc_offset)
        rests_on: dict[str, float] = {}
        """By underlying: options have few."""
        for mark in event.marks:
            instrument = self._instruments[mark.place]
            readers = self._readers_of_greeks.get(instrument.instrument_id)
            if readers is not None and instrument.option is not None:
                price = rests_on.get(instrument.underlying)
                if price is None:
                    price = rests_on[instrument.underlying] = price_of_underlying(event, self._game, instrument)
                message = self._greeks(mark, price, market_time, time)
                for connection in readers:
                    connection.show(message)

    def _prices(self, event: MarksPublished, time: TimestampUs) -> list[ChannelMessage]:
        market_time = format_market_time(event.market_time, event.utc_offset)
        return [
            ChannelMessage(_UNDERLYINGS, self._encode(underlying_price(mark, market_time, time)))
            for mark in event.underlyings
        ]

    def _greeks(self, mark: Mark, rests_on: float, market_time: str, time: TimestampUs) -> ChannelMessage:
        name = self._names[mark.place]
        assert name.instrument_id is not None  # noqa: S101 - it is one of an instrument
        return ChannelMessage(name, self._encode(greeks(name.instrument_id, mark, rests_on, market_time, time)))


def price_of_underlying(marks: MarksPublished, game: GameRules, option: Instrument) -> float:
    """What the option's value rests on, in currency: its underlying, or the index divided by the tracker's ratio."""
    symbol, ratio = game.rests_on(option.underlying)
    price = next((mark.price for mark in marks.underlyings if mark.symbol == symbol), 0)
    return price / (ratio * MONEY_UNITS)
