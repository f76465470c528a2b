"""Bots that run together on the demo scenario: they trade, survive what breaks, and leave nothing behind."""

import asyncio
import re
import subprocess
import sys

import pytest
from client_stage import PATIENCE_SECONDS, until
from flaky_proxy import FlakyProxy
from served_exchange import ServedExchange

from openoutcry import Bot
from openoutcry.bots.fleet import STILL_FLEET, Member
from openoutcry.bots.noise_trader import NoiseTrader
from openoutcry.bots.running import run_bots
from openoutcry.client import Client, NotConnectedError, OpenOutcryError, RegistrationRefusedError


class Nobody(Bot):
    role = "no_such_role"


class Clumsy(Bot):
    role = "retail"

    def on_start(self):
        self.every(0.01)

    def on_timer(self):
        raise ArithmeticError("two and two are five")


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


async def test_bots_go_on_trading_after_the_exchange_was_killed_and_started_again(tmp_path):
    stop, shown = asyncio.Event(), []

    def fills():
        return [bot.fills for bot in shown[-1]] if shown else [0]

    with ServedExchange(tmp_path / "data", scenario="demo") as first, FlakyProxy(first.url) as proxy:
        running = asyncio.ensure_future(
            run_bots(proxy.url, seed=8, stop=stop, on_stats=shown.append, stats_interval=0.05)
        )
        await until(lambda: running.done() or all(fills()))
        first.kill()
        before = fills()
        with ServedExchange(tmp_path / "data", scenario=None) as second:
            proxy.target_url = second.url
            await until(lambda: running.done() or all(now > then for now, then in zip(fills(), before, strict=True)))
            stop.set()
            stats = await running
    assert all(bot.open_orders == 0 for bot in stats)


async def test_a_bot_that_fails_ends_all_of_them_and_says_where(demo):
    fleet = [Member("Retail-D", NoiseTrader), Member("Clumsy", Clumsy)]
    with pytest.raises(OpenOutcryError, match="Clumsy has failed: ArithmeticError: two and two"):
        await run_bots(demo.url, seed=1, stop=asyncio.Event(), stats_interval=0.05, fleet=fleet)
    with Client(demo.url) as api:
        for instrument in api.get_instruments().data["instruments"]:
            book = api.get_order_book(instrument["instrument_id"]).data
            assert (book["bids"], book["asks"]) == ([], [])


async def test_no_exchange_and_no_admission_are_told(demo):
    with FlakyProxy(demo.url) as proxy:
        proxy.refuse_connections()
        with pytest.raises(NotConnectedError):
            await run_bots(proxy.url, seed=1, stop=asyncio.Event())
    with pytest.raises(RegistrationRefusedError, match="no_such_role"):
        await run_bots(demo.url, seed=1, stop=asyncio.Event(), fleet=[Member("Nobody", Nobody)])


async def test_bots_that_keep_their_keys_are_the_same_teams_when_they_start_again(demo, tmp_path):
    async def teams_of_a_run():
        stop = asyncio.Event()
        stop.set()
        fleet = [Member("Keeper", NoiseTrader), STILL_FLEET[1]]
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
    shown, fleet = [], [Member("Guest", NoiseTrader), Member("Other", NoiseTrader)]
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
