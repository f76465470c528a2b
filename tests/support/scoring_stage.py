"""Short matches: a simulated market with the exchange's own flow and teams of all roles in it, who trade by chance.

What is kept of a match is its tape: every command with its events, from the first on. Scores are folds over it.
"""

import random

from msgspec import structs

from openoutcry.bootstrap import projections
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.commands import (
    BustTrade,
    EndSession,
    HaltInstrument,
    ListInstrument,
    Pardon,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReplaceQuotes,
    ResumeInstrument,
    Sanction,
    SubmitOrder,
    Why,
)
from openoutcry.domain.day.phases import PHASE_RULES
from openoutcry.domain.events import TradePrinted
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import TimestampUs
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scenarios.model import hashed

OPENING = 1_710_423_000
"""2024-03-14 09:30 in New York; the opening call ends in the half minute before."""

_SCENARIO = """
name = "match"
title = "A short match of all roles"

[registration]
open = true

[session]
date = 2024-03-14
calendar = "nyse"

[schedule]
call = 09:28:00
opening = 09:30:00
close = {close}
speed = 1_000

[underlyings]
SPX = 4500

[chain]

[[chain.expiries]]
days = 0
strikes_percent = [-0.5, 0, 0.5]

[[chain.expiries]]
days = 7
strikes_percent = [-1, 0, 1]

[pricing]
[settlement]
fixings = 6
[bands]
[cash]
[sanctions]
[house]
[retail_flow]
[signals.volatility_forecast]
[signals.tracking_error]

[world]
news_gap_least_seconds = 60
news_gap_beyond_seconds = 60

[roles.market_maker.quote_coverage]
[roles.hedge_fund.portfolio_delta]
[roles.arbitrage_desk.spx_spy_balance]
"""

TEAMS = (
    ("amber", "market_maker", None),
    ("birch", "market_maker", "lab"),
    ("coral", "hedge_fund", "lab"),
    ("delta", "hedge_fund", None),
    ("ember", "arbitrage_desk", None),
    ("flint", "arbitrage_desk", None),
    ("grove", "retail", None),
)
"""Name, role and owner of each; two have the same owner."""


def match_scenario(folder, minutes=20, **terms):
    """So many minutes of trading after a call of two; `terms` of its `ScoringRules`."""
    path = folder / "match.toml"
    path.write_text(_SCENARIO.format(close=f"{9 + (30 + minutes) // 60:02}:{(30 + minutes) % 60:02}:00"))
    return hashed(structs.replace(load_scenario(path), scoring=ScoringRules(**terms)))


class Tape:
    """A projection that keeps all that it is given."""

    name = "tape"
    shape = ""
    commands = ALL_COMMANDS

    def __init__(self):
        self.lines = []

    def apply(self, sequenced, events):
        self.lines.append((sequenced, events))

    def capture(self):
        return b""

    def restore(self, _state):
        """It goes on with nothing."""


class Match:
    """An exchange in memory, in virtual time. Its session has begun with its call when this is made."""

    def __init__(self, scenario, seed=11, teams=TEAMS, activity=0.3):
        """`activity`: before so large a share of all that happens, a team does something."""
        self.scenario = scenario
        self._chance = random.Random(seed)
        self._activity = activity
        self._tape, self._files = Tape(), MemoryFiles()
        self._time = VirtualTime(TimestampUs((OPENING - 120) * 1_000_000))
        self.exchange = open_in_memory(
            scenario,
            loop=self._time,
            clock=self._time,
            seed=seed,
            projections_of=lambda _scenario: (self._tape,),
            files=self._files,
        )
        self.sequencer = self.exchange.sequencer
        self.queries = self.sequencer.queries
        self.teams = {}
        """Ids by name."""
        for name, role, owner in teams:
            self.register(name, role, owner)
        self.start()

    @property
    def tape(self):
        """All commands, each with its events."""
        return self._tape.lines

    def perform(self, command):
        return self.sequencer.perform(command)

    def register(self, name, role, owner=None):
        verdict = self.perform(RegisterTeam(name, role, name.encode() * 4, owner))[0].verdict
        self.teams[name] = verdict.new_id

    def start(self):
        """The next session; the first has begun."""
        self.exchange.driver.start_session()

    def trade_until(self, second=None):
        """Until so many seconds after the first opening, or (None) to the end of the session and what follows it."""
        while self.queries.day().is_running and (second is None or self.queries.day().market_time < OPENING + second):
            if self.teams and self._chance.random() < self._activity:
                self._act()
            self._time.leap()
        if second is None:
            self._time.pass_seconds(2)

    def end_quietly(self):
        """Go on to the end of the session, and what follows it, without any team that acts."""
        self._activity = 0
        self.trade_until()

    def close(self):
        self.exchange.close()

    def save(self, folder):
        """What a server would have left, once it is closed: the data directory with its journal and scenario."""
        directory = DataDirectory(folder)
        directory.create()
        self._files.save(directory.journal)
        directory.keep_scenario(self.scenario)
        return folder

    # ---- what teams do -----------------------------------------------------------------------------------------

    def _act(self):
        name = self._chance.choice(list(self.teams))
        team_id = self.teams[name]
        act = {
            "market_maker": self._quote,
            "hedge_fund": self._take_volatility,
            "arbitrage_desk": self._take_both,
            "retail": self._take_any,
        }[self.queries.role_of(team_id)]
        if PHASE_RULES[self.queries.market().phase].may_enter:
            act(team_id)

    def _values(self):
        """The mark of each instrument that can be traded, by its id."""
        places = self.queries.instruments()
        told = self.queries.marks()
        by_id = {} if told is None else {places[mark.place].instrument_id: mark for mark in told.marks}
        return {each: by_id[each.instrument_id] for each in self.queries.tradable() if each.instrument_id in by_id}

    def _quote(self, team_id):
        """Both sides of most options, now and then too wide or too few of them; or some of the tracker."""
        chance, quotes = self._chance, []
        if chance.random() < 0.1:
            return self._take(team_id, "SPY", chance.choice(("buy", "sell")), chance.randint(1, 200))
        wide, share = chance.choice(((1, 1), (1, 1), (1, 0.5), (6, 1)))
        for instrument, mark in self._values().items():
            if instrument.option is not None and chance.random() < share:
                middle = mark.value // instrument.tick_size
                half = wide * max(mark.vega // instrument.tick_size // 2, 1)
                bid, ask = max(middle - half, 1), middle + half + 1
                quotes.append(QuoteTerms(instrument.instrument_id, Price(bid), 10, Price(ask), 10))
        return self.perform(ReplaceQuotes(team_id, tuple(quotes[:50])))

    def _take_volatility(self, team_id):
        """Options, and the tracker against them."""
        if self._chance.random() < 0.5:
            return self._take_any(team_id)
        side = "buy" if self.queries.account(team_id).delta < 0 else "sell"
        return self._take(team_id, "SPY", side, self._chance.randint(1, 100))

    def _take_both(self, team_id):
        """Options on the index one way, and the tracker the other."""
        chance = self._chance
        side = "buy" if team_id % 2 == 0 else "sell"
        if chance.random() < 0.2:
            side = "sell" if side == "buy" else "buy"
        if chance.random() < 0.5:
            return self._take(team_id, "SPY", side, chance.randint(1, 150))
        options = [each for each in self._values() if each.option is not None]
        option = chance.choice(options)
        is_call = option.option.option_type == "call"
        return self._take(team_id, option.instrument_id, "sell" if is_call == (side == "buy") else "buy", 5)

    def _take_any(self, team_id):
        options = [each for each in self._values() if each.option is not None]
        option = self._chance.choice(options).instrument_id
        return self._take(team_id, option, self._chance.choice(("buy", "sell")), self._chance.randint(1, 5))

    def _take(self, team_id, instrument_id, side, quantity):
        """At the market, at the other side's best price, or at rest at the own side's."""
        depth, style = self.queries.depth(instrument_id, 1), self._chance.random()
        own, other = (depth.bids, depth.asks) if side == "buy" else (depth.asks, depth.bids)
        price = None
        if style < 0.7 and other:
            price = Price(other[0][0])
        elif style < 0.9 and own:
            price = Price(own[0][0])
        return self.perform(SubmitOrder(team_id, instrument_id, side, quantity, price))


def scores_of(scenario, tape=()):
    """The scores after these commands."""
    scores = projections.scores_of(scenario, scenario.scoring)
    for sequenced, events in tape:
        scores.apply(sequenced, events)
    return scores


# ---- a match of two sessions ----------------------------------------------------------------------------------------

WHY = Why("the organiser", "for this test")


def play_eventful(scenario, seed):
    """A session that is ended early, and one after it with everything that an organiser can do."""
    match = Match(scenario, seed=seed)
    match.trade_until(200)
    match.perform(EndSession(WHY))
    match.trade_until()
    match.start()
    day = 86_400
    match.trade_until(day + 70)
    match.register("heron", "arbitrage_desk", "lab")
    match.register("iris", "market_maker")
    match.perform(ListInstrument(_option_like(match, 4_530)))
    match.trade_until(day + 130)
    for trade_id in _newest_trades(match, 30):
        match.perform(BustTrade(trade_id, WHY))
    match.perform(Sanction(match.teams["coral"], 2, WHY))
    match.perform(Sanction(match.teams["delta"], 3, WHY))
    match.trade_until(day + 200)
    match.perform(HaltInstrument(None, WHY))
    match.perform(Pardon(match.teams["coral"], WHY))
    match.trade_until(day + 215)
    match.perform(ResumeInstrument(None, WHY))
    match.trade_until(day + 390)
    match.perform(Sanction(match.teams["coral"], 1, WHY))
    match.register("jade", "retail")
    match.trade_until()
    for trade_id in _newest_trades(match, 3):
        match.perform(BustTrade(trade_id, WHY))
    return match


def _newest_trades(match, number):
    recent = match.tape[-2_000:]
    return [event.trade_id for _, told in recent for event in told if type(event) is TradePrinted][-number:]


def _option_like(match, strike):
    """An instrument that is not listed yet, like one that is."""
    listed = next(each for each in match.queries.tradable() if each.option is not None and each.underlying == "SPX")
    terms = structs.replace(listed.option, strike=strike * 10_000)
    kind = terms.option_type.upper()
    return structs.replace(listed, instrument_id=f"SPX_{kind}_{strike}_{terms.expiry}", option=terms)
