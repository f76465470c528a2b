"""A trading day with market makers who protect their quotes: market seconds, marks, and what they were told."""

from core_stage import Stage

from openoutcry.domain import commands
from openoutcry.domain.commands import Price, QuoteTerms
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.events import OrderCancelled, ProtectionTriggered, QuoteReplaced
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.venue import Venue
from reference.workload import CALL, PUT, SPY, instrument

TRACKED = "SPY_CALL_450_20240315"
"""An option on the tracker, of which ten make one on the index."""

INSTRUMENTS = tuple(instrument(symbol) for symbol in (CALL, PUT, SPY, TRACKED))
OPENS, CLOSES = 1_000_000, 1_019_800


class QuotingStage(Stage):
    """Teams 1, 2, ... trade `INSTRUMENTS`, ticks of 0.01, or others, from `OPENS` on; `tick` moves market time by a
    second.
    """

    def __init__(self, *team_names, **rulebook_terms):
        game = rulebook_terms.pop("game", GameRules(index_ratio={"SPX": 1, "SPY": 10}))
        terms = {"instruments": INSTRUMENTS, "opening_phase": "closed", "game": game} | rulebook_terms
        super().__init__(*team_names, **terms)
        phases = ("continuous", OPENS), ("closed", CLOSES)
        timetable = tuple(commands.PhaseAt(phase, at, at) for phase, at in phases)
        self.do(commands.StartSession("2024-01-15", -18_000, timetable, 1_000, 7))
        self.market_time = OPENS

    def tick(self, seconds=1, **values):
        """The next market second, or one some seconds later, with new marks by name: `call=10_000`, or a `Mark`."""
        self.market_time += seconds
        places = {"call": 0, "put": 1, "spy": 2, "tracked": 3}
        marks = tuple(value if isinstance(value, Mark) else mark(places[name], value) for name, value in values.items())
        return self.do(commands.AdvanceMarket(self.market_time, (), marks))

    def protect(self, team=1, group=None, **settings):
        settings = {"interval_seconds": 5, "frozen_seconds": 30} | settings
        return self.do(commands.SetQuoteProtection(team, group, ProtectionSettings(**settings)))

    def quote(self, team, bid, ask, quantity=10, where=CALL):
        """Quote both sides, or one with None for the other. The ids that stand, or the codes that refused."""
        sides = [(None, 0) if ticks is None else (Price(ticks), quantity) for ticks in (bid, ask)]
        events = self.do(commands.ReplaceQuotes(team, (QuoteTerms(where, *sides[0], *sides[1]),)))
        result = next(event for event in events if isinstance(event, QuoteReplaced))
        refused = (result.bid_reject, result.ask_reject)
        return [
            reject.code if reject else order_id
            for reject, order_id in zip(refused, (result.bid_order_id, result.ask_order_id), strict=True)
        ]

    def take(self, team, side, quantity, where=CALL, ticks=None):
        """A market order, or with `ticks` one that is immediate or cancelled. What it did."""
        price = None if ticks is None else Price(ticks)
        return self.do(commands.SubmitOrder(team, where, side, quantity, price, "ioc"))

    def group(self, team=1, name="SPX"):
        return next(view for view in self.queries.quote_protection(team, 0) if view.group == name)

    def open_ids(self, team=1):
        return [order.order_id for order in self.queries.open_orders(team)]

    def restart(self):
        kept = decode(encode(self.venue.snapshot()))
        self.venue = Venue(self.venue._state.rulebook, snapshot=kept)
        self.queries = self.venue.queries


def mark(place, value, delta=0, vega=0):
    return Mark(place, value, 200_000, delta, 0, vega, 0)


def triggered(events):
    return [
        (event.team_id, event.group, event.limit, event.measured)
        for event in events
        if isinstance(event, ProtectionTriggered)
    ]


def cancelled(events):
    """Ids of the orders that protection has cancelled."""
    return [
        event.order_id
        for event in events
        if isinstance(event, OrderCancelled) and event.reason == "market_maker_protection"
    ]
