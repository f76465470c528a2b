"""Buys a call at the best bid, offers it five ticks higher, and begins again."""

from openoutcry import Bot
from openoutcry.client import ExecutionReport, TopOfBook


class FirstBot(Bot):
    def on_start(self) -> None:
        self.every(60)  # market seconds

    def on_top_of_book(self, top: TopOfBook) -> None:
        is_quoted_call = "_CALL_" in top.instrument_id and top.bid_price and top.ask_price
        if is_quoted_call and len(self.orders) < 10 and not self.orders.working(side="buy"):
            self.buy(top.instrument_id, 1, top.bid_price)

    def on_execution_report(self, fill: ExecutionReport) -> None:
        self.log.info("%s %s %s @ %s", fill.side, fill.quantity, fill.instrument_id, fill.price)
        if fill.side == "buy":
            tick = self.instruments[fill.instrument_id].tick_size
            self.sell(fill.instrument_id, fill.quantity, fill.price + 5 * tick)

    def on_timer(self) -> None:
        for order in self.orders.working(side="buy"):
            self.cancel(order)  # the market may have left it behind: the next top of a book brings another
