"""A trading day with the exchange's own flow: each market second brings marks, and then the steps of the flow."""

from quoting_stage import CALL, INSTRUMENTS, OPENS, PUT, SPY, TRACKED, QuotingStage, mark

from openoutcry.domain import commands
from openoutcry.domain.day.game_rules import BandRules, GameRules
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import Reject
from openoutcry.domain.simulation.flow_rules import HouseRules, RetailRules
from openoutcry.simulation.flow.flow import MarketFlow
from openoutcry.simulation.flow.house import HouseMaker
from openoutcry.simulation.flow.retail import RetailFlow
from openoutcry.simulation.flow.trends import Trends
from reference.workload import instrument

HOUSE, FLOW, ANN, BOB = 1, 2, 3, 4

GAME = GameRules(index_ratio={"SPX": 1, "SPY": 10}, band=BandRules())

SPOTS = (UnderlyingMark("SPX", 45_000_000), UnderlyingMark("SPY", 4_500_000))

EXPIRIES = ("20240315", "20240322", "20240329")

CHAIN = tuple(
    instrument(symbol)
    for expiry in EXPIRIES
    for kind in ("CALL", "PUT")
    for symbol in (
        *(f"SPX_{kind}_{strike}_{expiry}" for strike in (4400, 4450, 4500, 4550, 4600)),
        *(f"SPY_{kind}_{strike}_{expiry}" for strike in (440, 445, 450, 455, 460)),
    )
)
"""Three expiries with five strikes each: two in the money, one at it, two out of it."""

NO_TRENDS = Trends([False], [0], [False])


class FlowStage(QuotingStage):
    """House and retail flow beside two teams of people."""

    def __init__(self, rules=None, game=GAME, instruments=INSTRUMENTS, **rulebook_terms):
        super().__init__("House", "Retail flow", "ann", "bob", game=game, instruments=instruments, **rulebook_terms)
        self.rules = rules or HouseRules()
        self.instruments = instruments
        self.protect(HOUSE, move_ppm=self.rules.pull_ppm)
        self.house = HouseMaker(self.rules, HOUSE, instruments)
        self.flow = MarketFlow(self.house, None)
        self.shown = self.queries.shown()
        self.sent = []
        """What the flow has sent in the last second."""
        self.refused = []
        """Its commands, and sides of its quotes, that were refused, ever."""

    def let_retail_in(self, trends=NO_TRENDS, seed=b"seed", quotes=True, **rules):
        """From now on, beside the house or (`quotes` False) alone."""
        retail = RetailFlow(RetailRules(**rules), self.rules, FLOW, self.instruments, seed, OPENS, trends)
        self.flow = MarketFlow(self.house if quotes else None, retail)

    def tick(self, seconds=1, underlyings=SPOTS, **values):
        self.market_time += seconds
        places = {"call": 0, "put": 1, "spy": 2, "tracked": 3}
        marks = [value if not isinstance(value, int) else mark(places[name], value) for name, value in values.items()]
        return self.do(commands.AdvanceMarket(self.market_time, underlyings, tuple(marks)))

    def mark_all(self, value, **greeks):
        """Give every instrument the same mark."""
        marks = tuple(mark(place, value, **greeks) for place in range(len(self.instruments)))
        self.do(commands.AdvanceMarket(self.market_time + 1, SPOTS, marks))
        self.market_time += 1

    def second(self, seconds=1, **values):
        """The next market second, and what the flow does in it; what happened."""
        return self.tick(seconds, **values) + self.steps()

    def steps(self):
        self.sent = []
        events = []
        for step in self.flow.steps(self.market_time):
            events += self.perform(step.decide(self.shown))
        return events

    def perform(self, sent):
        events = []
        for command in sent:
            self.sent.append(command)
            verdict = self.venue.validate(command)
            if isinstance(verdict, Reject):
                self.refused.append((command, verdict))
            elif not self.venue.changes_nothing(command):
                events += self.do(command)
        for event in events:
            for reject in (getattr(event, "bid_reject", None), getattr(event, "ask_reject", None)):
                if reject is not None:
                    self.refused.append((event.instrument_id, reject))
        return events

    def stands(self, where=CALL, team=HOUSE):
        """Prices of the team's quote."""
        return self.shown.instrument(team, where).quote_prices

    def left(self, where=CALL, team=HOUSE):
        """Quantities of the team's quote."""
        return self.shown.instrument(team, where).quote_quantities

    def position(self, team, where=CALL):
        return self.shown.position(team, where)[0]

    def news(self):
        """News that come by themselves, at the market second that is."""
        self.do(commands.PublishNews("Rates stay", "general", NewsOdds()))


__all__ = ["ANN", "BOB", "BUY", "CALL", "FLOW", "HOUSE", "PUT", "SELL", "SPY", "TRACKED", "FlowStage", "mark"]
