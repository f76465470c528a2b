"""Events as stream messages."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from openoutcry.domain import events
from openoutcry.domain.day.duties import DUTY_UNITS
from openoutcry.domain.day.quote_protection import LIMIT_UNITS
from openoutcry.domain.identifiers import format_order_id, format_trade_id
from openoutcry.domain.orders import SIDE_NAMES
from openoutcry.domain.types import MONEY_UNITS, MarketTime, Sequence, TimestampUs
from openoutcry.domain.views import DepthView
from openoutcry.protocol import stream
from openoutcry.protocol.checksum import book_checksum
from openoutcry.protocol.responses import InstrumentInfo
from openoutcry.protocol.timestamps import format_market_time, format_moment, format_timestamp
from openoutcry.protocol.translation.price_grids import FindInstrument, PriceGrids, levels_of
from openoutcry.protocol.translation.signals import signal_message


class EventTranslator(PriceGrids):
    """Writes events as the messages of the private stream and the public channels."""

    def __init__(self, find_instrument: FindInstrument) -> None:
        super().__init__(find_instrument)
        # By type, because this is asked for every event; a `match` over classes takes several times as long.
        self.private_messages: Final[Mapping[type, Callable[[Any, TimestampUs, Sequence], stream.PrivateMessage]]] = {
            events.OrderAcknowledged: self._new_order_ack,
            events.OrderExecuted: self._execution_report,
            events.OrderCancelled: self._order_cancelled,
            events.OrderAmended: self._order_amended,
            events.ProtectionTriggered: self._protection_triggered,
            events.PositionUpdated: self._position_update,
            events.FillBusted: self._fill_busted,
            events.DutyJudged: self._duty_status,
            events.SignalSent: signal_message,
        }
        """By the type of a private event: the function that makes its message, given its command's time and
        sequence."""

    def private_message(
        self, event: events.PrivateEvent, time: TimestampUs, sequence: Sequence
    ) -> stream.PrivateMessage:
        """The message of one event in a team's stream; `time` and `sequence` are those of its command."""
        return self.private_messages[type(event)](event, time, sequence)

    def _new_order_ack(
        self, event: events.OrderAcknowledged, time: TimestampUs, sequence: Sequence
    ) -> stream.NewOrderAck:
        price = event.price
        return stream.NewOrderAck(
            seq=event.seq,
            order_id=format_order_id(event.order_id),
            client_order_id=event.client_order_id,
            instrument_id=event.instrument_id,
            side=SIDE_NAMES[event.side],
            price=None if price is None else self._instruments[event.instrument_id].price_of(price),
            quantity=event.quantity,
            remaining_quantity=event.remaining_quantity,
            time_in_force=event.time_in_force,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _execution_report(
        self, event: events.OrderExecuted, time: TimestampUs, sequence: Sequence
    ) -> stream.ExecutionReport:
        tick_size = self._instruments[event.instrument_id].tick_size
        # Two arguments are positional: for a call with more than fifteen names Python first makes a dictionary, which
        # takes as long as all of this.
        return stream.ExecutionReport(
            event.seq,
            format_order_id(event.order_id),
            client_order_id=event.client_order_id,
            trade_id=format_trade_id(event.trade_id),
            instrument_id=event.instrument_id,
            side=SIDE_NAMES[event.side],
            price=event.price * tick_size / MONEY_UNITS,
            quantity=event.quantity,
            cumulative_quantity=event.cumulative_quantity,
            remaining_quantity=event.remaining_quantity,
            # Multiplied before the one division, so that the only rounding is the last.
            average_price=event.cumulative_value * tick_size / (event.cumulative_quantity * MONEY_UNITS),
            order_status=event.order_status,
            liquidity_type=event.liquidity_type,
            fees=event.fees / MONEY_UNITS,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _order_cancelled(
        self, event: events.OrderCancelled, time: TimestampUs, sequence: Sequence
    ) -> stream.OrderCancelled:
        return stream.OrderCancelled(
            seq=event.seq,
            order_id=format_order_id(event.order_id),
            client_order_id=event.client_order_id,
            instrument_id=event.instrument_id,
            side=SIDE_NAMES[event.side],
            cancelled_quantity=event.cancelled_quantity,
            reason=event.reason,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _order_amended(self, event: events.OrderAmended, time: TimestampUs, sequence: Sequence) -> stream.OrderAmended:
        return stream.OrderAmended(
            seq=event.seq,
            order_id=format_order_id(event.order_id),
            client_order_id=event.client_order_id,
            instrument_id=event.instrument_id,
            side=SIDE_NAMES[event.side],
            price=self._instruments[event.instrument_id].price_of(event.price),
            quantity=event.quantity,
            remaining_quantity=event.remaining_quantity,
            kept_priority=event.kept_priority,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _protection_triggered(
        self, event: events.ProtectionTriggered, time: TimestampUs, sequence: Sequence
    ) -> stream.ProtectionTriggered:
        unit = LIMIT_UNITS[event.limit]
        return stream.ProtectionTriggered(
            seq=event.seq,
            group=event.group,
            limit=event.limit,
            measured=event.measured / unit,
            limit_value=event.limit_value / unit,
            frozen_until=None if event.frozen_until is None else format_moment(event.frozen_until, event.utc_offset),
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _position_update(
        self, event: events.PositionUpdated, time: TimestampUs, sequence: Sequence
    ) -> stream.PositionUpdate:
        return stream.PositionUpdate(
            seq=event.seq,
            instrument_id=event.instrument_id,
            position=event.position,
            average_price=self.average_price(event.instrument_id, event.position, event.cost_basis),
            realized_pnl=event.realized_pnl / MONEY_UNITS,
            cash=event.cash / MONEY_UNITS,
            fees_paid=event.fees_paid / MONEY_UNITS,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _fill_busted(self, event: events.FillBusted, time: TimestampUs, sequence: Sequence) -> stream.TradeBusted:
        return self._trade_busted(event, event.seq, time, sequence)

    def trade_busted(self, event: events.TradeBusted, time: TimestampUs, sequence: Sequence) -> stream.TradeBusted:
        return self._trade_busted(event, 0, time, sequence)

    def _trade_busted(
        self, event: events.FillBusted | events.TradeBusted, seq: int, time: TimestampUs, sequence: Sequence
    ) -> stream.TradeBusted:
        return stream.TradeBusted(
            seq=seq,
            trade_id=format_trade_id(event.trade_id),
            instrument_id=event.instrument_id,
            price=self._instruments[event.instrument_id].price_of(event.price),
            quantity=event.quantity,
            reason=event.reason,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def _duty_status(self, event: events.DutyJudged, time: TimestampUs, sequence: Sequence) -> stream.DutyStatus:
        return stream.DutyStatus(
            seq=event.seq,
            duty=event.duty,
            state=event.state,
            measured=None if event.measured is None else event.measured / DUTY_UNITS,
            required=None if event.required is None else event.required / DUTY_UNITS,
            since=None if event.since is None else format_market_time(event.since, event.utc_offset),
            level=event.level,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def trade(self, event: events.TradePrinted, time: TimestampUs, sequence: Sequence) -> stream.Trade:
        return stream.Trade(
            trade_id=format_trade_id(event.trade_id),
            instrument_id=event.instrument_id,
            price=self._instruments[event.instrument_id].price_of(event.price),
            quantity=event.quantity,
            aggressor_side=None if event.aggressor_side is None else SIDE_NAMES[event.aggressor_side],
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def book_snapshot(self, depth: DepthView, time: TimestampUs) -> stream.BookSnapshot:
        """The book as of `depth.book_seq`."""
        instrument = self._instruments[depth.instrument_id]
        return stream.BookSnapshot(
            instrument_id=depth.instrument_id,
            book_seq=depth.book_seq,
            bids=levels_of(instrument, depth.bids),
            asks=levels_of(instrument, depth.asks),
            checksum=book_checksum(depth.asks, depth.bids),
            timestamp=format_timestamp(time),
        )

    def book_update(
        self, event: events.BookChanged, checksum: int, time: TimestampUs, sequence: Sequence
    ) -> stream.BookUpdate:
        """The changed levels; `checksum` is that of the book after the change."""
        instrument = self._instruments[event.instrument_id]
        return stream.BookUpdate(
            instrument_id=event.instrument_id,
            book_seq=event.book_seq,
            prev_book_seq=event.book_seq - 1,
            bids=levels_of(instrument, event.bids),
            asks=levels_of(instrument, event.asks),
            checksum=checksum,
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def top_of_book(self, event: events.TopOfBookChanged, time: TimestampUs) -> stream.TopOfBook:
        price_of = self._instruments[event.instrument_id].price_of
        bid_price, ask_price = event.bid_price, event.ask_price
        return stream.TopOfBook(
            instrument_id=event.instrument_id,
            bid_price=None if bid_price is None else price_of(bid_price),
            bid_quantity=event.bid_quantity,
            ask_price=None if ask_price is None else price_of(ask_price),
            ask_quantity=event.ask_quantity,
            timestamp=format_timestamp(time),
        )

    def auction_indicative(self, event: events.IndicativeChanged, time: TimestampUs) -> stream.AuctionIndicative:
        price, side = event.price, event.imbalance_side
        return stream.AuctionIndicative(
            instrument_id=event.instrument_id,
            price=None if price is None else self._instruments[event.instrument_id].price_of(price),
            volume=event.volume,
            imbalance=event.imbalance,
            imbalance_side=None if side is None else SIDE_NAMES[side],
            timestamp=format_timestamp(time),
        )

    def instrument_listed(
        self, instrument: InstrumentInfo, time: TimestampUs, sequence: Sequence
    ) -> stream.InstrumentListed:
        """The instrument is listed, with the data that `GET /instruments` shows."""
        return stream.InstrumentListed(instrument=instrument, timestamp=format_timestamp(time), sequence=sequence)

    def instrument_expired(
        self, event: events.InstrumentExpired, time: TimestampUs, sequence: Sequence
    ) -> stream.InstrumentExpired:
        return stream.InstrumentExpired(
            instrument_id=event.instrument_id, timestamp=format_timestamp(time), sequence=sequence
        )

    def settlement(self, event: events.InstrumentSettled, time: TimestampUs, sequence: Sequence) -> stream.Settlement:
        settlement = event.settlement
        underlying_price = settlement.underlying_price
        return stream.Settlement(
            instrument_id=event.instrument_id,
            settlement_price=self._instruments[event.instrument_id].price_of(settlement.settlement_price),
            underlying_price=None if underlying_price is None else underlying_price / MONEY_UNITS,
            market_time=format_market_time(settlement.market_time, settlement.utc_offset),
            timestamp=format_timestamp(time),
            sequence=sequence,
        )

    def session_status(self, event: events.PhaseChanged, time: TimestampUs, sequence: Sequence) -> stream.SessionStatus:
        """The session, or one instrument, is in another phase."""
        return stream.SessionStatus(
            phase=event.phase,
            previous_phase=event.previous_phase,
            instrument_id=event.instrument_id,
            halted=event.phase == "halted",
            reason=event.reason,
            trading_session=event.trading_session,
            market_time=_market_time(event.market_time, event.utc_offset),
            next_phase=event.next_phase,
            next_at=_market_time(event.next_at, event.utc_offset),
            timestamp=format_timestamp(time),
            sequence=sequence,
        )


def _market_time(market_time: MarketTime | None, utc_offset: int) -> str | None:
    return None if market_time is None else format_market_time(market_time, utc_offset)
