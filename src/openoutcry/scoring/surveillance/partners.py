"""Who trades with whom: how much of what two owners trade in options they trade with each other at once.

An order that has stood was open to everybody. Owners with the same program meet by such orders again and again, once
there are new prices. What counts is an order that the other takes before others had a reason or the time to.
"""

from typing import Final

from msgspec import Struct

from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.types import PPM, MarketTime, Sequence, TeamId, TradeId
from openoutcry.scoring.match.trade import Trade
from openoutcry.scoring.surveillance.finding import Finding, first_commands, first_of

Pair = tuple[str, str]
"""Two owners, in alphabetical order."""


class Dealings(Struct):
    """What two owners have traded with each other in options by orders that were taken at once."""

    contracts: int = 0
    trades: dict[TradeId, Sequence] = {}
    teams: list[TeamId] = []
    since: MarketTime = MarketTime(0)
    until: MarketTime = MarketTime(0)


class PartnersState(Struct):
    totals: dict[str, int] = {}
    """Contracts and lots by owner, with all others."""
    options: dict[str, int] = {}
    """Of them, option contracts."""
    dealings: dict[Pair, Dealings] = {}


def pair_of(trade: Trade) -> Pair | None:
    """The owners of a trade; None: they are one, or one is the exchange."""
    buyer, seller = trade.buyer.owner, trade.seller.owner
    if buyer is None or seller is None or buyer == seller:
        return None
    return (buyer, seller) if buyer < seller else (seller, buyer)


class Partners:
    def __init__(self, rules: SurveillanceRules) -> None:
        self._rules: Final = rules
        self.state = PartnersState()

    def traded(self, trade: Trade, pair: Pair | None, stood: int | None, *, is_option: bool) -> None:
        """`stood`: market seconds from when the resting order was entered or last changed; None: none rested in this
        session.
        """
        self._count(trade, is_option, trade.quantity)
        if pair is None or not is_option or stood is None or stood > self._rules.pair_seconds:
            return
        dealings = self.state.dealings.get(pair)
        if dealings is None:
            dealings = self.state.dealings[pair] = Dealings(since=trade.market_time)
        dealings.contracts += trade.quantity
        dealings.trades[trade.trade_id] = trade.sequence
        dealings.until = trade.market_time
        for team_id in (trade.buyer.team_id, trade.seller.team_id):
            if team_id not in dealings.teams:
                dealings.teams.append(team_id)

    def busted(self, trade: Trade, *, is_option: bool) -> None:
        self._count(trade, is_option, -trade.quantity)
        pair = pair_of(trade)
        dealings = None if pair is None else self.state.dealings.get(pair)
        if dealings is not None and dealings.trades.pop(trade.trade_id, None) is not None:
            dealings.contracts -= trade.quantity

    def _count(self, trade: Trade, is_option: bool, quantity: int) -> None:
        if trade.is_within_owner:
            return
        for owner in (trade.buyer.owner, trade.seller.owner):
            if owner is not None:
                self.state.totals[owner] = self.state.totals.get(owner, 0) + quantity
                if is_option:
                    self.state.options[owner] = self.state.options.get(owner, 0) + quantity

    def total(self, owner: str) -> int:
        """Contracts and lots that it has traded with others."""
        return self.state.totals.get(owner, 0)

    def findings(self) -> list[Finding]:
        rules, found = self._rules, []
        for pair, dealings in self.state.dealings.items():
            contracts = dealings.contracts
            if contracts < max(rules.pair_contracts, 1):
                continue
            shares = [contracts * PPM // self.state.options[owner] for owner in pair]
            if min(shares) < rules.pair_share_ppm:
                continue
            first, second = pair
            found.append(
                Finding(
                    kind="pair_share",
                    owners=pair,
                    teams=tuple(sorted(dealings.teams)),
                    measure=min(shares),
                    threshold=rules.pair_share_ppm,
                    unit="ppm",
                    since=dealings.since,
                    until=dealings.until,
                    trades=first_of(list(dealings.trades)),
                    trade_count=len(dealings.trades),
                    commands=first_commands(list(dealings.trades.values())),
                    command_count=len(dealings.trades),
                    excludes=False,
                    text=f"{first} and {second} traded {contracts:,} option contracts with each other by orders that"
                    f" were taken {_within(rules.pair_seconds)} they were entered or changed:"
                    f" {shares[0] * 100 // PPM} % of what {first} traded, and {shares[1] * 100 // PPM} % of what"
                    f" {second} did.",
                )
            )
        return found


def _within(seconds: int) -> str:
    return f"at most {seconds} market seconds after" if seconds else "in the market second in which"
