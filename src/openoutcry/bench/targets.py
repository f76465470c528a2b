"""The performance budget: every target of a figure, in one place."""

from typing import Final

from msgspec import Struct


class Target(Struct, frozen=True):
    """A bound on a figure, `at_most` or `at_least`, in `unit`; 1 of `unit` is what the figure is counted in."""

    what: str
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    def is_met_by(self, figure: float) -> bool:
        return (self.at_most is None or figure <= self.at_most) and (self.at_least is None or figure >= self.at_least)

    @property
    def bound(self) -> str:
        """Such as `≤ 1.25 ×`."""
        sign, bound = ("≤", self.at_most) if self.at_most is not None else ("≥", self.at_least)
        return f"{sign} {bound:,.10g} {self.unit}"


VERDICT_P50: Final = Target("verdict, 1 connection: p50 beside the no-op's", "×", at_most=1.25)
VERDICT_P99: Final = Target("verdict, 1 connection: p99 beside the no-op's", "×", at_most=1.5)
VERDICT_P99_TIME: Final = Target("verdict, 1 connection: p99", "µs", at_most=1_000)
THROUGHPUT: Final = Target("orders per second, 16 connections, beside the no-op's", "×", at_least=0.7)
ACK_P50: Final = Target("POST to new_order_ack: p50 beside the verdict's", "×", at_most=2)
ACK_P99: Final = Target("POST to new_order_ack at 2,000 orders/s: p99", "µs", at_most=2_000)
FAN_OUT: Final = Target("market data to 500 readers", "messages/s", at_least=100_000)
MATCHING: Final = Target("matching with events, depth 10,000, interpreted", "messages/s", at_least=1_000_000)
MATCHING_COMPILED: Final = Target("matching with events, depth 10,000, compiled", "messages/s", at_least=1_500_000)
VENUE_RECORDED: Final = Target("whole venue, recorded order flow, interpreted", "commands/s", at_least=200_000)
VENUE_RECORDED_COMPILED: Final = Target("whole venue, recorded order flow, compiled", "commands/s", at_least=600_000)
VENUE_DEEP: Final = Target("whole venue, deep book, interpreted", "commands/s", at_least=200_000)
VENUE_DEEP_COMPILED: Final = Target("whole venue, deep book, compiled", "commands/s", at_least=600_000)
PRICING: Final = Target("values and Greeks of 84 options", "µs", at_most=200)
MARKET: Final = Target("market seconds a second of CPU, without participants", "seconds", at_least=1_500)
MARKET_BESIDE: Final = Target("verdict beside a market at speed 30: p99 beside that without", "×", at_most=1.5)
MARKET_TURN: Final = Target("longest turn of a simulated market", "µs", at_most=2_000)
SCORED_ORDER: Final = Target("folds of the scores: an order, interpreted", "µs", at_most=5)
SCORED_SECOND: Final = Target("folds of the scores: a market second, 20 teams, 84 options", "µs", at_most=300)
SCORED_JOURNAL: Final = Target("1,000,000 commands of a journal, scored", "s", at_most=30)
LAB_DAY: Final = Target("a day of the default game with four bots in the lab, interpreted", "s", at_most=40)
LAB_DAY_COMPILED: Final = Target("a day of the default game with four bots in the lab, compiled", "s", at_most=20)
LAB_MEMORY: Final = Target("growth of memory over short matches in a row, each", "blocks", at_most=200)
SLICE: Final = Target("longest turn of work in slices", "µs", at_most=5_000)
MEMORY: Final = Target("memory per resting order", "bytes", at_most=1_024)
REPLAY: Final = Target("replay of a journal", "commands/s", at_least=200_000)
START: Final = Target("start with a snapshot, on 1,000,000 commands", "s", at_most=3)
