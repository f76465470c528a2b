"""A trading day with the exchange's own flow: each market second brings marks, and then the steps of the flow."""

from quoting_stage import CALL, INSTRUMENTS, PUT, SPY, TRACKED, QuotingStage, mark

from openoutcry.domain import commands
from openoutcry.domain.day.game_rules import BandRules, GameRules
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.events import NewsPublished
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import Reject
from openoutcry.domain.simulation.flow_rules import HouseRules
from openoutcry.simulation.flow.house import HouseMaker

HOUSE, FLOW, ANN, BOB = 1, 2, 3, 4

GAME = GameRules(index_ratio={"SPX": 1, "SPY": 10}, band=BandRules())

SPOTS = (UnderlyingMark("SPX", 45_000_000), UnderlyingMark("SPY", 4_500_000))


class FlowStage(QuotingStage):
    """The house and two teams of people trade four instruments: SPX call and put, SPY lots, SPY call."""

    def __init__(self, rules=None, game=GAME, **rulebook_terms):
        super().__init__("House", "Retail flow", "ann", "bob", game=game, **rulebook_terms)
        self.rules = rules or HouseRules()
        self.protect(HOUSE, move_ppm=self.rules.pull_ppm)
        self.house = HouseMaker(self.rules, HOUSE, INSTRUMENTS)
        self.shown = self.queries.shown()
        self.sent = []
        """What the flow has sent in the last second."""
        self.refused = []
        """Its commands, and sides of its quotes, that were refused, ever."""

    def tick(self, seconds=1, underlyings=SPOTS, **values):
        self.market_time += seconds
        places = {"call": 0, "put": 1, "spy": 2, "tracked": 3}
        marks = [value if not isinstance(value, int) else mark(places[name], value) for name, value in values.items()]
        return self.do(commands.AdvanceMarket(self.market_time, underlyings, tuple(marks)))

    def second(self, seconds=1, **values):
        """The next market second, and what the house does in it; what happened."""
        return self.tick(seconds, **values) + self.steps()

    def steps(self):
        self.sent = []
        return [event for step in self.house.steps for event in self.perform(step.decide(self.shown))]

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
        return self.shown.quoting(team, where).own_prices

    def left(self, where=CALL, team=HOUSE):
        """Quantities of the team's quote."""
        return self.shown.quoting(team, where).own_quantities

    def position(self, team, where=CALL):
        return self.shown.position(team, where)[0]

    def news(self):
        """News come, with no command of the tick: what is known of them is their time."""
        events = self.do(commands.PublishNews("Rates stay", "general", NewsOdds()))
        assert any(isinstance(event, NewsPublished) for event in events)


__all__ = ["ANN", "BOB", "BUY", "CALL", "FLOW", "HOUSE", "PUT", "SELL", "SPY", "TRACKED", "FlowStage", "mark"]
