"""A market that never rests: messages of the channels that a page reads, in the words of the stream."""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from msgspec import json, to_builtins

from openoutcry.protocol.stream import ExecutionReport, PositionUpdate, Trade
from proofs.screens.recorded import Recorded, Told

MARKET_SPEED: Final = 1
"""Market seconds a second. Each has a price of every underlying, and a chart keeps those of a day: at a higher speed
memory grows by what is to be seen.
"""
WEIGHTS: Final = {"top": 52, "greeks": 33, "book": 12, "trades": 3}
"""Of 100 messages, how many are of which kind of channel."""
FILLS_PER_SECOND: Final = 3
FILLED_INSTRUMENTS: Final = 12
"""In which the team trades; so many positions it has soon, and then no more."""
WIDEST_STEP_TICKS: Final = 2
MOST_CONTRACTS: Final = 40


class Flow:
    """Made for one connection: it knows what the page reads, and tells what follows on what it has told."""

    def __init__(self, recorded: Recorded, chance: Random) -> None:
        self._chance = chance
        self._tops, self._greeks, self._books = recorded.tops, recorded.greeks, recorded.books
        self._underlyings = recorded.underlyings
        self._told = list(recorded.tops)
        self._valued = list(recorded.greeks)
        listed = recorded.answers["/instruments"]["data"]["instruments"]
        self._ticks = {each["instrument_id"]: each["tick_size"] for each in listed}
        self._now = datetime.fromisoformat(recorded.welcome["timestamp"])
        self._market = datetime.fromisoformat(next(iter(recorded.underlyings.values()))["market_time"])
        self._seq = recorded.welcome["next_seq"]
        self._number = 0
        self._positions = dict(recorded.welcome["positions"])

    def beginning(self, channel: str) -> list[bytes]:
        """What a subscription is answered with, after its `ack`."""
        kind, _, name = channel.partition(":")
        kept: dict[str, dict[str, Told]] = {"top": self._tops, "greeks": self._greeks, "book": self._books}
        if channel == "underlyings":
            return [json.encode(price) for price in self._underlyings.values()]
        known = kept.get(kind, {})
        return [json.encode(message) for id_, message in known.items() if name in {"*", id_}]

    def seconds(self, passed: float) -> list[bytes]:
        """What comes of itself while so many seconds pass: prices, and the team's fills."""
        before = int(self._market.timestamp())
        self._now += timedelta(seconds=passed)
        self._market += timedelta(seconds=passed * MARKET_SPEED)
        messages: list[bytes] = []
        for _ in range(int(self._market.timestamp()) - before):
            messages += [self._price(symbol) for symbol in self._underlyings]
        if self._chance.random() < passed * FILLS_PER_SECOND:
            messages += self._fill()
        return messages

    def more(self, count: int, channels: Collection[str]) -> list[bytes]:
        """So many messages of those channels."""
        looked_at = [channel.partition(":")[2] for channel in channels if channel.startswith("book:")]
        kinds = {channel.partition(":")[0] for channel in channels} & WEIGHTS.keys()
        if not looked_at:
            kinds -= {"book", "trades"}
        chosen = (
            self._chance.choices(sorted(kinds), [WEIGHTS[kind] for kind in sorted(kinds)], k=count) if kinds else []
        )
        return [self._message(kind, looked_at) for kind in chosen]

    def _message(self, kind: str, looked_at: list[str]) -> bytes:
        chance = self._chance
        if kind == "greeks":
            return self._value(chance.choice(self._valued))
        instrument = chance.choice(looked_at or self._told) if kind in {"book", "trades"} else chance.choice(self._told)
        if kind == "book":
            return self._update(instrument)
        return self._top(instrument) if kind == "top" else self._trade(instrument)

    def _top(self, instrument: str) -> bytes:
        top, tick = self._tops[instrument], self._ticks[instrument]
        step = self._chance.randint(-WIDEST_STEP_TICKS, WIDEST_STEP_TICKS) * tick
        if (top["bid_price"] or 0) + step > 0:
            for name in ("bid_price", "ask_price"):
                top[name] = None if top[name] is None else round(top[name] + step, 8)
        top["bid_quantity"], top["ask_quantity"] = (self._contracts() for _ in range(2))
        top["timestamp"] = self._time()
        return json.encode(top)

    def _value(self, instrument: str) -> bytes:
        greeks, wiggle = self._greeks[instrument], 1 + (self._chance.random() - 0.5) / 500
        for name in ("theoretical", "delta", "gamma", "vega", "theta"):
            greeks[name] *= wiggle
        if greeks["implied_volatility"] is not None:
            greeks["implied_volatility"] *= wiggle
        greeks["market_time"], greeks["timestamp"] = self._market_time(), self._time()
        return json.encode(greeks)

    def _update(self, instrument: str) -> bytes:
        """Another quantity at a price that is there: the levels stay, so that the book stays whole."""
        book = self._books[instrument]
        side = self._chance.choice([name for name in ("bids", "asks") if book[name]] or ["bids"])
        changed: dict[str, list[Any]] = {"bids": [], "asks": []}
        if book[side]:
            level = self._chance.choice(book[side])
            level["quantity"] = self._contracts()
            changed[side] = [level]
        before = book["book_seq"]
        book["book_seq"], book["timestamp"] = before + 1, self._time()
        self._number += 1
        return json.encode(book | changed | {"type": "book_update", "prev_book_seq": before, "sequence": self._number})

    def _trade(self, instrument: str) -> bytes:
        self._number += 1
        top = self._tops[instrument]
        return json.encode(
            Trade(
                trade_id=f"TRD_{self._number}",
                instrument_id=instrument,
                price=top["bid_price"] or top["ask_price"] or 1.0,
                quantity=self._contracts(),
                aggressor_side=self._chance.choice(("buy", "sell")),
                timestamp=self._time(),
                sequence=self._number,
            )
        )

    def _fill(self) -> list[bytes]:
        """A market order of the team, wholly filled: now bought, now sold, so that the position stays small."""
        instrument = self._chance.choice(self._valued[:FILLED_INSTRUMENTS])
        held = self._positions.get(instrument, 0)
        change = -1 if held > 0 else 1
        self._positions[instrument] = held + change
        price, order = self._tops[instrument]["ask_price"] or 1.0, f"ORD_{self._number}"
        self._number += 1
        self._seq += 2
        fill = ExecutionReport(
            seq=self._seq - 2,
            order_id=order,
            client_order_id=None,
            trade_id=f"TRD_{self._number}",
            instrument_id=instrument,
            side="buy" if change > 0 else "sell",
            price=price,
            quantity=1,
            cumulative_quantity=1,
            remaining_quantity=0,
            average_price=price,
            order_status="filled",
            liquidity_type="taker",
            fees=0.02,
            timestamp=self._time(),
            sequence=self._number,
        )
        position = PositionUpdate(
            seq=self._seq - 1,
            instrument_id=instrument,
            position=held + change,
            average_price=price if held + change else None,
            realized_pnl=0.0,
            cash=0.0,
            fees_paid=0.0,
            timestamp=self._time(),
            sequence=self._number,
        )
        return [json.encode(to_builtins(message)) for message in (fill, position)]

    def _price(self, symbol: str) -> bytes:
        price = self._underlyings[symbol]
        price["price"] = round(price["price"] * (1 + (self._chance.random() - 0.5) / 5_000), 2)
        price["market_time"], price["timestamp"] = self._market_time(), self._time()
        return json.encode(price)

    def _contracts(self) -> int:
        return self._chance.randint(1, MOST_CONTRACTS)

    def _time(self) -> str:
        return self._now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def _market_time(self) -> str:
        return self._market.replace(microsecond=0).isoformat()
