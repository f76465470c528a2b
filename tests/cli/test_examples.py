"""The examples run as they are printed."""

import re
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


def bot_on(url, folder):
    return subprocess.Popen([*BOT, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)


def quote(api, bid, ask):
    """The market of the counterparty: five contracts on each side."""
    for side, price in (("buy", bid), ("sell", ask)):
        assert api.submit_order(instrument_id=SYMBOL, side=side, quantity=5, price=price).success


def test_the_first_bot_buys_at_the_bid_and_offers_what_it_bought(tmp_path):
    with (
        ServedExchange(tmp_path / "data", scenario="demo") as exchange,
        Client.register(exchange.url, "counterparty", role="market_maker") as api,
        api.events(timeout_seconds=PATIENCE_SECONDS) as events,
        bot_on(exchange.url, tmp_path) as bot,
    ):
        try:
            assert bot.stdout.readline() == "waiting for a call that is quoted on both sides\n"
            api.subscribe(f"top:{SYMBOL}")
            quote(api, 40.0, 42.0)
            next(event for event in events if event.type == "top_of_book" and event.bid_quantity == 6)
            api.mass_cancel()
            api.submit_order(instrument_id=SYMBOL, side="sell", quantity=1, price=40.0)
            offer = next(event for event in events if event.type == "top_of_book" and event.ask_price == 40.05)
            assert offer.ask_quantity == 1
            traded = [bot.stdout.readline() for _ in range(3)]  # the bot's own answer may come after everybody's event
            bot.send_signal(signal.SIGINT)
            next(event for event in events if event.type == "top_of_book" and event.ask_price is None)
        finally:
            printed, complaints = end_of(bot)
    assert [re.sub("ORD_[0-9]+", "ORD", line) for line in traded] == [
        f"buy {SYMBOL} at 40.0 ORD\n",
        "buy 1 @ 40.0 fees 0.1\n",
        f"sell {SYMBOL} at 40.05 ORD\n",
    ]
    assert (printed, complaints) == ("stopped; its orders are cancelled\n", "")
    assert bot.returncode == 0


def test_the_first_bot_trades_on_the_default_game_whose_instruments_come_with_a_session(tmp_path):
    with (
        ServedExchange(tmp_path / "days", scenario="intern_fast", subcommand="practice") as exchange,
        bot_on(exchange.url, tmp_path) as bot,
    ):
        try:
            assert bot.stdout.readline().startswith("waiting ")
            assert re.fullmatch(r"buy SP[XY]_CALL_\d+_\d{8} at [\d.]+ ORD_\d+\n", bot.stdout.readline())
            bot.send_signal(signal.SIGINT)
        finally:
            printed, complaints = end_of(bot)
    assert (printed.splitlines()[-1], complaints) == ("stopped; its orders are cancelled", "")


def test_the_first_bot_ends_at_a_refusal_that_would_come_again(tmp_path):
    scenario = tmp_path / "none.toml"
    scenario.write_text(
        'name = "none"\ntitle = "No options for retail"\n[registration]\nopen = true\n'
        f'[roles.retail]\noption_position_limit = 0\n[underlyings]\nSPX = 4500\n[[instruments]]\nsymbol = "{SYMBOL}"\n',
        encoding="utf-8",
    )
    with (
        ServedExchange(tmp_path / "data", scenario=str(scenario)) as exchange,
        Client.register(exchange.url, "counterparty", role="market_maker") as api,
    ):
        quote(api, 40.0, 42.0)
        with bot_on(exchange.url, tmp_path) as bot:
            printed, complaints = end_of(bot)
    (refused,) = printed.splitlines()[1:]
    assert refused.startswith(f"buy {SYMBOL} at 40.0 ")
    assert complaints == "it ends here: this refusal would come again\n"
    assert bot.returncode == 1


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


def test_the_first_bot_is_as_long_as_it_is_said_to_be():
    code = FIRST_BOT.read_text(encoding="utf-8").split('"""\n\n', 1)[1]
    lines = len([line for line in code.splitlines() if line.strip()])
    assert f"## A bot in {lines} lines\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_first_bot_finds_a_market_where_the_example_bots_trade_and_they_leave_with_the_exchange(tmp_path):
    with ServedExchange(tmp_path / "data", "--with-bots", scenario="demo") as exchange:
        with bot_on(exchange.url, tmp_path) as bot:
            try:
                assert bot.stdout.readline().startswith("waiting ")
                assert bot.stdout.readline().startswith("buy ")
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
        quote(api, 40.0, 42.0)
        with bot_on(exchange.url, tmp_path) as bot:
            try:
                assert bot.stdout.readline().startswith("waiting ")
                assert bot.stdout.readline().startswith(f"buy {SYMBOL} at 40.0 ")
                with Client.register_or_resume(exchange.url, "first bot", key_file=tmp_path / "first_bot.key") as same:
                    same.mass_cancel()
                assert bot.stdout.readline() == "cancelled: mass_cancel\n"
                api.submit_order(instrument_id=SYMBOL, side="buy", quantity=1, price=41.0)
                assert bot.stdout.readline().startswith(f"buy {SYMBOL} at 4")
                bot.send_signal(signal.SIGINT)
            finally:
                complaints = end_of(bot)[1]
    assert complaints == ""
