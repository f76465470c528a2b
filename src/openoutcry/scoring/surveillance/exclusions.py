"""Trades between two owners, kept so that they can leave the score."""

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from openoutcry.domain.types import Money, TradeId
from openoutcry.scoring.match.trade import Trade, ValuedTrade
from openoutcry.scoring.match.trades import Trades
from openoutcry.scoring.surveillance.finding import Exclusion, Finding, Kind
from openoutcry.scoring.surveillance.partners import Pair, pair_of


class ExclusionsState(Struct):
    values: dict[Pair, dict[TradeId, Money]] = {}
    """What every trade between two owners was worth to its buyer. The match keeps the trades themselves."""


class Exclusions:
    def __init__(self, trades: Trades) -> None:
        self._trades: Final = trades
        self.state = ExclusionsState()

    def valued(self, valued: ValuedTrade) -> None:
        pair = pair_of(valued.trade)
        if pair is not None:
            self.state.values.setdefault(pair, {})[valued.trade.trade_id] = valued.value

    def busted(self, trade: Trade) -> None:
        pair = pair_of(trade)
        if pair is not None:
            self.state.values.get(pair, {}).pop(trade.trade_id, None)

    def trades_of(self, pairs: Collection[Pair]) -> list[ValuedTrade]:
        """All between these owners, pair by pair, in the order in which they were valued."""
        return [
            ValuedTrade(self._trade(trade_id), value)
            for pair in pairs
            for trade_id, value in self.state.values.get(pair, {}).items()
        ]

    def of(self, findings: Sequence[Finding]) -> list[Exclusion]:
        """What these findings exclude: one for each pair, in the order of the findings."""
        kinds: dict[Pair, list[Kind]] = {}
        for finding in findings:
            if finding.excludes:
                kinds.setdefault(pair_in(finding), []).append(finding.kind)
        return [self._exclusion(pair, tuple(dict.fromkeys(of_pair))) for pair, of_pair in kinds.items()]

    def _exclusion(self, pair: Pair, kinds: tuple[Kind, ...]) -> Exclusion:
        excluded, first = self.trades_of((pair,)), pair[0]
        trades = [each.trade for each in excluded]
        return Exclusion(
            owners=pair,
            teams=tuple(sorted({side.team_id for trade in trades for side in (trade.buyer, trade.seller)})),
            kinds=kinds,
            trades=len(trades),
            contracts=sum(trade.quantity for trade in trades),
            value=Money(sum(each.value if each.trade.buyer.owner == first else -each.value for each in excluded)),
        )

    def _trade(self, trade_id: TradeId) -> Trade:
        trade = self._trades.get(trade_id)
        assert trade is not None, "the match keeps the session's trades"  # noqa: S101
        return trade


def pair_in(finding: Finding) -> Pair:
    first, second = sorted(finding.owners)
    return first, second
