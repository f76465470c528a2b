"""The examples run as they are printed."""

import signal
import subprocess
import sys
from pathlib import Path

from served_exchange import PATIENCE_SECONDS, ServedExchange

from openoutcry.client import Client

ROOT = Path(__file__).resolve().parents[2]
FIRST_BOT = ROOT / "examples" / "first_bot.py"
BOT = (sys.executable, "-u", FIRST_BOT)
SYMBOL = "SPX_CALL_4500_20240119"


def test_the_first_bot_buys_at_the_bid_and_offers_what_it_bought(tmp_path):
    with (
        ServedExchange(tmp_path / "data", scenario="demo") as exchange,
        Client.register(exchange.url, "counterparty", role="market_maker") as api,
        subprocess.Popen(
            [*BOT, exchange.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        ) as bot,
        api.events(timeout_seconds=PATIENCE_SECONDS) as events,
    ):
        try:
            api.connect()
            api.subscribe(f"top:{SYMBOL}")
            api.submit_order(instrument_id=SYMBOL, side="buy", quantity=1, price=40.0)
            next(event for event in events if event.type == "top_of_book" and event.bid_quantity == 2)
            api.mass_cancel()
            api.submit_order(instrument_id=SYMBOL, side="sell", quantity=1, price=40.0)
            offer = next(event for event in events if event.type == "top_of_book" and event.ask_price == 40.05)
            assert offer.ask_quantity == 1
            bot.send_signal(signal.SIGINT)
            next(event for event in events if event.type == "top_of_book" and event.ask_price is None)
        finally:
            printed, complaints = end_of(bot)
    assert printed.splitlines() == [
        f"bid 40.0 {printed.splitlines()[0].split()[-1]}",
        "buy 1 @ 40.0 fees 0.1",
        "stopped; its orders are cancelled",
    ]
    assert complaints == ""
    assert bot.returncode == 0


def end_of(process):
    """All that it said, once it has ended; where it does not end by itself, it is made to."""
    try:
        return process.communicate(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()


def test_the_readme_shows_the_first_bot_as_it_runs():
    code = FIRST_BOT.read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    assert code in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_bot_is_no_longer_than_it_is_said_to_be():
    code = FIRST_BOT.read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    assert len([line for line in code.splitlines() if line.strip()]) <= 25


def test_the_first_bot_finds_a_market_where_the_example_bots_trade_and_they_leave_with_the_exchange(tmp_path):
    with ServedExchange(tmp_path / "data", "--with-bots", scenario="demo") as exchange:
        with subprocess.Popen(
            [*BOT, exchange.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        ) as bot:
            try:
                assert bot.stdout.readline().startswith("bid ")
                bot.send_signal(signal.SIGINT)
            finally:
                printed, complaints = end_of(bot)
        assert (printed.splitlines()[-1], complaints) == ("stopped; its orders are cancelled", "")
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


def test_the_first_bot_begins_again_where_its_bid_was_cancelled(tmp_path):
    with (
        ServedExchange(tmp_path / "data", scenario="demo") as exchange,
        Client.register(exchange.url, "counterparty", role="market_maker") as api,
    ):
        api.submit_order(instrument_id=SYMBOL, side="buy", quantity=1, price=40.0)
        with subprocess.Popen(
            [*BOT, exchange.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
        ) as bot:
            try:
                assert bot.stdout.readline().startswith("bid 40.0 ")
                with Client.register_or_resume(exchange.url, "first bot", key_file=tmp_path / "first_bot.key") as same:
                    same.mass_cancel()
                assert bot.stdout.readline() == "cancelled: mass_cancel\n"
                api.submit_order(instrument_id=SYMBOL, side="buy", quantity=1, price=41.0)
                assert bot.stdout.readline().startswith("bid 4")
                bot.send_signal(signal.SIGINT)
            finally:
                complaints = end_of(bot)[1]
    assert complaints == ""
