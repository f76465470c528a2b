"""The world of a session: drawn at its start, kept beside the journal, read at a restart, drawn anew after news."""

import stat

import pytest
from day_stage import DayStage, scenario_of_a_day

from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import (
    AdvanceMarket,
    CommitSeed,
    PublishNews,
    RegisterTeam,
    SettleInstrument,
    StartSession,
    Why,
)
from openoutcry.domain.day.news import NewsItem, NewsOdds
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.sequencing.unavailable import Unavailable
from openoutcry.simulation.world.drawing import draw
from openoutcry.simulation.world.encoding import decode, encode

pytestmark = pytest.mark.interpreted

NINE = 1_710_421_200  # 2024-03-14 09:00 in New York, in summer time
OPENING, CLOSE = 300, 2_100
"""Seconds after it."""
SHORT = "call = 09:00:00\nopening = 09:05:00\nclose = 09:35:00"
MARKET = "[pricing]\n[world]\n[signals.tracking_error]\n[signals.volatility_forecast]\n[bands]\n"
SHIFT = PublishNews("Rates", "macro", NewsOdds(), NewsEffect("high", 20_000))


@pytest.fixture
def scenario(tmp_path):
    return scenario_of_a_day(tmp_path, schedule=SHORT, more=MARKET)


class Session:
    """An exchange that is driven by hand; what each tick brought is in `ticks`."""

    def __init__(self, exchange):
        self.exchange = exchange
        self.driver = exchange.driver
        self.driver.stop()
        self.sequencer = exchange.sequencer
        self.ticks = {}
        perform = self.sequencer.perform

        def note(command):
            if isinstance(command, AdvanceMarket):
                self.ticks[command.market_time - NINE] = command
            return perform(command)

        self.sequencer.perform = note

    def start(self):
        sequenced = self.driver.start_session()
        self.driver.stop()
        return sequenced.command

    def tick_until(self, second):
        while self.sequencer.queries.day().market_time < NINE + second and self.driver.tick():
            while self.sequencer.has_work:
                self.sequencer._take_slice()

    @property
    def index(self):
        return {second: tick.underlyings[0].price for second, tick in self.ticks.items()}


def in_memory(scenario, **terms):
    return Session(DayStage(scenario, **terms).exchange)


def opened(scenario, folder, **terms):
    """An exchange on its disk, and its virtual time."""
    time = VirtualTime()
    return open_server(scenario, folder, admin_key_hash=bytes(32), loop=time, clock=time, **terms), time


def on_disk(scenario, folder, **terms):
    return Session(opened(scenario, folder, **terms)[0])


def test_a_session_s_ticks_bring_the_world_that_its_seed_gives(scenario):
    session = in_memory(scenario, seed=5)
    command = session.start()
    seed = session.driver._fair_play.seed_of_session()
    world = draw(scenario.market, seed, CLOSE - OPENING, 45_000_000, 10)
    assert command.world_digest == world.digest == session.sequencer.queries.fairness().world_digest
    session.tick_until(CLOSE)
    assert session.index == {second: int(world.index[max(second - OPENING, 0)]) for second in range(CLOSE + 1)}
    assert session.ticks[CLOSE].underlyings[1].price == int(world.tracker[-1])


def test_news_and_signals_come_once_in_the_tick_of_their_second(scenario):
    for seed in range(20):
        session = in_memory(scenario, seed=seed)
        session.start()
        world = session.driver._seconds._maker._told_at.__self__.drawn
        if world.news and world.signals:
            break
    session.tick_until(CLOSE)
    news = [(second, item) for second, tick in session.ticks.items() for item in tick.news]
    headlines = [scenario.market.headlines[item.headline] for item in world.news]
    assert news == [
        (item.second + OPENING, NewsItem(headline.text, headline.category, headline.odds))
        for item, headline in zip(world.news, headlines, strict=True)
    ]
    signals = [(second, signal) for second, tick in session.ticks.items() for signal in tick.signals]
    assert signals == [(one.second + OPENING, one.signal) for one in world.signals]


def test_no_news_come_for_a_while_after_the_opening_and_after_news(scenario):
    session = in_memory(scenario, seed=5)
    session.start()
    worlds = session.driver._seconds._maker._told_at.__self__
    least = scenario.market.world.news_gap_least_seconds

    def quiet(second):
        return worlds.quiet_seconds_at(NINE + second)

    assert [quiet(second) for second in (0, OPENING, OPENING + 100)] == [least, least, least - 100]
    assert worlds.drawn.news
    for item in worlds.drawn.news:
        assert quiet(OPENING + item.second - 1) == 0
        assert quiet(OPENING + item.second + 10) == least - 10
    # An organiser's news do not tell whether they have an effect.
    session.tick_until(OPENING + 200)
    session.sequencer.perform(SHIFT)
    assert quiet(OPENING + 250) == least - 250


def test_marks_of_the_close_are_without_the_noise_of_those_before(scenario):
    session = in_memory(scenario, seed=5)
    session.start()
    worlds = session.driver._seconds._maker._told_at.__self__
    levels = worlds.drawn.levels.tolist()
    assert levels[-1] != 0
    assert [worlds.level_at(NINE + second) for second in (CLOSE - 1, CLOSE)] == [levels[-2], 0]


def test_the_world_depends_on_who_has_registered(scenario):
    alone, joined = in_memory(scenario, seed=5), in_memory(scenario, seed=5)
    joined.sequencer.perform(RegisterTeam("ann", "retail", b"a" * 32, nonce="1234"))
    assert alone.start().world_digest != joined.start().world_digest


def test_a_session_starts_where_the_last_one_ended_and_its_world_is_another(scenario):
    session = in_memory(scenario, seed=5)
    first = session.start()
    session.tick_until(CLOSE)
    last = session.index[CLOSE]
    second = session.start()
    assert (second.date, second.world_digest != first.world_digest) == ("2024-03-15", True)
    assert session.sequencer.queries.day().underlyings["SPX"] == last
    assert last != 45_000_000


def test_the_world_is_kept_for_its_owner_alone(scenario, tmp_path):
    session = on_disk(scenario, tmp_path / "data", seed=5)
    digest = session.start().world_digest
    path = tmp_path / "data" / "worlds" / "2024-03-14.world"
    assert decode(path.read_bytes()).digest == digest
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    session.exchange.close()


def test_restarts_go_on_in_the_same_world_also_after_an_organiser_s_news(scenario, tmp_path):
    def lived_through(folder, stops):
        ticks = {}
        session = on_disk(scenario, folder, seed=5)
        session.start()
        for second in sorted({400, 900, *stops}):
            session.tick_until(second)
            if second in (400, 900):
                session.sequencer.perform(SHIFT)
            if second in stops:
                ticks |= session.ticks
                session.exchange.close()
                session = on_disk(scenario, folder)
        session.tick_until(CLOSE)
        ticks |= session.ticks
        state_hash = session.sequencer.state_hash()
        session.exchange.close()
        return ticks, state_hash

    undisturbed = lived_through(tmp_path / "one", ())
    assert lived_through(tmp_path / "other", (100, 400, 650, 1_200)) == undisturbed


def test_an_organiser_s_news_moves_the_market_from_the_next_second_on(scenario):
    quiet, moved = in_memory(scenario, seed=5), in_memory(scenario, seed=5)
    for session in (quiet, moved):
        session.start()
        session.tick_until(700)
    moved.sequencer.perform(SHIFT)
    for session in (quiet, moved):
        session.tick_until(702)
    assert moved.index[700] == quiet.index[700]
    assert moved.index[701] / quiet.index[701] == pytest.approx(1.02, abs=0.001)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_bytes(b"nonsense"), "cannot be read"),
        (lambda path: path.write_bytes(encode(draw_other())), "is not the one that the session began with"),
    ],
    ids=["lost", "damaged", "another"],
)
def test_without_its_world_the_market_stands_still_and_says_so_until_it_is_put_back(scenario, tmp_path, spoil, told):
    session = on_disk(scenario, tmp_path / "data", seed=5)
    session.start()
    session.tick_until(400)
    session.exchange.close()
    path = tmp_path / "data" / "worlds" / "2024-03-14.world"
    copy = path.read_bytes()
    spoil(path)
    exchange, time = opened(scenario, tmp_path / "data")
    time.pass_seconds(3)
    assert exchange.sequencer.queries.day().market_time == NINE + 400
    assert "Unavailable" in exchange.driver.trouble
    with pytest.raises(Exception, match=told):
        exchange.driver.tick()
    path.write_bytes(copy)
    time.pass_seconds(3)
    assert exchange.sequencer.queries.day().market_time > NINE + 400
    assert exchange.driver.trouble is None
    exchange.close()


def test_a_session_whose_world_is_lost_can_be_ended_and_settled_by_hand(scenario, tmp_path):
    session = on_disk(scenario, tmp_path / "data", seed=5)
    session.start()
    session.tick_until(400)
    session.exchange.close()
    (tmp_path / "data" / "worlds" / "2024-03-14.world").unlink()
    exchange, time = opened(scenario, tmp_path / "data")
    assert isinstance(exchange.driver.end_session().verdict, Accepted)
    exchange.close()
    exchange, time = opened(scenario, tmp_path / "data")
    time.pass_seconds(3)
    assert "Unavailable" in exchange.driver.trouble
    with pytest.raises(Unavailable, match="settle by hand"):
        exchange.driver.start_session()
    for instrument in exchange.sequencer.queries.unsettled("20240314"):
        exchange.sequencer.perform(SettleInstrument(instrument.instrument_id, 100, None, Why("Ann", "A disk broke")))
        time.run()
    time.pass_seconds(3)
    assert exchange.driver.trouble is None
    assert exchange.driver.start_session().command.date == "2024-03-15"
    exchange.close()


def draw_other():
    return draw(MarketRules(), b"x" * 32, CLOSE - OPENING, 45_000_000, 10)


def test_a_start_that_is_refused_draws_nothing(scenario, tmp_path):
    session = on_disk(scenario, tmp_path / "data", seed=5)
    session.start()
    verdict = session.driver.start_session().verdict
    assert (type(verdict), verdict.code) == (Reject, "MARKET_CLOSED")
    assert [path.name for path in (tmp_path / "data" / "worlds").iterdir()] == ["2024-03-14.world"]
    session.exchange.close()


def test_the_journal_names_the_world_and_not_what_is_in_it(scenario):
    stage = DayStage(scenario, seed=5)
    stage.driver.start_session()
    assert [type(command) for command in stage.commands if isinstance(command, CommitSeed | StartSession)] == [
        CommitSeed,
        StartSession,
    ]
