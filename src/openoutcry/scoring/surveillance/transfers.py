"""Value that one owner gives another: by trades at prices that the giver knows to be far off the value.

A price is held against the value at which the giver entered or amended its order, not against that of the trade. So who
quotes honestly and is hit after the value has moved gives nothing away; it is only slow. What was given is measured a
minute later, as everywhere. Dispersion is that of what came after the trade: it is no gift, and it is all that chance
can add to one.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.types import MONEY_UNITS, PPM, MarketTime, Money, Sequence, TeamId, TradeId
from openoutcry.scoring.match.trade import Trade, ValuedTrade
from openoutcry.scoring.surveillance.finding import Finding, first_commands, first_of

EXCHANGE: Final = ""
"""In place of an owner: the exchange's own teams."""


class Gift(Struct, frozen=True, array_like=True, gc=False):
    """One trade off the market. `value`: to who got it, a minute later; `moved`: what of it came after the trade."""

    market_time: MarketTime
    sequence: Sequence
    giver: TeamId
    receiver: TeamId
    contracts: int
    value: Money
    moved: Money


class TransfersState(Struct):
    waiting: dict[TradeId, bool] = {}
    """Trades off the market whose value is not known yet; whether the buyer gives."""
    gifts: dict[tuple[str, str], dict[TradeId, Gift]] = {}
    """By giver and receiver. As many as there are trades off the market."""


class Transfers:
    def __init__(self, rules: SurveillanceRules) -> None:
        self._rules: Final = rules
        self.state = TransfersState()

    def traded(
        self, trade: Trade, of_buyer: Money | None, of_seller: Money | None, width: Callable[[int], int]
    ) -> None:
        """`of_buyer`, `of_seller`: the value at which each acted, in its favour; None: it has none, or is the
        exchange's own. `width`: by column, so far off it a price may be.
        """
        over = 0 if of_buyer is None else trade.price - of_buyer
        under = 0 if of_seller is None else of_seller - trade.price
        if (over > 0 or under > 0) and max(over, under) > width(trade.column) and not trade.is_within_owner:
            self.state.waiting[trade.trade_id] = over >= under

    def valued(self, valued: ValuedTrade, multiplier: int) -> None:
        trade = valued.trade
        buyer_gives = self.state.waiting.pop(trade.trade_id, None)
        if buyer_gives is None:
            return
        giver, receiver = (trade.buyer, trade.seller) if buyer_gives else (trade.seller, trade.buyer)
        at_once = (trade.mark - trade.price) * trade.quantity * multiplier
        sign = -1 if buyer_gives else 1
        gift = Gift(
            trade.market_time,
            trade.sequence,
            giver.team_id,
            receiver.team_id,
            trade.quantity,
            Money(sign * valued.value),
            Money(sign * (valued.value - at_once)),
        )
        pair = giver.owner or EXCHANGE, receiver.owner or EXCHANGE
        self.state.gifts.setdefault(pair, {})[trade.trade_id] = gift

    def busted(self, trade: Trade) -> None:
        self.state.waiting.pop(trade.trade_id, None)
        for gifts in self.state.gifts.values():
            gifts.pop(trade.trade_id, None)

    def findings(self) -> list[Finding]:
        given: dict[str, int] = {}
        sums = {pair: sum(gift.value for gift in gifts.values()) for pair, gifts in self.state.gifts.items()}
        for (giver, _), value in sums.items():
            given[giver] = given.get(giver, 0) + max(value, 0)
        found = (self._judge(pair, value, given[pair[0]]) for pair, value in sums.items() if EXCHANGE not in pair)
        return [finding for finding in found if finding is not None]

    def _judge(self, pair: tuple[str, str], value: int, given: int) -> Finding | None:
        rules, gifts = self._rules, self.state.gifts[pair]
        currency = value // MONEY_UNITS
        squares = sum((gift.moved // MONEY_UNITS) ** 2 for gift in gifts.values())
        if currency < rules.transfer_currency or currency**2 < rules.transfer_deviations**2 * squares:
            return None
        if value * PPM < rules.transfer_share_ppm * given:
            return None
        giver, receiver = pair
        all_gifts = list(gifts.values())
        errors = currency / squares**0.5 if squares else None
        return Finding(
            kind="transfer",
            owners=pair,
            teams=tuple(sorted({team for gift in all_gifts for team in (gift.giver, gift.receiver)})),
            measure=currency,
            threshold=rules.transfer_currency,
            unit="currency",
            since=all_gifts[0].market_time,
            until=all_gifts[-1].market_time,
            trades=first_of(list(gifts)),
            trade_count=len(gifts),
            commands=first_commands([gift.sequence for gift in all_gifts]),
            command_count=len(gifts),
            excludes=True,
            text=f"{giver} gave {receiver} {currency:,} by {len(gifts)} trades of"
            f" {sum(gift.contracts for gift in all_gifts):,} contracts at prices that it knew to be far off the value:"
            f" {100 * value // given} % of all that it gave away like this,"
            + (" beyond chance." if errors is None else f" {errors:.1f} standard errors."),
        )
