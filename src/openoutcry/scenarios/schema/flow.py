"""Who trades for the exchange itself: the house market maker and the retail flow."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_QUANTITY
from openoutcry.scenarios.rules import Amount, DecimalRange
from openoutcry.scenarios.schema.bounds import Percent, Points, Seconds, SecondsOrNone

Ticks = Annotated[int, Meta(ge=1, le=100_000)]
Quantity = Annotated[int, Meta(ge=1, le=MAX_QUANTITY)]
Milliseconds = Annotated[int, Meta(ge=0, le=1_000)]
_TIMES: Final = Meta(ge=1, le=100)


class HouseTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The house market maker, which quotes every instrument around its theoretical value. Needs a `[world]`.

    It pays the fees of the role `market_maker`. Half the spread of an option is the most of volatility points times
    vega, a share of the spot times delta, and a number of ticks.
    """

    width_volatility_points: Annotated[Points, Meta(description="Half the spread: volatility points of vega.")] = (
        Decimal("0.5")
    )
    width_spot_percent: Annotated[Percent, Meta(description="Half the spread: share of the spot, times delta.")] = (
        Decimal("0.01")
    )
    width_minimum_ticks: Annotated[Ticks, Meta(description="Half the spread: ticks.")] = 2
    quantity: Annotated[Quantity, Meta(description="Contracts a side.")] = 10
    spot_width_ticks: Annotated[Ticks, Meta(description="Half the spread of a spot instrument.")] = 2
    spot_quantity: Annotated[Quantity, Meta(description="Lots a side of a spot instrument.")] = 2_000
    pull_percent: Annotated[
        Amount,
        DecimalRange(Decimal("0.0001"), 100),
        Meta(description="A quote goes when its theoretical value moves by more than this share of half its spread."),
    ] = 25
    delay_milliseconds: Annotated[
        Milliseconds, Meta(description="Market time from a second's prices to the house's new quotes.")
    ] = 200
    comeback_seconds: Annotated[
        SecondsOrNone, Meta(description="So long after a fill, the side that was filled is quoted again...")
    ] = 5
    spot_comeback_seconds: Annotated[SecondsOrNone, Meta(description="... and that of a spot instrument.")] = 1
    skew_contracts: Annotated[
        Quantity,
        Meta(
            description="An option's quotes are moved against the position: by half their spread at this one, but never"
            " so far that a move of the value which pulls nothing makes them worth hitting."
        ),
    ] = 200
    spot_skew_lots: Annotated[
        Quantity, Meta(description="The position at which a spot instrument's are moved by a tick, the most they are.")
    ] = 4_000
    news_seconds: Annotated[SecondsOrNone, Meta(description="For so long after news its spreads are wider...")] = 60
    news_width_percent: Annotated[
        Amount, DecimalRange(100, 10_000), Meta(description="... as wide as this, of the usual spread.")
    ] = 200
    call_seconds: Annotated[Seconds, Meta(description="In a call, quotes are entered anew so often.")] = 10


class RetailFlowTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The retail flow: small orders in options at random instants, by habits of retail traders. Needs a `[world]`.

    It pays the fees of the role `retail`.
    """

    orders_per_minute: Annotated[int, Meta(ge=1, le=6_000, description="Mean number of orders, in market time.")] = 36
    earliest_milliseconds: Annotated[
        Milliseconds, Meta(description="The first instant after a second's prices at which one comes.")
    ] = 200
    buy_percent: Annotated[Percent, Meta(description="Share of buys.")] = 50
    call_percent: Annotated[Percent, Meta(description="Share of calls.")] = 60
    out_of_the_money_percent: Annotated[Percent, Meta(description="Share of options out of the money.")] = 70
    expiries_percent: Annotated[
        tuple[Percent, ...],
        Meta(min_length=1, max_length=50),
        Meta(description="Shares of the expiries, the nearest first, together 100."),
    ] = (80, 15, 5)
    quantity_beyond: Annotated[
        Quantity, Meta(description="An order is for 1 contract, and an exponential number of this mean beyond it...")
    ] = 5
    quantity_most: Annotated[Quantity, Meta(description="... but for so many at most.")] = 50
    market_percent: Annotated[Percent, Meta(description="Share of market orders. The others are limit orders:")] = 40
    aggressive_percent: Annotated[Percent, Meta(description="... share at the other side's best price...")] = 30
    touch_percent: Annotated[
        Percent, Meta(description="... at their own side's best price; the rest are far from the theoretical value.")
    ] = 50
    cancel_seconds: Annotated[Seconds, Meta(description="A resting order is cancelled when it is so old.")] = 120
    profit_percent: Annotated[Percent, Meta(description="A gain of a long position that is taken...")] = 20
    profit_chance_percent: Annotated[Percent, Meta(description="... with this chance.")] = 15
    panic_percent: Annotated[
        Percent, Meta(description="A fall of the index below the day's high that makes retail sell calls...")
    ] = Decimal("1.5")
    panic_chance_percent: Annotated[Percent, Meta(description="... with this chance...")] = 20
    panic_times: Annotated[int, _TIMES, Meta(description="... and so many times the quantity.")] = 3
    momentum_seconds: Annotated[
        Seconds, Meta(description="Three moves in a row over so long, all one way, are followed...")
    ] = 60
    momentum_chance_percent: Annotated[Percent, Meta(description="... with this chance...")] = 30
    momentum_times: Annotated[int, _TIMES, Meta(description="... and so many times the quantity.")] = 2
    spike_points: Annotated[
        Points, Meta(description="A rise of today's implied volatility at the money that makes retail buy calls...")
    ] = 3
    spike_seconds: Annotated[Seconds, Meta(description="... over so long...")] = 300
    spike_chance_percent: Annotated[Percent, Meta(description="... with this chance.")] = 25
