"""From when on what teams do is brought before the organiser."""

from msgspec import Struct


class SurveillanceRules(Struct, frozen=True, kw_only=True):
    """Thresholds; what reaches all of its kind's is a finding. Contracts are contracts or lots."""

    off_market_ppm: int = 500_000
    """Of the width of the price band: a team gives something away where its price is further off the value than this.
    """
    late_seconds: int = 2
    """For so long after a second of the market a team may still act on the values before it."""
    transfer_currency: int = 5_000
    """Value that one owner gives another,"""
    transfer_deviations: int = 4
    """by so many standard errors,"""
    transfer_share_ppm: int = 300_000
    """and by such a share of all that it gives away."""
    round_trip_seconds: int = 120
    """Contracts come back to their seller within this time,"""
    round_trip_ticks: int = 1
    """at so nearly the price at which they went that neither pays a spread, or by orders that waited for each other,"""
    round_trips: int = 5
    """so often,"""
    round_trip_share_ppm: int = 200_000
    """and make such a share of what one of the two trades."""
    pair_seconds: int = 0
    """An order of one owner is taken by another within this time after it was entered or changed (0: in the same
    second, before there are new prices): only such trades are ways of round trips, and count for pairs.
    """
    pair_contracts: int = 200
    """by so many option contracts,"""
    pair_share_ppm: int = 950_000
    """which are such a share of what each of them trades."""
    messages: int = 5_000
    """Messages of a team, replacements of quotes left out,"""
    messages_per_fill: int = 1_000
    """of which so many come to one fill."""
    layering_ratio: int = 3
    """After a trade, so many times what was traded goes from the other side, and does not come back,"""
    layering_trades: int = 5
    """after so many trades,"""
    layering_share_ppm: int = 200_000
    """which are such a share of the team's."""
    burst_messages: int = 20
    """Messages of a team about one instrument in one market second, with fewer fills than one for so many of them,"""
    bursts: int = 5
    """so often."""
