"""What a role must do, and what follows if it does not."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from openoutcry.domain.types import MAX_QUANTITY
from openoutcry.scenarios.schema.bounds import Percent, Points, Seconds, SecondsOrNone

Ticks = Annotated[int, Meta(ge=0, le=100_000)]


class QuoteCoverageTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty of market makers: to stand on both sides of the options that count, narrow and large enough.

    A quote is narrow enough if ask - bid is at most the largest of a share of the theoretical value, volatility points
    times vega, and a number of ticks; to this a share of the spot times delta is added.
    """

    minimum_value_ticks: Annotated[
        Ticks, Meta(description="An option counts while its theoretical value is at least so many ticks.")
    ] = 5
    minimum_quantity: Annotated[
        int,
        Meta(
            ge=1,
            le=MAX_QUANTITY,
            description="Contracts that must stand on each side, or the most that the team's limit allows.",
        ),
    ] = 10
    width_value_percent: Annotated[Percent, Meta(description="Width: share of the theoretical value.")] = 10
    width_volatility_points: Annotated[Points, Meta(description="Width: volatility points of vega.")] = 2
    width_minimum_ticks: Annotated[Ticks, Meta(description="Width: ticks.")] = 4
    width_spot_percent: Annotated[Percent, Meta(description="Width: share of the spot, times delta, added.")] = Decimal(
        "0.1"
    )
    sample_seconds: Annotated[Seconds, Meta(description="One second in so many is looked at, drawn by chance.")] = 5
    window_seconds: Annotated[Seconds, Meta(description="Coverage is the mean over so long a time.")] = 300
    required_percent: Annotated[Percent, Meta(description="Share of the options that must be covered.")] = 80
    judged_from_seconds: Annotated[SecondsOrNone, Meta(description="A time shorter than this is not judged.")] = 60
    news_exempt_seconds: Annotated[SecondsOrNone, Meta(description="After news, nothing is measured so long.")] = 60
    protection_exempt_seconds: Annotated[
        SecondsOrNone, Meta(description="Nothing is measured while the team's quotes are frozen, so long at most...")
    ] = 30
    protection_exempt_window_seconds: Annotated[Seconds, Meta(description="... in each time as long as this.")] = 300


class PortfolioDeltaTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty: to keep the portfolio's delta small."""

    limit: Annotated[
        int, Meta(ge=1, le=10**9, description="Largest delta on either side, in contracts of the index.")
    ] = 50


class SpxSpyBalanceTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty of arbitrage desks: the deltas in index and tracker are opposite and nearly equal."""

    tolerance_percent: Annotated[
        Percent, Meta(description="Size of the sum of both deltas, at most, of the sum of their sizes.")
    ] = 20
    measured_from: Annotated[
        int,
        Meta(
            ge=0,
            le=10**9,
            description="Nothing is measured while the sum of their sizes is below this, in contracts of the index.",
        ),
    ] = 5


class SanctionsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ladder of sanctions: 0 none, 1 warned, 2 points off, 3 reduce-only."""

    breach_seconds: Annotated[Seconds, Meta(description="So long outside a duty raises the level by one.")] = 60
    reduce_only_seconds: Annotated[Seconds, Meta(description="How long level 3 lasts; then it is 2.")] = 300
    decay_seconds: Annotated[Seconds, Meta(description="So long without a breach lowers the level by one.")] = 1_800


class ProtectionTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Market-maker protection: what a team may ask of it. Its limits are the team's own."""

    least_move_percent: Annotated[
        Percent,
        Meta(
            description="Least `move`: share of half its spread by which a quote's theoretical value may move before"
            " the quote is pulled."
        ),
    ] = 10
    longest_interval_seconds: Annotated[Seconds, Meta(description="Longest window that adds up fills.")] = 3_600
    longest_frozen_seconds: Annotated[Seconds, Meta(description="Longest freeze that ends by itself.")] = 3_600
