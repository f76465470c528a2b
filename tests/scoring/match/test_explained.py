"""P&L explained, against a slow reference that counts in fractions, fill by fill and step by step."""

from collections import defaultdict
from fractions import Fraction

import numpy as np
from core_stage import CALL, Stage
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.game_rules import GameRules
from openoutcry.domain.day.marks import Mark, UnderlyingMark
from openoutcry.domain.day.opening_hours import OpeningHours
from openoutcry.domain.events import InstrumentSettled, OrderExecuted, PositionUpdated
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MarketTime, TimestampUs
from openoutcry.scoring.match.explained import Explainer
from openoutcry.scoring.match.match import Match
from reference.workload import instrument

SPY = "SPY"
SPY_PUT = "SPY_PUT_450_20240315"
LATER = "SPX_PUT_4500_20240315"
INSTRUMENTS = (instrument(CALL), instrument(SPY_PUT, tick_size=7, multiplier=30), instrument(SPY))
LISTED_LATER = instrument(LATER, tick_size=5)
OPENING = 1_705_329_000  # 2024-01-15 09:30 in New York
CALL_SECONDS = 600
HOURS = OpeningHours(9 * 3_600 + 1_800, 15 * 3_600)
SESSION_SECONDS = 19_800
CLOSE = OPENING + 3 * 3_600 + 1_200  # of a half day
DAY = 86_400
PARTS = ("delta", "gamma", "theta", "vega", "edge", "fees", "settlement")


class Explaining(Stage):
    """A venue whose match is explained, and explained once more by the reference."""

    def __init__(self):
        self.match = None
        game = GameRules(index_ratio={"SPX": 1, SPY: 10})
        super().__init__(instruments=INSTRUMENTS, opening_phase="closed", game=game)
        self.match = self._new_match()
        self.parts = defaultdict(Fraction)
        """By hour, part, team and instrument."""
        self.held = defaultdict(int)
        self.costs = defaultdict(int)
        self.marks, self.prices = {}, {}
        self.settled, self.busted = set(), set()
        self.trades, self.of_before = {}, set()
        self.teams = self.days = 0
        for _ in range(3):
            self.register()
        self.start()

    @property
    def explainer(self):
        (part,) = self.match.parts
        return part

    def _new_match(self):
        rulebook = self.venue._state.rulebook
        return Match(rulebook, INSTRUMENTS, 60, lambda ledger, _trades: (Explainer(ledger, HOURS),))

    def do(self, command):
        self.last = events = super().do(command)
        if self.match is not None:
            self.match.apply(Sequenced(self.sequence, TimestampUs(0), command, Accepted()), events)
        return events

    # ---- what happens -------------------------------------------------------------------------------------------

    def register(self):
        self.do(commands.RegisterTeam(f"team {self.teams}", "trader", bytes([self.teams])))
        self.teams += 1

    def start(self):
        self.shift = self.days * DAY
        self.now = OPENING - CALL_SECONDS + self.shift
        close = CLOSE + self.shift
        timetable = (PhaseAt("continuous", self.now, self.now), PhaseAt("closed", close, close))
        self.do(commands.StartSession(f"2024-01-{15 + self.days}", -18_000, timetable, 1_000, 7))
        self.days += 1
        self.parts.clear()
        self.hour = 0
        self.of_before |= self.trades.keys()
        self.began_with = {team: self.equity(team) for team in range(1, self.teams + 1)}

    def next_session(self):
        if self.queries.day().is_running:
            self.do(commands.EndSession())
        self.start()

    def tick(self, seconds, spx, marks):
        """`marks`: numbers of a mark by place."""
        if not self.queries.day().is_running:
            return
        symbols = [each.instrument_id for each in self.queries.instruments()]
        told = {symbols[place]: Mark(place, *numbers) for place, numbers in marks.items() if place < len(symbols)}
        if SPY in told:
            told[SPY] = Mark(symbols.index(SPY), told[SPY].value, 0, 1_000_000, 0, 0, 0)
        before, prices = self.marks, self.prices
        since, self.now = self.now, self.now + seconds
        self.marks = before | told
        self.prices = prices | {"SPX": spx}
        self.do(commands.AdvanceMarket(MarketTime(self.now), (UnderlyingMark("SPX", spx),), tuple(told.values())))
        self._step(before, prices, since)

    def _step(self, before, prices, since):
        opening, close = OPENING + self.shift, CLOSE + self.shift
        passed = max(min(self.now, close) - max(since, opening), 0)
        for (team, symbol), held in self.held.items():
            mark, now = before.get(symbol), self.marks.get(symbol)
            if not held or now is None:
                continue
            terms = self._terms(symbol)
            size = held * terms.multiplier
            if mark is None:
                self._add("edge", team, symbol, size * now.value - self.costs[team, symbol])
                continue
            moved = Fraction(now.value - mark.value)
            if terms.option is not None:
                moved = Fraction(self.prices["SPX"] - prices["SPX"], 10 if terms.underlying == SPY else 1)
            points = Fraction(now.volatility - mark.volatility, 10_000) if now.volatility and mark.volatility else 0
            self._add("delta", team, symbol, size * Fraction(mark.delta, 10**6) * moved)
            # Gamma is per unit of currency squared, and the step in money units of 1e-4.
            self._add("gamma", team, symbol, size * Fraction(mark.gamma, 10**9) * (moved / 10**4) ** 2 / 2 * 10**4)
            self._add("theta", team, symbol, size * Fraction(mark.theta * passed, SESSION_SECONDS))
            self._add("vega", team, symbol, size * mark.vega * points)
        self.hour = min(max(self.now - opening, 0) // 3_600, (close - opening - 1) // 3_600)

    def trade(self, buyer, seller, place, quantity, ticks):
        symbol = self._symbol(place)
        if buyer == seller or symbol in self.settled or not self.queries.day().is_running:
            return
        self.enter(seller, "sell", quantity, ticks, instrument_id=symbol)
        self.enter(buyer, "buy", quantity, ticks, instrument_id=symbol)
        fills = []
        for event in self.last:
            if isinstance(event, OrderExecuted):
                fills.append(event)
                self._add("fees", event.team_id, symbol, -event.fees)
                self._fill(event, 1)
        self.trades[fills[0].trade_id] = fills
        self._keep_costs()

    def bust(self, number):
        trades = [each for each in self.trades if each not in self.busted]
        if not trades:
            return
        trade_id = trades[number % len(trades)]
        fills = self.trades[trade_id]
        if fills[0].instrument_id in self.settled:
            return
        before = {event.team_id: self.equity(event.team_id) for event in fills}
        self.do(commands.BustTrade(trade_id))
        self.busted.add(trade_id)
        for event in fills:
            if trade_id in self.of_before:  # it is no part of this match
                self.began_with[event.team_id] += self.equity(event.team_id) - before[event.team_id]
                self.held[event.team_id, event.instrument_id] -= event.quantity * (1 if event.side == 0 else -1)
                continue
            self._add("fees", event.team_id, event.instrument_id, event.fees)
            self._fill(event, -1)
        self._keep_costs()

    def settle(self, place, ticks):
        symbol = self._symbol(place)
        if symbol in self.settled:
            return
        self.do(commands.SettleInstrument(symbol, ticks))
        assert any(isinstance(event, InstrumentSettled) for event in self.last)
        self.settled.add(symbol)
        terms = self._terms(symbol)
        for (team, held_in), held in list(self.held.items()):
            if held_in == symbol and held:
                worth = self._worth(team, symbol)
                self._add("settlement", team, symbol, held * ticks * terms.tick_value - worth)
                self.held[team, symbol] = 0
        self._keep_costs()

    def list_more(self):
        if len(self.queries.instruments()) == len(INSTRUMENTS):
            self.do(commands.ListInstrument(LISTED_LATER))

    def restart(self):
        kept = self.match.capture()
        self.match = self._new_match()
        self.match.restore(memoryview(kept))
        assert self.match.capture() == kept

    # ---- how the reference counts -------------------------------------------------------------------------------

    def _fill(self, event, sign):
        """The fill changes the holding; with `sign` -1 it is undone."""
        symbol, team = event.instrument_id, event.team_id
        terms = self._terms(symbol)
        quantity = sign * event.quantity * (1 if event.side == 0 else -1)
        before = self._worth(team, symbol)
        self.held[team, symbol] += quantity
        if symbol not in self.marks:
            (told,) = [
                one
                for one in self.last
                if isinstance(one, PositionUpdated) and (one.team_id, one.instrument_id) == (team, symbol)
            ]
            self.costs[team, symbol] = told.cost_basis
        flow = -quantity * event.price * terms.tick_value
        self._add("edge", team, symbol, flow + self._worth(team, symbol) - before)

    def _worth(self, team, symbol):
        if symbol in self.marks:
            return self.held[team, symbol] * self.marks[symbol].value * self._terms(symbol).multiplier
        return self.costs[team, symbol]

    def _keep_costs(self):
        for event in self.last:
            if isinstance(event, PositionUpdated):
                self.costs[event.team_id, event.instrument_id] = event.cost_basis

    def _add(self, part, team, symbol, money):
        self.parts[self.hour, part, team, symbol] += money

    def _symbol(self, place):
        instruments = self.queries.instruments()
        return instruments[place % len(instruments)].instrument_id

    def _terms(self, symbol):
        return self.queries.instrument(symbol)

    def equity(self, team):
        """In money, by the venue's own account."""
        return self.queries.account(team).equity

    # ---- what is compared ---------------------------------------------------------------------------------------

    def check(self):
        ledger = self.match.ledger
        for team in range(1, self.teams + 1):
            row = ledger.row_of[team]
            whole = self.explainer.explained(row)
            assert whole.total.pnl == self.equity(team) - self.began_with.get(team, 1_000_000_0000)
            assert whole.total.pnl == ledger.equity()[row] - ledger.start[row]
            summed = defaultdict(int)
            for column in ledger.columns:
                of_one = self.explainer.explained(row, column.number)
                self._compare(of_one, team, column.instrument_id)
                for field in ("pnl", *PARTS, "rest"):
                    total = getattr(of_one.total, field)
                    summed[field] += total
                    assert total == sum(getattr(each, field) for each in of_one.hours.values())
                    shown = whole.instruments.get(column.instrument_id)
                    assert total == (0 if shown is None else getattr(shown, field))
            for field, total in summed.items():
                assert total == getattr(whole.total, field)
                assert total == sum(getattr(each, field) for each in whole.hours.values())

    def _compare(self, explained, team, symbol):
        for at, told in explained.hours.items():
            hour, rest = divmod(at - OPENING - self.shift, 3_600)
            assert rest == 0
            for part in PARTS:
                expected = self.parts[hour, part, team, symbol]
                found = getattr(told, part)
                if part in ("edge", "fees", "settlement"):
                    assert found == expected, (part, hour)
                else:
                    assert abs(found - expected) <= Fraction(501, 1_000) + abs(expected) / 10**12, (part, hour)
            assert told.pnl == sum(getattr(told, part) for part in PARTS) + told.rest

    def finish(self):
        while self.venue.has_work:
            self.do(commands.ContinueWork(500))


NUMBERS = st.tuples(
    st.integers(0, 3_000_000),
    st.sampled_from((0, 150_000, 200_000, 431_234)),
    st.integers(-1_000_000, 1_000_000),
    st.integers(0, 40_000_000),
    st.integers(0, 60_000),
    st.integers(-900_000, 100_000),
)
TEAM = st.integers(1, 3)
ACTS = st.one_of(
    st.tuples(
        st.just("tick"),
        st.sampled_from((1, 1, 1, 2, 650, 1_800, 3_600)),
        st.integers(44_000_000, 46_000_000),
        st.dictionaries(st.integers(0, 3), NUMBERS, max_size=4),
    ),
    st.tuples(st.just("trade"), TEAM, TEAM, st.integers(0, 3), st.integers(1, 40), st.integers(1, 30_000)),
    st.tuples(st.just("trade"), TEAM, TEAM, st.integers(0, 3), st.integers(1, 40), st.integers(1, 30_000)),
    st.tuples(st.just("bust"), st.integers(0, 20)),
    st.tuples(st.just("settle"), st.integers(0, 3), st.integers(0, 30_000)),
    st.tuples(st.sampled_from(("register", "list_more", "restart", "next_session"))),
)


@given(st.lists(ACTS, max_size=40))
def test_every_part_is_what_fractions_say_and_they_sum_to_the_pnl(acts):
    stage = Explaining()
    for name, *terms in acts:
        if stage.now >= CLOSE + stage.shift and name == "tick":
            continue
        getattr(stage, name)(*terms)
        stage.finish()
    stage.check()


def test_numbers_are_those_of_the_formula():
    stage = Explaining()
    spx, value = 45_000_000, 200_000
    stage.tick(CALL_SECONDS, spx, {0: (value, 200_000, 500_000, 2_000_000, 20_000, -90_000)})
    stage.trade(1, 2, 0, 10, 1_990)
    stage.tick(1, spx + 20_000, {0: (212_000, 210_000, 502_000, 2_000_000, 20_000, -90_000)})
    explained = stage.explainer.explained(0).instruments[CALL]
    # 10 contracts of 100, bought at 19.90 at a value of 20.00; then the index rises by 2, and volatility by a point.
    assert explained.edge == 10 * 100 * 1_000
    assert explained.fees == -3_000
    assert explained.delta == 10 * 100 * 10_000
    assert explained.gamma == 10 * 100 * 40  # 0.002 x 2^2 / 2 is 0.004
    assert explained.vega == 10 * 100 * 20_000
    assert explained.theta == round(10 * 100 * -90_000 / SESSION_SECONDS)
    assert explained.pnl == 10 * 100 * (212_000 - 199_000) - 3_000
    assert explained.rest == explained.pnl - 1_000_000 - 10_000_000 - 40_000 - 20_000_000 + 4_545 + 3_000


def test_a_volatility_that_ends_with_the_option_is_no_vega():
    stage = Explaining()
    stage.tick(CALL_SECONDS, 45_000_000, {0: (200_000, 200_000, 500_000, 0, 20_000, 0)})
    stage.trade(1, 2, 0, 10, 2_000)
    stage.tick(1, 45_000_000, {0: (200_000, 0, 500_000, 0, 0, 0)})
    stage.tick(1, 45_000_000, {0: (200_000, 190_000, 500_000, 0, 0, 0)})
    assert stage.explainer.explained(0).total.vega == 0


def test_before_the_opening_an_option_loses_no_time():
    stage = Explaining()
    marks = {0: (200_000, 200_000, 500_000, 0, 0, -SESSION_SECONDS)}
    stage.tick(1, 45_000_000, marks)
    stage.trade(1, 2, 0, 10, 2_000)
    stage.tick(CALL_SECONDS - 1, 45_000_000, marks)
    assert stage.explainer.explained(0).total.theta == 0
    stage.tick(7, 45_000_000, marks)
    assert stage.explainer.explained(0).total.theta == -7 * 10 * 100


def test_what_the_house_takes_over_at_the_mark_leaves_no_edge():
    stage = Explaining()
    stage.tick(CALL_SECONDS, 45_000_000, {0: (200_000, 200_000, 500_000, 0, 0, 0)})
    stage.trade(1, 2, 0, 10, 2_010)
    before = stage.explainer.explained(0).total
    flow = 10 * 100 * 200_000
    event = PositionUpdated(1, 99, CALL, 0, 0, flow - 10 * 100 * 201_000, 1_000_000_0000 - 3_000 - 1_000_000, 3_000)
    moved = stage.match.ledger.take_position(event)
    stage.explainer.position_changed(*moved, event)
    assert stage.explainer.explained(0).total == before


def test_nothing_but_what_was_held_or_traded_is_told():
    stage = Explaining()
    stage.tick(CALL_SECONDS, 45_000_000, dict.fromkeys(range(3), (200_000, 200_000, 500_000, 0, 0, 0)))
    stage.trade(1, 2, 0, 10, 2_000)
    assert list(stage.explainer.explained(0).instruments) == [CALL]
    assert not stage.explainer.explained(2).instruments
    assert np.all(stage.match.ledger.positions[2] == 0)
