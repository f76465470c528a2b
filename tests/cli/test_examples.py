"""The examples run as they are printed."""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from served_exchange import PATIENCE_SECONDS, ServedExchange

from openoutcry.client import Client
from openoutcry.lab import run_match

ROOT = Path(__file__).resolve().parents[2]
FIRST_BOT = ROOT / "examples" / "first_bot.py"
SYMBOL = "SPX_CALL_4500_20240119"


def bot_on(url, folder):
    """It tells what happens to it on stderr."""
    command = [sys.executable, "-m", "openoutcry", "bot", "run", FIRST_BOT, "--url", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)


def next_trade(bot):
    """What it says of its next fill."""
    for line in bot.stderr:
        if trade := re.search(r"(buy|sell) 1 \S+ @ [\d.]+", line):
            return trade[0]
    raise AssertionError("it ended before it traded")


def end_of(process):
    """All that it said, once it has ended; where it does not end by itself, it is made to."""
    try:
        return process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()


def test_the_first_bot_buys_at_the_bid_and_offers_what_it_bought(tmp_path):
    with (
        ServedExchange(tmp_path / "data", scenario="demo") as exchange,
        Client.register(exchange.url, "counterparty", role="market_maker") as api,
        api.events(timeout_seconds=PATIENCE_SECONDS) as events,
        bot_on(exchange.url, tmp_path) as bot,
    ):
        try:
            api.subscribe(f"top:{SYMBOL}")
            for side, price in (("buy", 40.0), ("sell", 42.0)):
                assert api.submit_order(instrument_id=SYMBOL, side=side, quantity=5, price=price).success
            next(event for event in events if event.type == "top_of_book" and event.bid_quantity == 6)
            api.mass_cancel()
            api.submit_order(instrument_id=SYMBOL, side="sell", quantity=1, price=40.0)
            offer = next(event for event in events if event.type == "top_of_book" and event.ask_price == 40.05)
            assert offer.ask_quantity == 1
            assert next_trade(bot) == f"buy 1 {SYMBOL} @ 40.0"
            bot.send_signal(signal.SIGINT)
            next(event for event in events if event.type == "top_of_book" and event.ask_price is None)
        finally:
            printed = end_of(bot)[0]
    assert bot.returncode == 0
    assert "FirstBot" in printed


def test_the_first_bot_trades_on_the_default_game_whose_instruments_come_with_a_session(tmp_path):
    with (
        ServedExchange(tmp_path / "days", scenario="intern_fast", subcommand="practice") as exchange,
        bot_on(exchange.url, tmp_path) as bot,
    ):
        try:
            assert re.fullmatch(r"buy 1 SP[XY]_CALL_\d+_\d{8} @ [\d.]+", next_trade(bot))
            bot.send_signal(signal.SIGINT)
        finally:
            end_of(bot)
    assert bot.returncode == 0


def test_the_first_bot_trades_in_the_lab():
    (result,) = run_match(FIRST_BOT, "intern_fast", seed=1, seconds=900).bots
    assert result.fills > 10
    assert (result.failures, result.refusals, result.stop_reason) == (0, {}, None)


def test_the_readme_shows_the_first_bot_as_it_runs_and_says_how_long_it_is():
    code = FIRST_BOT.read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert code in readme
    assert f"## A bot in {len([line for line in code.splitlines() if line.strip()])} lines\n" in readme


def test_the_page_on_writing_a_bot_shows_the_first_bot_under_another_name():
    code = FIRST_BOT.read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    page = (ROOT / "docs" / "writing-a-bot.md").read_text(encoding="utf-8")
    assert code.replace("FirstBot", "MyBot") in page


def node():
    """Node with `WebSocket`, which it has by itself from version 22 on. None: there is none."""
    found = shutil.which("node")
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    major = int(version.removeprefix("v").split(".")[0])
    return [found] if major >= 22 else [found, "--experimental-websocket"] if major >= 20 else None


@pytest.mark.skipif(node() is None, reason="there is no node of version 20 or later")
def test_the_bot_in_javascript_buys_and_offers_what_it_bought(tmp_path):
    with ServedExchange(tmp_path / "days", scenario="intern_fast", subcommand="practice") as exchange:
        command = [*node(), ROOT / "examples" / "bot.mjs", exchange.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as bot:
            try:
                told = [next(line for line in bot.stdout if line.startswith(word)) for word in ("buy ", "traded: buy ")]
                assert next(line for line in bot.stdout if line.startswith("sell "))
                bot.send_signal(signal.SIGINT)
            finally:
                end_of(bot)
    assert bot.returncode == 0
    assert told[1].startswith("traded: buy 1 @ ")


def test_the_first_bot_finds_a_market_where_the_example_bots_trade_and_they_leave_with_the_exchange(tmp_path):
    with ServedExchange(tmp_path / "data", "--with-bots", scenario="demo") as exchange:
        with bot_on(exchange.url, tmp_path) as bot:
            try:
                assert next_trade(bot).startswith("buy 1 ")
                bot.send_signal(signal.SIGINT)
            finally:
                end_of(bot)
        assert bot.returncode == 0
        assert exchange.end(signal.SIGINT) == 0
    assert "without cancelling" not in exchange.stderr
    with ServedExchange(tmp_path / "data", scenario="demo") as again, Client(again.url) as api:
        book = api.get_order_book(SYMBOL).data
        assert (book["bids"], book["asks"]) == ([], [])


def test_the_example_bots_are_the_same_teams_after_a_restart(tmp_path):
    for _ in range(2):
        with (
            ServedExchange(tmp_path / "data", "--with-bots", scenario="demo") as exchange,
            Client(exchange.url) as api,
            api.events(timeout_seconds=PATIENCE_SECONDS) as events,
        ):
            api.subscribe("top:*")
            assert any(event.type == "top_of_book" and event.bid_price for event in events)
            assert exchange.end(signal.SIGINT) == 0
        assert "team_name='Maker 2'" not in exchange.stderr
    assert "team_name=Maker" not in exchange.stderr


def test_the_example_bots_know_the_join_codes_of_their_roles(tmp_path):
    scenario = tmp_path / "codes.toml"
    scenario.write_text(
        'name = "codes"\ntitle = "By codes"\n[registration]\njoin_code = "secret"\n'
        'role_codes = { market_maker = "another" }\n[underlyings]\nSPY = 450\n[[instruments]]\nsymbol = "SPY"\n',
        encoding="utf-8",
    )
    with (
        ServedExchange(tmp_path / "data", "--with-bots", scenario=str(scenario)) as exchange,
        Client(exchange.url) as api,
        api.events(timeout_seconds=PATIENCE_SECONDS) as events,
    ):
        api.subscribe("top:*", "trades:*")
        assert any(event.type == "trade" for event in events)
        assert exchange.end(signal.SIGINT) == 0
    assert "does not take part" not in exchange.stderr
