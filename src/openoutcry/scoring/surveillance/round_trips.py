"""Contracts that go from one owner to another and soon come back, so that both have traded and neither has paid.

Who opens and closes a position with the same market maker pays its spread twice, and always takes: that is no round
trip. One is where the price comes back as it went, or where each has waited for the other once; both ways by orders
that were taken at once, as those of pairs are: who leaves an order standing does not know who comes.
"""

from typing import Final

from msgspec import Struct

from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.types import PPM, MarketTime, Money, Sequence, TeamId, TradeId
from openoutcry.scoring.match.trade import Trade
from openoutcry.scoring.surveillance.finding import Finding, first_commands, first_of
from openoutcry.scoring.surveillance.partners import Pair, Partners

SIMILAR: Final = 2
"""One of two quantities is at most so many times the other."""

MOST_WAYS: Final = 200
"""Of a pair in an instrument; an order waits while they are looked through. The oldest are forgotten first."""


class Way(Struct, array_like=True):
    """A trade between two owners that may come back. `taker`: whose order did not wait."""

    trade_id: TradeId
    sequence: Sequence
    market_time: MarketTime
    teams: tuple[TeamId, TeamId]
    buyer: str
    taker: str
    quantity: int
    price: Money
    mark: Money


class Trip(Struct, frozen=True, array_like=True):
    there: TradeId
    back: TradeId
    sequences: tuple[Sequence, Sequence]
    teams: tuple[TeamId, TeamId]
    since: MarketTime
    until: MarketTime
    contracts: int
    """Both ways together."""


class RoundTripsState(Struct):
    ways: dict[tuple[str, str, int], list[Way]] = {}
    """By pair and column: trades that are not much older than a way back may take, the newest ones."""
    trips: dict[Pair, list[Trip]] = {}
    forget_at: MarketTime = MarketTime(0)


class RoundTrips:
    def __init__(self, rules: SurveillanceRules, partners: Partners) -> None:
        self._rules: Final = rules
        self._partners: Final = partners
        self.state = RoundTripsState()

    def traded(self, trade: Trade, pair: Pair, tick_size: int, stood: int | None) -> None:
        """`stood`: market seconds from when the resting order was entered or last changed; None: none rested."""
        if stood is None or stood > self._rules.pair_seconds:
            return
        way = _way(trade)
        oldest = way.market_time - self._rules.round_trip_seconds
        ways = self.state.ways.setdefault((*pair, trade.column), [])
        for place, there in enumerate(ways):
            if there.market_time >= oldest and there.buyer != way.buyer and self._is_back(there, way, tick_size):
                del ways[place]
                self.state.trips.setdefault(pair, []).append(_trip(there, way))
                return
        ways.append(way)
        if len(ways) > MOST_WAYS:
            del ways[0]

    def passed(self, now: MarketTime) -> None:
        """A second of the market. What is too old to come back is forgotten as often as something may come back."""
        if now < self.state.forget_at:
            return
        oldest = now - self._rules.round_trip_seconds
        self.state.forget_at = MarketTime(now + self._rules.round_trip_seconds)
        young = {key: [way for way in ways if way.market_time >= oldest] for key, ways in self.state.ways.items()}
        self.state.ways = {key: ways for key, ways in young.items() if ways}

    def busted(self, trade: Trade) -> None:
        for key, ways in self.state.ways.items():
            self.state.ways[key] = [way for way in ways if way.trade_id != trade.trade_id]
        for pair, trips in self.state.trips.items():
            self.state.trips[pair] = [trip for trip in trips if trade.trade_id not in (trip.there, trip.back)]

    def _is_back(self, there: Way, back: Way, tick_size: int) -> bool:
        less, more = sorted((there.quantity, back.quantity))
        if more > SIMILAR * less:
            return False
        if there.taker != back.taker:
            return True
        went = back.price - there.price
        return went == 0 or abs(went - (back.mark - there.mark)) <= self._rules.round_trip_ticks * tick_size

    def findings(self) -> list[Finding]:
        rules, found = self._rules, []
        for pair, trips in self.state.trips.items():
            contracts = sum(trip.contracts for trip in trips)
            if not trips or len(trips) < rules.round_trips:
                continue
            share, owner = max((contracts * PPM // self._partners.total(owner), owner) for owner in pair)
            if share < rules.round_trip_share_ppm:
                continue
            trades = [trade_id for trip in trips for trade_id in (trip.there, trip.back)]
            sequences = [sequence for trip in trips for sequence in trip.sequences]
            first, second = pair
            found.append(
                Finding(
                    kind="round_trips",
                    owners=pair,
                    teams=tuple(sorted({team_id for trip in trips for team_id in trip.teams})),
                    measure=len(trips),
                    threshold=rules.round_trips,
                    unit="round trips",
                    since=min(trip.since for trip in trips),
                    until=trips[-1].until,
                    trades=first_of(trades),
                    trade_count=len(trades),
                    commands=first_commands(sequences),
                    command_count=len(sequences),
                    excludes=True,
                    text=f"{first} and {second} sent {contracts // 2:,} contracts to each other and back,"
                    f" {len(trips)} times within {rules.round_trip_seconds} seconds, without paying a spread:"
                    f" {share * 100 // PPM} % of what {owner} traded.",
                )
            )
        return found


def _way(trade: Trade) -> Way:
    buyer, seller = trade.buyer, trade.seller
    assert buyer.owner is not None and seller.owner is not None, "it is between two owners"  # noqa: S101, PT018
    taker = buyer.owner if buyer.liquidity == "taker" else seller.owner
    return Way(
        trade.trade_id,
        trade.sequence,
        trade.market_time,
        (buyer.team_id, seller.team_id),
        buyer.owner,
        taker,
        trade.quantity,
        trade.price,
        trade.mark,
    )


def _trip(there: Way, back: Way) -> Trip:
    return Trip(
        there.trade_id,
        back.trade_id,
        (there.sequence, back.sequence),
        back.teams,
        there.market_time,
        back.market_time,
        there.quantity + back.quantity,
    )
