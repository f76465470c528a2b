"""Nobody gains by painting the close. Each trick is tried in the last second of a match that was played without it too:
whatever a team has more or less is what its trades of that second are worth at values which no order moves.
"""

import pytest
from scoring_stage import Match, match_scenario, scores_of

from openoutcry.domain.commands import MassCancel, Price, SubmitOrder
from openoutcry.domain.events import OrderExecuted
from openoutcry.domain.orders import BUY
from openoutcry.domain.reasons import Accepted

MINUTES = 5
PAINTER, FRIEND = "amber", "delta"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return match_scenario(tmp_path_factory.mktemp("match"), minutes=MINUTES)


class Close:
    """A match of which the last second is left; `value`: what each team's trades in it turn out to be worth."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.match = Match(scenario)
        self.match.trade_until(60 * MINUTES - 1)
        self._played = len(self.match.tape)

    def end(self):
        self.match.end_quietly()
        self.match.close()
        accounts = {name: self.match.queries.account(team) for name, team in self.match.teams.items()}
        self.equity = {name: account.equity for name, account in accounts.items()}
        entries = scores_of(self.scenario, self.match.tape).entries()
        self.pnl = {entry.team_name: entry.pnl + entry.excluded_value for entry in entries}
        self.marks = self.match.queries.marks()
        self.value = dict.fromkeys(self.match.teams, 0)
        names = {team: name for name, team in self.match.teams.items()}
        for fill in self.fills():
            if fill.team_id in names:
                gained = self._worth(fill.instrument_id) - fill.price * self._tick_value(fill.instrument_id)
                bought = fill.quantity if fill.side == BUY else -fill.quantity
                self.value[names[fill.team_id]] += bought * gained - fill.fees
        return self

    def fills(self, name=None):
        """In the last second, of all teams or of one."""
        return [
            event
            for _, events in self.match.tape[self._played :]
            for event in events
            if isinstance(event, OrderExecuted) and (name is None or event.team_id == self.match.teams[name])
        ]

    def _tick_value(self, instrument_id):
        return self.match.queries.instrument(instrument_id).tick_value

    def _worth(self, instrument_id):
        """Of one contract after the close."""
        queries = self.match.queries
        settlement = queries.settlement(instrument_id)
        if settlement is not None:
            return settlement.settlement_price * self._tick_value(instrument_id)
        places = queries.instruments()
        return next(
            mark.value * places[mark.place].multiplier
            for mark in self.marks.marks
            if places[mark.place].instrument_id == instrument_id
        )

    # ---- what a painter does ------------------------------------------------------------------------------------

    def held(self):
        """An option of the later series of which the painter is long."""
        positions = self.match.queries.positions(self.match.teams[PAINTER])
        return next(each for each, held in positions.items() if held > 0 and each.endswith("20240321"))

    def order(self, name, instrument_id, side, quantity, price):
        command = SubmitOrder(self.match.teams[name], instrument_id, side, quantity, Price(price))
        verdict = self.match.perform(command)[0].verdict
        assert isinstance(verdict, Accepted), verdict

    def best(self, instrument_id):
        depth = self.match.queries.depth(instrument_id, 1)
        return depth.bids[0][0], depth.asks[0][0]

    def highest_price(self, name, instrument_id):
        """At which the team may buy."""
        team_id, highest = self.match.teams[name], self.best(instrument_id)[1] + 500
        orders = (SubmitOrder(team_id, instrument_id, "buy", 1, Price(price)) for price in range(highest, 0, -1))
        return next(order.price.ticks for order in orders if isinstance(self.match.sequencer.validate(order), Accepted))

    def drop_orders(self, *names):
        for name in names:
            self.match.perform(MassCancel(self.match.teams[name]))


def quotes_for_a_moment(close):
    """The best bid by far, and gone before anybody can sell to it."""
    option = close.held()
    bid, ask = close.best(option)
    close.order(PAINTER, option, "buy", 1, ask - 1)
    assert close.best(option)[0] > bid
    close.drop_orders(PAINTER)


def layered_quotes(close):
    """Bids on the prices below the best ask, which stay to the close."""
    option = close.held()
    bid, ask = close.best(option)
    for price in range(max(bid + 1, ask - 8), ask):
        close.order(PAINTER, option, "buy", 1, price)
    assert close.best(option)[0] > bid


def one_contract_at_the_touch(close):
    """A last trade at the higher of the best prices."""
    option = close.held()
    close.drop_orders(PAINTER)
    close.order(PAINTER, option, "buy", 1, close.best(option)[1])
    assert [fill.quantity for fill in close.fills(PAINTER)] == [1]


def trades_with_a_friend(close):
    """A last trade at the edge of the price band, behind all that is offered below it."""
    option = close.held()
    edge = close.highest_price(FRIEND, option)
    close.drop_orders(*close.match.teams)
    close.order(PAINTER, option, "sell", 1, edge)
    offered = sum(quantity for price, quantity in close.match.queries.depth(option, 20).asks if price <= edge)
    close.order(FRIEND, option, "buy", offered, edge)
    assert [fill.price for fill in close.fills(PAINTER)] == [edge]


TRICKS = (quotes_for_a_moment, layered_quotes, one_contract_at_the_touch, trades_with_a_friend)


@pytest.fixture(scope="module")
def honest(scenario):
    return Close(scenario).end()


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_a_painted_close_is_worth_what_was_traded_in_it(scenario, honest, trick):
    painted = Close(scenario)
    trick(painted)
    painted.end()
    assert painted.marks == honest.marks
    for name in honest.equity:
        gained = painted.value[name] - honest.value[name]
        assert painted.equity[name] - honest.equity[name] == gained, name
        assert painted.pnl[name] - honest.pnl[name] == gained, name
