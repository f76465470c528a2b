"""From when on what teams do is brought before the organiser."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from openoutcry.scenarios.schema.bounds import Percent, Seconds, SecondsOrNone

_Number: Final = Meta(ge=1, le=10**9)


class SurveillanceTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What counts as too much. Every scenario with `[scoring]` is watched, with these numbers where there is no such
    table. Something is a finding once it reaches all thresholds of its kind; `openoutcry admin surveillance` shows it.
    """

    off_market_percent: Annotated[
        Percent,
        Meta(
            description="A team gives something away where it knowingly trades further off the value than this share of"
            " the price band's width."
        ),
    ] = 50
    late_seconds: Annotated[
        SecondsOrNone, Meta(description="So long a team may still act on the values of before.")
    ] = 2
    transfer_currency: Annotated[int, _Number, Meta(description="Transfers: value that one owner gives another...")] = (
        5_000
    )
    transfer_deviations: Annotated[
        int, Meta(ge=0, le=1_000, description="... by so many standard errors of what came by chance...")
    ] = 4
    transfer_share_percent: Annotated[
        Percent, Meta(description="... and by such a share of all that it gives away like this.")
    ] = 30
    round_trip_seconds: Annotated[
        Seconds, Meta(description="Round trips: contracts that come back to their seller within this time...")
    ] = 120
    round_trip_ticks: Annotated[
        int, Meta(ge=0, le=100_000, description="... at the price at which they went, give or take so many ticks...")
    ] = 1
    round_trips: Annotated[int, _Number, Meta(description="... so often...")] = 5
    round_trip_share_percent: Annotated[
        Percent, Meta(description="... and make such a share of what one of the two trades.")
    ] = 20
    pair_seconds: Annotated[
        SecondsOrNone,
        Meta(
            description="Pairs, and round trips: orders that one owner takes from another within this time after they"
            " were entered or changed (0: in the same market second, before there are new prices)..."
        ),
    ] = 0
    pair_contracts: Annotated[int, _Number, Meta(description="... of so many option contracts...")] = 200
    pair_share_percent: Annotated[
        Percent, Meta(description="... where they are such a share of what each of them trades.")
    ] = 95
    messages: Annotated[
        int, _Number, Meta(description="Messages of a team about single orders, quotes left out...")
    ] = 5_000
    messages_per_fill: Annotated[int, _Number, Meta(description="... where so many come to one fill.")] = 1_000
    layering_ratio: Annotated[
        int,
        _Number,
        Meta(
            description="Layering: after a trade, so many times what was traded goes from the other side within a"
            " market second, and does not come back..."
        ),
    ] = 3
    layering_trades: Annotated[int, _Number, Meta(description="... after so many trades...")] = 5
    layering_share_percent: Annotated[Percent, Meta(description="... which are such a share of the team's.")] = 20
    burst_messages: Annotated[
        int,
        _Number,
        Meta(
            description="Bursts: so many messages of a team about one instrument within a market second, and not one"
            " fill for so many..."
        ),
    ] = 20
    bursts: Annotated[int, _Number, Meta(description="... so often.")] = 5
