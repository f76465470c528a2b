"""A bot is typed to the last attribute: a strict type checker passes a right one, and finds what is misspelt."""

from type_checker import errors_in

RIGHT = """
import asyncio
from random import Random

from openoutcry import Asked, Bot, Order, Refusal
from openoutcry.client import ExecutionReport, LocalBook, News, OrderCancelled, Signal, TopOfBook, UnderlyingPrice
from openoutcry.client.events import Event


class Maker(Bot):
    role = "market_maker"
    channels = ("greeks:*",)
    after_error = "go_on"

    def __init__(self, width: float = 0.1, words: tuple[str, ...] = ()) -> None:
        self.width = width
        self.words = words
        self.last: Order | None = None
        self.heard = 0

    def on_start(self) -> None:
        self.timer = self.every(1.0)
        self.every(2.5, self.look)
        self.every(5, lambda: self.cancel_all())
        self.every(5, self.wait)
        self.protect_quotes("SPX", delta=20.0)

    async def on_timer(self) -> None:
        order = await self.buy("SPY", 1, 45.0).verdict()
        if order.error is not None:
            self.log.info("refused: %s", order.error.code)
        elif order.is_working and order.price is not None:
            asked: Asked = self.amend(order, price=order.price + 0.1)
            await asyncio.gather(asked.verdict(), self.cancel(order).verdict())
        self.timer.cancel()

    def look(self) -> None:
        for order in self.orders:
            if order.remaining_quantity > 3 and order.side == "buy":
                self.cancel(order)
        for name, values in self.greeks.items():
            half: float = self.width * values.vega
            self.quote(name, values.theoretical - half, values.theoretical + half, 10)

    async def wait(self) -> int:
        return 5

    def on_execution_report(self, report: ExecutionReport) -> None:
        if abs(self.positions[report.instrument_id]) > 10 and self.phase == "continuous":
            self.last = self.sell(report.instrument_id, report.quantity, time_in_force="ioc")

    async def on_news(self, story: News) -> None:
        await asyncio.sleep(self.rng.random())
        self.heard += len(story.headline)

    def on_book(self, b: LocalBook) -> None:
        if b.best_bid is not None and self.books[b.instrument_id].best_ask is not None:
            self.width = b.best_bid.price

    def on_top_of_book(self, top: TopOfBook) -> None:
        if top.bid_price is not None and (now := self.market_time) is not None:
            self.log.info("%s: %s", now.isoformat(), top.bid_price + self.tops[top.instrument_id].ask_quantity)

    def on_signal(self, s: Signal) -> None:
        if s.signal_type == "volatility_forecast" and s.forecast_regime == "high":
            self.stop("enough")

    def on_underlying_price(self, tick: UnderlyingPrice) -> None:
        self.width = self.underlyings[tick.symbol] * self.cash

    def on_order_cancelled(self, gone: OrderCancelled) -> None:
        self.log.debug("%s: %s", gone.order_id, gone.reason)

    def on_refused(self, why: Refusal) -> None:
        if why.order is not None:
            self.log.warning("%s: %s %s", why.code, why.order.status, why.details)

    def on_event(self, event: Event) -> None:
        if event.type == "trade":
            self.log.info("%s", event.price)

    async def on_stop(self) -> None:
        await self.cancel_all(side="sell").verdict()


random: Random = Maker(0.2, words=("a",)).rng
"""

MISTAKES = {
    "a field of a message": ("on_execution_report", "ExecutionReport", "print(m.prise)"),
    "a field of an order": ("on_news", "News", "print([order.remaining for order in self.orders])"),
    "a field of a refusal": ("on_refused", "Refusal", "print(m.reason)"),
    "a field of the market": ("on_trade", "Trade", "print(self.greeks[m.instrument_id].vomma)"),
    "the type of a handler's message": ("on_trade", "News", "pass"),
    "an async handler's message": ("async on_news", "Trade", "pass"),
    "a level that may be missing": ("on_book", "LocalBook", "print(m.best_bid.price)"),
    "a side": ("on_news", "News", 'self.cancel_all(side="bid")'),
    "an argument": ("on_news", "News", 'self.buy("SPY", quantity=1, prize=3.0)'),
    "an argument's type": ("on_news", "News", 'self.buy("SPY", 1, "3.0")'),
    "an order in place of its id": ("on_news", "News", "self.orders.get(self.buy('SPY', 1))"),
    "an id in place of an order": ("on_news", "News", 'self.cancel("ORD_1")'),
    "a verdict that nobody waits for": ("async on_news", "News", 'self.buy("SPY", 1).verdict()'),
    "a callback with arguments": ("on_news", "News", "self.every(1.0, self.on_news)"),
    "something that a bot does not have": ("on_news", "News", "self.position"),
    "something that it cannot set": ("on_news", "News", "self.cash = 5.0"),
}


def test_a_right_bot_is_clean_and_each_mistake_is_found(tmp_path):
    (tmp_path / "right.py").write_text(RIGHT)
    lines = [
        "from openoutcry import Bot, Refusal",
        "from openoutcry.client import ExecutionReport, LocalBook, News, Trade",
    ]
    marks = {}
    for number, (mistake, (name, message, code)) in enumerate(MISTAKES.items()):
        definition = name.replace("async ", "async def ") if name.startswith("async") else f"def {name}"
        first = len(lines) + 1
        lines += [f"class Bot{number}(Bot):", f"    {definition}(self, m: {message}) -> None:", f"        {code}"]
        marks |= dict.fromkeys(range(first, len(lines) + 1), mistake)
    lines += ["class Late(Bot):", '    after_error = "later"']
    marks[len(lines)] = "a choice that there is none of"
    (tmp_path / "wrong.py").write_text("\n".join(lines))
    found = errors_in(tmp_path)
    assert [error for error in found if error.startswith("right.py")] == []
    named = {marks.get(int(error.split(":")[1].split()[0]), error) for error in found}
    assert named == {*MISTAKES, "a choice that there is none of"}
