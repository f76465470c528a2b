"""The example bots on the demo scenario: they trade, survive a bad network, and leave nothing behind."""

import asyncio
import re
import subprocess
import sys
from itertools import pairwise
from random import Random
from statistics import correlation, mean

import pytest
from client_stage import PATIENCE_SECONDS, until
from flaky_proxy import FlakyProxy
from msgspec.structs import replace
from served_exchange import ServedExchange

from openoutcry.bots import STILL_FLEET, Member, run_bots
from openoutcry.bots.market_maker import HALF_SPREAD, Opinion
from openoutcry.bots.market_view import MarketView
from openoutcry.client import Client, NotConnectedError, OpenOutcryError, RegistrationRefusedError
from openoutcry.protocol.responses import InstrumentsData, MarketData
from openoutcry.protocol.stream import InstrumentExpired, InstrumentListed, UnderlyingPrice


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("bots") / "data", scenario="demo") as served:
        yield served


async def test_every_bot_trades_and_leaves_no_order_behind(demo):
    stop, shown = asyncio.Event(), []
    running = asyncio.ensure_future(run_bots(demo.url, seed=7, stop=stop, on_stats=shown.append, stats_interval=0.05))
    await until(lambda: running.done() or (shown and all(bot.fills > 0 for bot in shown[-1])))
    stop.set()
    stats = await running
    assert [bot.name for bot in stats] == [member.name for member in STILL_FLEET]
    assert {bot.role for bot in stats} == {"market_maker", "hedge_fund", "arbitrage_desk", "retail"}
    assert all(bot.contracts >= bot.fills and bot.open_orders == 0 for bot in stats)
    instruments = {instrument_id for bot in stats for instrument_id in bot.positions}
    for instrument_id in instruments:
        assert sum(bot.positions.get(instrument_id, 0) for bot in stats) == 0
    with Client(demo.url) as api:
        for instrument_id in instruments:
            book = api.get_order_book(instrument_id).data
            assert (book["bids"], book["asks"]) == ([], [])


async def test_bots_go_on_trading_over_a_network_that_breaks(demo):
    stop, shown = asyncio.Event(), []
    with FlakyProxy(demo.url) as proxy:
        running = asyncio.ensure_future(
            run_bots(proxy.url, seed=8, stop=stop, on_stats=shown.append, stats_interval=0.05)
        )

        def fills():
            return sum(bot.fills for bot in shown[-1]) if shown else 0

        for wanted in (5, 15, 25):
            await until(lambda wanted=wanted: running.done() or fills() >= wanted)
            proxy.cut_all()
        stop.set()
        stats = await running
    assert all(bot.open_orders == 0 for bot in stats)


async def test_no_exchange_and_no_admission_are_told(demo):
    with FlakyProxy(demo.url) as proxy:
        proxy.refuse_connections()
        with pytest.raises(NotConnectedError):
            await run_bots(proxy.url, seed=1, stop=asyncio.Event())
    no_such_role = [Member("Nobody", "no_such_role", STILL_FLEET[0].strategy)]
    with pytest.raises(RegistrationRefusedError, match="no_such_role"):
        await run_bots(demo.url, seed=1, stop=asyncio.Event(), fleet=no_such_role)


async def test_bots_that_keep_their_keys_are_the_same_teams_when_they_start_again(demo, tmp_path):
    async def teams_of_a_run():
        stop = asyncio.Event()
        stop.set()
        fleet = [Member("Keeper", "retail", STILL_FLEET[0].strategy), STILL_FLEET[1]]
        return [
            bot.team_id
            for bot in await run_bots(demo.url, seed=1, stop=stop, key_directory=tmp_path / "keys", fleet=fleet)
        ]

    with Client.register(demo.url, "Keeper"):
        first = await teams_of_a_run()
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "Keeper 2.key").exists(), "the name was taken by somebody else"
    assert await teams_of_a_run() == first


async def test_bots_end_once_the_exchange_knows_none_of_their_keys(demo, caplog):
    """As on the next day of practice. One that is refused alone leaves the others to trade."""
    shown, fleet = (
        [],
        [Member("Guest", "retail", STILL_FLEET[3].strategy), Member("Other", "retail", STILL_FLEET[3].strategy)],
    )
    running = asyncio.ensure_future(
        run_bots(demo.url, seed=9, stop=asyncio.Event(), on_stats=shown.append, stats_interval=0.05, fleet=fleet)
    )
    await until(lambda: running.done() or shown)
    key = {"X-Admin-Key": (demo.data / "admin.key").read_text().strip()}
    for bot in shown[-1]:
        assert not running.done()
        await asyncio.to_thread(demo.ask, "POST", f"/admin/teams/{bot.team_id}/rotate-key", **key)
        await until(lambda bot=bot: f"{bot.name} stops: " in caplog.text)
    with pytest.raises(OpenOutcryError, match="start them again"):
        await running


def test_the_command_says_where_keys_cannot_be_kept(demo, tmp_path):
    (tmp_path / "file").touch()
    arguments = [sys.executable, "-m", "openoutcry.bots", "--url", demo.url, "--key-directory", tmp_path / "file"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "File exists" in done.stderr


def test_prices_lie_on_the_grid_and_values_on_the_right_side_of_intrinsic(demo):
    with Client(demo.url) as api:
        instruments = api.get_instruments().data_as(InstrumentsData).instruments
        view = MarketView(instruments, api.get_market().data_as(MarketData))
    call, put = "SPX_CALL_4400_20240119", "SPX_PUT_4400_20240119"
    assert view.round_to_tick(call, 4.3512) == 4.35
    assert view.round_to_tick(call, -3.0) == 0.01
    assert view.textbook_value(call) > 100 > view.textbook_value(put) > 0
    assert view.textbook_value(call) - view.textbook_value(put) == pytest.approx(100)
    assert view.textbook_value("SPY", shift=0.01) == pytest.approx(454.5)


def test_what_is_listed_is_traded_until_it_expires_and_at_the_newest_price(demo):
    with Client(demo.url) as api:
        first, second, *_ = api.get_instruments().data_as(InstrumentsData).instruments
        market = api.get_market().data_as(MarketData)
    view = MarketView([first], market)
    for _ in range(2):  # the second time as one who asked meanwhile has it already
        view._see_listed(InstrumentListed(instrument=second, timestamp="", sequence=1))
    assert view.tradable == [first.instrument_id, second.instrument_id]
    view._see_expired(InstrumentExpired(instrument_id=first.instrument_id, timestamp="", sequence=2))
    assert view.tradable == [second.instrument_id]
    view.values.see_underlying(UnderlyingPrice(symbol="SPY", price=460.0, market_time="", timestamp=""))
    assert view.underlyings["SPY"] == 460.0
    assert MarketView([replace(first, status="settled")], market).tradable == []


def test_the_command_shows_a_table_and_ends_by_itself(demo):
    arguments = [sys.executable, "-m", "openoutcry.bots", "--fleet", "still", "--url", demo.url, "--seconds", "0.5"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^Maker +\d", done.stdout, re.MULTILINE)


def test_the_command_without_an_exchange_says_what_to_check(demo):
    with FlakyProxy(demo.url) as proxy:
        proxy.refuse_connections()
        arguments = [sys.executable, "-m", "openoutcry.bots", "--url", proxy.url]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    assert done.returncode == 1
    assert "Is the exchange running" in done.stderr


def test_the_maker_s_opinion_has_trends_and_comes_home_so_that_others_can_earn_from_it():
    opinion = Opinion(Random(1))
    shares = [opinion.step() for _ in range(20_000)]
    changes = [later - earlier for earlier, later in pairwise(shares)]
    assert correlation(changes[:-1], changes[1:]) > 0.5, "what rises goes on rising, for a while"
    assert correlation(shares[:-200], shares[200:]) < 0.1, "and where it stood is forgotten"
    assert mean(map(abs, shares)) * 4_500 * 0.5 > 2 * HALF_SPREAD * 40, "it moves an option further than its spread"
