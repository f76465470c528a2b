"""Orders that stand on one side so that others see them, until the team has traded on the other side.

After a trade, the team takes away single orders of the other side, many times larger than the trade, and does not put
them back. Who renews a price puts a new order in place of the old one; who has bought enough takes away bids, not asks.
"""

from typing import Final

from msgspec import Struct

from openoutcry.domain.orders import Side
from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.types import PPM, MarketTime, Sequence, TradeId
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.surveillance.finding import MAX_EVENTS, Finding

WITHIN_SECONDS: Final = 1
"""Of the market, after the trade."""

Place = tuple[int, int, int]
"""Row, column and side on which the team has traded."""


class After(Struct):
    """What a team does on the other side just after a trade."""

    market_time: MarketTime
    trade_id: TradeId
    traded: int
    taken_away: int = 0
    put_back: int = 0
    sequence: Sequence = Sequence(0)
    """Of the last command that took something away."""


class Cases(Struct):
    """Of one team."""

    trades: int = 0
    """Those of one second on one side of an instrument count as one."""
    count: int = 0
    contracts: int = 0
    trade_ids: list[TradeId] = []
    sequences: list[Sequence] = []
    since: MarketTime = MarketTime(0)
    until: MarketTime = MarketTime(0)


class LayeringState(Struct):
    after: dict[Place, After] = {}
    """Trades of the last two seconds."""
    cases: dict[int, Cases] = {}
    """By row."""


class Layering:
    def __init__(self, rules: SurveillanceRules) -> None:
        self._rules: Final = rules
        self.state = LayeringState()

    def filled(self, row: int, column: int, side: Side, quantity: int, trade_id: TradeId, now: MarketTime) -> None:
        key = row, column, int(side)
        after = self.state.after.get(key)
        if after is None:
            self.state.after[key] = After(now, trade_id, quantity)
        else:
            after.market_time = now
            after.traded += quantity

    def after(self, row: int, column: int, side: Side) -> After | None:
        """A trade just now against which an order on this side would have stood."""
        return self.state.after.get((row, column, 1 - side))

    def passed(self, now: MarketTime) -> None:
        """A second is over: trades that are a second old are judged."""
        after = self.state.after
        for key in [key for key, each in after.items() if now - each.market_time > WITHIN_SECONDS]:
            self._judge(key[0], after.pop(key))

    def _judge(self, row: int, after: After) -> None:
        cases = self.state.cases.get(row)
        if cases is None:
            cases = self.state.cases[row] = Cases()
        cases.trades += 1
        gone = after.taken_away - after.put_back
        if gone < self._rules.layering_ratio * after.traded:
            return
        if not cases.count:
            cases.since = after.market_time
        cases.count += 1
        cases.contracts += gone
        cases.until = after.market_time
        if len(cases.sequences) < MAX_EVENTS:
            cases.trade_ids.append(after.trade_id)
            cases.sequences.append(after.sequence)

    def findings(self, participants: list[Participant]) -> list[Finding]:
        rules = self._rules
        return [
            Finding(
                kind="layering",
                owners=(participants[row].owner,),
                teams=(participants[row].team_id,),
                measure=cases.count,
                threshold=rules.layering_trades,
                unit="trades",
                since=cases.since,
                until=cases.until,
                trades=tuple(cases.trade_ids),
                trade_count=cases.count,
                commands=tuple(cases.sequences),
                command_count=cases.count,
                excludes=False,
                text=f"team {participants[row].team_name} took away {cases.contracts:,} contracts of single orders"
                f" within a market second of {cases.count:,} trades on the other side, and did not put them back:"
                f" {cases.count * 100 // cases.trades} % of its trades.",
            )
            for row, cases in sorted(self.state.cases.items())
            if cases.count >= rules.layering_trades and cases.count * PPM >= rules.layering_share_ppm * cases.trades
        ]
