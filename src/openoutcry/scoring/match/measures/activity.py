"""Whether a team has traded enough: contracts by market hour of the session, and the hours that reached the floor."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import PPM, MarketTime
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import Trade, ValuedTrade

HOUR: int = 3_600


class ActivityState(Struct):
    opening_at: MarketTime
    close_at: MarketTime
    contracts: list[list[int]]


class Activity(Part):
    """Hours begin at the session's opening. One that is cut short, by the close or because it is under way, needs so
    much less of the floor. Contracts and lots count alike; trades within an owner do not count.
    """

    name = "activity"
    state_type = ActivityState

    def __init__(self, ledger: Ledger, rules: ScoringRules) -> None:
        self._ledger = ledger
        self._rules = rules
        self._opening_at = self._close_at = MarketTime(0)
        self._contracts: list[list[int]] = []
        """By participant, then by hour of the session."""

    def session_began(self, opening_at: MarketTime, close_at: MarketTime) -> None:
        self._opening_at, self._close_at = opening_at, close_at
        hours = self._hour_of(MarketTime(close_at - 1)) + 1
        self._contracts = [[0] * hours for _ in self._ledger.participants]

    def registered(self, participant: Participant) -> None:  # noqa: ARG002 - a part
        hours = self._hour_of(MarketTime(self._close_at - 1)) + 1
        self._contracts.append([0] * hours)

    def traded(self, trade: Trade) -> None:
        self._count(trade, trade.quantity)

    def busted(self, trade: Trade) -> None:
        self._count(trade, -trade.quantity)

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:
        by_hour = self._contracts[row].copy()
        for each in excluded:
            by_hour[self._hour_of(each.trade.market_time)] -= each.trade.quantity
        floor = self._rules.of(self._ledger.participants[row].role).contracts_per_hour
        now = self._ledger.marks.market_time or MarketTime(0)
        seconds = max(min(now, self._close_at) - self._opening_at, 0)
        active = 0
        for start in range(0, seconds, HOUR):
            length = min(HOUR, seconds - start)
            if by_hour[start // HOUR] * HOUR >= floor * length:
                active += length
        return {
            "contracts": sum(by_hour),
            "active_seconds": active,
            "session_seconds": seconds,
            "is_active": floor == 0 or active * PPM >= self._rules.active_ppm * seconds,
        }

    def _count(self, trade: Trade, quantity: int) -> None:
        if trade.is_within_owner:
            return
        hour = self._hour_of(trade.market_time)
        for row in (trade.buyer.row, trade.seller.row):
            if row is not None:
                self._contracts[row][hour] += quantity

    def _hour_of(self, market_time: MarketTime) -> int:
        """Of the session, from 0. The last one is also that of whatever comes after."""
        return max(min(market_time, self._close_at - 1) - self._opening_at, 0) // HOUR

    def state(self) -> ActivityState:
        return ActivityState(self._opening_at, self._close_at, self._contracts)

    def restore(self, state: ActivityState) -> None:
        self._opening_at, self._close_at = state.opening_at, state.close_at
        self._contracts = state.contracts
