"""What a market second brings beside prices: news for everybody, and signals for the teams of a role."""

import pytest
from core_stage import CALL
from msgspec import structs

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.day.news import NewsItem, NewsOdds
from openoutcry.domain.day.quote_protection import ProtectionSettings
from openoutcry.domain.events import MarksPublished, NewsPublished, OrderCancelled, SignalSent
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import HistoryLimits
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.simulation.signals import SignalToRole, TrackingError, VolatilityForecast
from openoutcry.venue.snapshots.snapshot import decode, encode
from openoutcry.venue.tasks.slices import SLICE
from openoutcry.venue.venue import Venue
from reference.workload import instrument, role, rulebook

RULES = structs.replace(
    rulebook("expire_taker", {"maker": role(), "fund": role(), "desk": role()}, HistoryLimits()),
    opening_phase="closed",
)
FORECAST = VolatilityForecast("high", 140, 660_000)
ERROR = TrackingError(520_000, "SPY_RICH", 1_300, 600_000)
RISE = NewsItem("Rates rise", "central bank", NewsOdds(60, 40, 0))
FALL = NewsItem("Rates fall", "central bank")
TIMETABLE = (PhaseAt("continuous", 1_000, 1_000), PhaseAt("closed", 9_000, 9_000))


class Stage:
    def __init__(self, *roles):
        self.venue = Venue(RULES, (instrument(CALL),))
        self.number = 0
        for number, name in enumerate(roles):
            self.do(commands.RegisterTeam(f"team {number}", name, b"%d" % number))
        self.do(commands.StartSession("2024-01-15", -18_000, TIMETABLE, 1_000, 7))

    def do(self, command):
        assert isinstance(self.venue.validate(command), Accepted)
        self.number += 1
        return self.venue.execute(self.number, 1_000 * self.number, command)

    def second(self, market_time, value=100, **what):
        mark = Mark(0, value, 200_000, 500_000, 0, 5, 0)
        return self.do(commands.AdvanceMarket(market_time, (), (mark,), **what))


@pytest.fixture
def stage():
    return Stage("maker", "fund", "desk", "fund")


def test_news_come_after_the_new_prices_and_the_pulls_that_they_cause(stage):
    stage.second(1_001, 10_000)
    stage.do(commands.SetQuoteProtection(1, None, ProtectionSettings(move_ppm=100_000)))
    stage.do(commands.ReplaceQuotes(1, (commands.QuoteTerms(CALL, commands.Price(99), 5, commands.Price(101), 5),)))

    events = stage.second(1_002, 20_000, news=(RISE, FALL), signals=(SignalToRole("fund", FORECAST),))

    told = [type(event) for event in events]
    assert told[:4] == [OrderCancelled, OrderCancelled, SignalSent, SignalSent]
    assert [kind for kind in told if kind in (MarksPublished, NewsPublished)] == [
        MarksPublished,
        NewsPublished,
        NewsPublished,
    ]
    assert [event for event in events if isinstance(event, NewsPublished)] == [
        NewsPublished(1, RISE.text, RISE.category, RISE.odds, 1_002, -18_000),
        NewsPublished(2, FALL.text, FALL.category, FALL.odds, 1_002, -18_000),
    ]


def test_news_of_the_world_and_of_the_organiser_count_their_ids_together(stage):
    stage.do(commands.PublishNews("Lunch is late", "general", NewsOdds()))
    (news,) = (event for event in stage.second(1_001, news=(RISE,)) if isinstance(event, NewsPublished))
    assert news.news_id == 2
    assert stage.venue.validate(commands.PublishNews("Lunch is late", "general", NewsOdds())) == Accepted(3)


def test_a_signal_goes_to_every_team_of_its_role_and_to_nobody_else(stage):
    events = stage.second(1_001, signals=(SignalToRole("fund", FORECAST), SignalToRole("desk", ERROR)))
    assert [event for event in events if isinstance(event, SignalSent)] == [
        SignalSent(2, 1, FORECAST, 1_001, -18_000),
        SignalSent(4, 1, FORECAST, 1_001, -18_000),
        SignalSent(3, 1, ERROR, 1_001, -18_000),
    ]


def test_a_signal_of_a_role_that_nobody_has_goes_nowhere(stage):
    events = stage.second(1_001, signals=(SignalToRole("retail", FORECAST),))
    assert not any(isinstance(event, SignalSent) for event in events)


def test_a_team_that_registers_after_a_signal_has_not_got_it(stage):
    stage.second(1_001, signals=(SignalToRole("fund", FORECAST),))
    stage.do(commands.RegisterTeam("late", "fund", b"late"))
    assert stage.venue.queries.last_seq(5) == 0


@pytest.mark.parametrize("restarts", [False, True])
def test_signals_for_many_teams_come_in_slices_and_each_team_is_told_once(restarts):
    funds = SLICE + 20
    stage = Stage("maker", *["fund"] * funds)

    heard = stage.second(1_001, news=(RISE,), signals=(SignalToRole("fund", FORECAST), SignalToRole("maker", ERROR)))
    slices = 1
    while stage.venue.has_work:
        assert stage.venue.validate(commands.AdvanceMarket(1_002)).code == "MARKET_CLOSED"
        if restarts:
            stage.venue = Venue(RULES, snapshot=decode(encode(stage.venue.snapshot())))
        heard += stage.do(commands.ContinueWork(SLICE))
        slices += 1

    assert slices == 2
    assert [(event.team_id, event.signal) for event in heard if isinstance(event, SignalSent)] == [
        *((team_id, FORECAST) for team_id in range(2, funds + 2)),
        (1, ERROR),
    ]
    assert [event.market_time for event in heard if isinstance(event, NewsPublished)] == [1_001]


def test_fifty_teams_are_told_in_the_second_s_own_command():
    stage = Stage(*["fund"] * 50)
    events = stage.second(1_001, news=(RISE,), signals=(SignalToRole("fund", FORECAST),))
    assert sum(isinstance(event, SignalSent) for event in events) == 50
    assert not stage.venue.has_work


def test_effects_of_the_organiser_s_news_are_kept_for_the_session_and_told_to_nobody(stage):
    assert stage.venue.queries.day().effects == ()
    quiet = stage.do(commands.PublishNews("Lunch is late", "general", NewsOdds()))
    stage.second(1_001)
    loud = stage.do(commands.PublishNews("Lunch is late", "general", NewsOdds(), NewsEffect("high", -5_000)))
    assert [structs.replace(event, news_id=1, market_time=1_000) for event in loud] == quiet
    assert stage.venue.queries.day().effects == ((1_001, NewsEffect("high", -5_000)),)

    stage.do(commands.EndSession())
    assert stage.venue.queries.day().effects == ((1_001, NewsEffect("high", -5_000)),)
    later = tuple(PhaseAt(line.phase, line.at + 86_400, line.earliest + 86_400) for line in TIMETABLE)
    stage.do(commands.StartSession("2024-01-16", -18_000, later, 1_000, 7))
    assert stage.venue.queries.day().effects == ()


def test_news_with_an_effect_need_a_session(stage):
    stage.do(commands.EndSession())
    command = commands.PublishNews("Lunch is late", "general", NewsOdds(), NewsEffect("high"))
    assert stage.venue.validate(command).code == "MARKET_CLOSED"
    stage.do(structs.replace(command, effect=None))


def test_the_nonces_of_all_teams_come_in_the_order_of_their_ids(stage):
    stage.do(commands.RegisterTeam("with one", "fund", b"one", None, "our part"))
    stage.do(commands.RegisterTeam("House", "maker", commands.NO_KEY))
    assert stage.venue.queries.nonces() == [None, None, None, None, "our part", None]
    restarted = Venue(RULES, snapshot=decode(encode(stage.venue.snapshot())))
    assert restarted.queries.nonces() == stage.venue.queries.nonces()
