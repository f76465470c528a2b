"""The simulated market: what prices, news and signals of a session are drawn from."""

from decimal import Decimal
from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.domain.simulation.headlines import Regime
from openoutcry.scenarios.rules import Amount, DecimalRange
from openoutcry.scenarios.schema.bounds import Percent, Seconds, SecondsOrNone

_THREE: Final = Meta(min_length=3, max_length=3)

Volatility = Annotated[
    Amount, DecimalRange(Decimal("0.01"), 1_000), Meta(description="Annual volatility in the regime, in points.")
]
Stay = Annotated[int, Meta(ge=10, le=10**7, description="Mean of how long it lasts, in market time.")]
Next = Annotated[
    tuple[Percent, ...],
    _THREE,
    Meta(description="Chances that `low`, `medium` or `high` follows it, together 100; its own is 0."),
]
Forced = Annotated[
    tuple[Percent, ...],
    _THREE,
    Meta(description="Chances of `low`, `medium` and `high` where news shift the regime, together 100."),
]
SmallPercent = Annotated[Amount, DecimalRange(0, 20)]


class LowRegimeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The regime of low volatility."""

    volatility_points: Volatility = 10
    stay_seconds: Stay = 3_600
    next_percent: Next = (0, 80, 20)
    forced_percent: Forced = (0, 70, 30)


class MediumRegimeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The regime of medium volatility."""

    volatility_points: Volatility = 20
    stay_seconds: Stay = 2_400
    next_percent: Next = (33, 0, 67)
    forced_percent: Forced = (10, 0, 90)


class HighRegimeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The regime of high volatility."""

    volatility_points: Volatility = 50
    stay_seconds: Stay = 1_200
    next_percent: Next = (10, 90, 0)
    forced_percent: Forced = (5, 85, 10)


class WorldTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices that move: index and tracker, regimes of volatility, news, and the theoretical variance that anybody could
    work out from them. Needs `[pricing]`.

    All of it is drawn from a secret seed before a session starts. The news are those of `[[headlines]]`.
    """

    start: Annotated[Regime, Meta(description="The regime in which every session starts.")] = "medium"
    news_gap_least_seconds: Annotated[
        Seconds, Meta(description="Least time between two items of news, and before the first...")
    ] = 300
    news_gap_beyond_seconds: Annotated[
        Seconds, Meta(description="... and the mean of the exponential time that comes on top of it.")
    ] = 2_100
    jump_percent: Annotated[SmallPercent, Meta(description="Mean size of a jump of the index's price at news.")] = (
        Decimal("0.5")
    )
    jump_spread_percent: Annotated[
        Percent, Meta(description="Standard deviation of the logarithm of a jump's size.")
    ] = 30
    tracker_deviation_percent: Annotated[
        SmallPercent, Meta(description="Standard deviation of the tracker's error, of the index's price.")
    ] = Decimal("0.04")
    tracker_half_life_seconds: Annotated[Seconds, Meta(description="Time in which half of the error is gone.")] = 600
    level_noise_percent: Annotated[
        SmallPercent, Meta(description="Standard deviation of the noise on all implied volatilities, of their level.")
    ] = Decimal("1.5")
    level_half_life_seconds: Annotated[Seconds, Meta(description="Time in which half of this noise is gone.")] = 1_800
    smile_seconds: Annotated[
        Seconds, Meta(description="Time to settlement at which the squared curvature of the smile has halved.")
    ] = 1_800
    low: LowRegimeTable = LowRegimeTable()
    medium: MediumRegimeTable = MediumRegimeTable()
    high: HighRegimeTable = HighRegimeTable()


class OddsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Chances of what a headline does, in percent, together 100. They are public, what it does is not."""

    regime_shift: Annotated[int, Meta(ge=0, le=100, description="The regime of volatility shifts.")] = 40
    price_jump: Annotated[int, Meta(ge=0, le=100, description="The price of the index jumps.")] = 30
    no_effect: Annotated[int, Meta(ge=0, le=100, description="Nothing happens.")] = 30


class HeadlineTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of news that may come. Needs a `[world]`, and takes the place of all the shipped headlines;
    `headlines = []` at the top makes a world without news.

    By weight, odds and sign together, up and down are in balance: else bots could earn by the drift of prices.
    """

    text: Annotated[str, Meta(min_length=1, max_length=200, description="What it says.")]
    category: Annotated[str, Meta(min_length=1, max_length=64, description="What it is about, in a word or two.")] = (
        "general"
    )
    jump_sign: Annotated[
        int, Meta(ge=-1, le=1, description="Where prices jump, if they do: 1 up, -1 down, 0 as chance has it.")
    ] = 0
    weight: Annotated[int, Meta(ge=1, le=10_000, description="How often it comes, beside the others.")] = 1
    odds: OddsTable = OddsTable()


class VolatilityForecastTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signal `volatility_forecast`: the regime may be another soon.

    A change is announced with a chance of its own, which is the signal's confidence. For each one that is missed there
    is a false alarm with the same confidence.
    """

    role: Annotated[str, Meta(description="Whose teams get it.")] = "hedge_fund"
    confidence_least_percent: Annotated[Percent, Meta(description="Least confidence...")] = 46
    confidence_most_percent: Annotated[Percent, Meta(description="... and highest.")] = 86
    lead_least_seconds: Annotated[Seconds, Meta(description="Least time from the signal to the change...")] = 60
    lead_most_seconds: Annotated[Seconds, Meta(description="... and longest; at most half of the regime's stay.")] = 300
    quiet_seconds: Annotated[
        SecondsOrNone, Meta(description="A false alarm is followed by so long a time without a change.")
    ] = 400
    blur_percent: Annotated[
        Percent, Meta(description="The time told is off the true one by at most this share of it.")
    ] = 30


class TrackingErrorTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The signal `tracking_error`: the tracker is about to be off its index."""

    role: Annotated[str, Meta(description="Whose teams get it.")] = "arbitrage_desk"
    ahead_seconds: Annotated[Seconds, Meta(description="The error told is that of so much later.")] = 2
    trigger: Annotated[
        Amount,
        DecimalRange(Decimal("0.001"), 10, decimals=3),
        Meta(description="Error that triggers it, in standard deviations."),
    ] = 1
    rearmed_percent: Annotated[
        Percent, Meta(description="The next one may come once the error is below this share of the trigger.")
    ] = Decimal("33.3333")
    confidence_percent: Annotated[Percent, Meta(description="Confidence at one standard deviation...")] = 66
    confidence_slope_percent: Annotated[
        Percent, Meta(description="... so much less for each standard deviation more...")
    ] = 20
    confidence_least_percent: Annotated[Percent, Meta(description="... and never less than this.")] = 10


class SignalsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Private signals: what only teams of one role are told. Needs a `[world]`. Each has a table of its own, which
    switches it on.
    """

    volatility_forecast: VolatilityForecastTable | None = None
    tracking_error: TrackingErrorTable | None = None
