"""`openoutcry bot run`: it trades until Ctrl-C, sums up, and says in a sentence what is wrong."""

import os
import signal
from itertools import count

import pytest
from command_line import assert_told, openoutcry
from running_command import RunningCommand

from openoutcry.client import Client
from openoutcry.client.key_file import KeyFile

_numbers = count(1)


@pytest.fixture
def name():
    return f"bot {next(_numbers)}"


def key_of(file, name):
    return KeyFile(file, name, os.urandom).read()


def run(file, exchange, *options, cwd, **more):
    return RunningCommand("bot", "run", file, "--url", exchange.url, *options, cwd=cwd, **more)


# ---- it runs


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_trades_until_it_is_told_to_end_and_sums_up(file, exchange, tmp_path, name, number):
    with run(file, exchange, "--name", name, cwd=tmp_path) as bot:
        bot.await_said("resting")
        bot.signal(number)
        assert bot.wait() == 0, bot.stderr
    assert f"ended     {'Ctrl-C' if number == signal.SIGINT else 'SIGTERM'}" in bot.stdout
    first, second = bot.stdout.splitlines()[:2]
    assert first.split() == ["team", "role", "P&L", "fills", "contracts", "refused"]
    assert second.split() == [*name.split(), "hedge_fund", "0.00", "0", "0", "0"]
    key_file = tmp_path / f"{name.replace(' ', '_')}.key"
    assert key_file.stat().st_mode & 0o777 == 0o600
    with Client(exchange.url, key_of(key_file, name)) as api:
        assert api.get_account().data["account"]["open_orders"] == 0


def test_the_key_file_makes_it_the_same_team_again(file, exchange, tmp_path, name):
    file.write_text(
        file.read_text().replace(
            "def on_new_order_ack(self, ack):", "def on_new_order_ack(self, ack):\n        self.stop()"
        )
    )
    teams = []
    for _ in range(2):
        with run(file, exchange, "--name", name, "--key-file", "mine.key", cwd=tmp_path) as bot:
            assert bot.wait() == 0, bot.stderr
            assert "ended     the bot has stopped itself" in bot.stdout
        with Client(exchange.url, key_of(tmp_path / "mine.key", name)) as api:
            teams.append(api.get_account().data["account"]["team_id"])
    assert teams[0] == teams[1]


def test_a_key_in_the_environment_chooses_the_team(file, exchange, tmp_path, name):
    with Client.register(exchange.url, name, role="hedge_fund") as api:
        environment = os.environ | {"OPENOUTCRY_API_KEY": api.api_key}
        with run(file, exchange, cwd=tmp_path, env=environment) as bot:
            bot.await_said("resting")
            assert [order["price"] for order in api.get_open_orders().data["orders"]] == [10.0]
            bot.signal(signal.SIGINT)
            assert bot.wait() == 0
    assert not list(tmp_path.glob("*.key"))


def test_a_bot_that_fails_is_an_exit_code_with_its_traceback(file, exchange, tmp_path, name):
    file.write_text(file.read_text().replace('self.log.info("resting")', "1 / 0"))
    with run(file, exchange, "--name", name, cwd=tmp_path) as bot:
        assert bot.wait() == 9
    assert "openoutcry: the bot has failed: ZeroDivisionError: division by zero" in bot.stderr
    assert "in on_new_order_ack" in bot.stderr
    assert "ended     on_new_order_ack raised ZeroDivisionError" in bot.stdout


def test_a_handler_that_never_returns_is_named_when_it_is_interrupted_twice(file, exchange, tmp_path, name):
    file.write_text(file.read_text() + "        while True:\n            pass\n")
    with run(file, exchange, "--name", name, cwd=tmp_path) as bot:
        bot.await_said("resting")
        bot.signal(signal.SIGINT)
        bot.await_said("once more ends it at once")
        bot.signal(signal.SIGINT)
        assert bot.wait() == 9
    assert f"it was in on_new_order_ack ({file}, line " in bot.stderr
    assert "Traceback" not in bot.stderr


# ---- what is wrong


def test_a_file_that_is_not_there(exchange, tmp_path):
    assert_told(openoutcry("bot", "run", tmp_path / "none.py"), 9, "there is no file")


def test_a_file_without_a_bot_and_with_two(file):
    file.write_text("x = 1\n")
    assert_told(openoutcry("bot", "run", file), 9, "defines no bot")
    file.write_text("from openoutcry import Bot\nclass A(Bot): ...\nclass B(Bot): ...\n")
    assert_told(openoutcry("bot", "run", file), 9, f"defines 2 bots, A, B: say which one is meant, such as {file}:A")


def test_an_exception_at_import(file):
    file.write_text("def f():\n    raise RuntimeError('not today')\nf()\n")
    result = openoutcry("bot", "run", file)
    assert_told(result, 9, f'File "{file}", line 2, in f', "RuntimeError: not today")
    assert "importlib" not in result.stderr


def test_an_exception_in_init(file, exchange):
    file.write_text("from openoutcry import Bot\nclass A(Bot):\n    def __init__(self, x): ...\n")
    assert_told(openoutcry("bot", "run", file), 9, "while a A was made", "missing 1 required positional argument: 'x'")


def test_no_exchange_at_the_address(file, tmp_path):
    assert_told(openoutcry("bot", "run", file, "--url", "http://127.0.0.1:1", cwd=tmp_path), 5, "127.0.0.1:1")
    assert_told(openoutcry("bot", "run", file, "--url", "nonsense", cwd=tmp_path), 2, "must look like")


def test_a_key_that_the_exchange_does_not_know(file, exchange, tmp_path):
    result = openoutcry(
        "bot", "run", file, "--url", exchange.url, cwd=tmp_path, env=os.environ | {"OPENOUTCRY_API_KEY": "wrong"}
    )
    assert_told(result, 2, f"the exchange at {exchange.url} does not know the key")


def test_a_key_file_that_others_can_read(file, exchange, tmp_path, name):
    (tmp_path / "open.key").write_text(f'{{"team_name": "{name}", "api_key": "k"}}')
    (tmp_path / "open.key").chmod(0o644)
    result = openoutcry(
        "bot", "run", file, "--url", exchange.url, "--name", name, "--key-file", "open.key", cwd=tmp_path
    )
    assert_told(result, 2, "can be read by others (its mode is 644)", "chmod 600 open.key")


def test_a_team_of_another_role_or_name(file, exchange, tmp_path, name):
    with Client.register(exchange.url, name, role="market_maker") as api:
        environment = os.environ | {"OPENOUTCRY_API_KEY": api.api_key}
        arguments = ("bot", "run", file, "--url", exchange.url)
        told = openoutcry(*arguments, cwd=tmp_path, env=environment)
        assert_told(told, 2, f"is to be a hedge_fund, and the team '{name}' is a market_maker")
        told = openoutcry(*arguments, "--name", "other", cwd=tmp_path, env=environment)
        assert_told(told, 2, f"the key is that of the team '{name}', and not of 'other'")


def test_a_registration_that_is_refused(file, exchange, tmp_path, name):
    with Client.register(exchange.url, name):
        told = openoutcry("bot", "run", file, "--url", exchange.url, "--name", name, cwd=tmp_path)
        assert_told(told, 8, "does not exist yet")


# ---- watched


def test_a_change_of_the_file_or_of_a_helper_begins_again(file, exchange, tmp_path, name):
    helper = tmp_path / "helpers.py"
    helper.write_text("WORD = 'one'\n")
    text = "import helpers\n" + file.read_text().replace('"resting"', '"resting %s", helpers.WORD')
    file.write_text(text)
    with run(file, exchange, "--name", name, "--watch", cwd=tmp_path) as bot:
        bot.await_said("resting one")
        helper.write_text("WORD = 'two'\n")
        bot.await_said("helpers.py changed: begins again")
        bot.await_said("resting two")
        with Client(exchange.url, key_of(next(tmp_path.glob("*.key")), name)) as api:
            assert len(api.get_open_orders().data["orders"]) == 1
        file.write_text(text + "    def f(:\n")
        bot.await_said("SyntaxError")
        bot.await_said("waiting for a change")
        file.write_text(text)
        bot.await_said("resting two", times=2)
        file.write_text(text.replace("self.log.info", "1 / 0; self.log.info"))
        bot.await_said("the bot has failed: ZeroDivisionError")
        bot.signal(signal.SIGINT)
        assert bot.wait() == 0, bot.stderr
    assert "ended     helpers.py changed" in bot.stdout
    assert "ended     my_bot.py changed" in bot.stdout


def test_a_helper_that_is_missing_may_be_made_later(file, exchange, tmp_path, name):
    (tmp_path / "bots").mkdir()
    file = file.rename(tmp_path / "bots" / "my_bot.py")
    file.write_text("import helpers\n" + file.read_text())
    with run(file, exchange, "--name", name, "--watch", cwd=tmp_path) as bot:
        bot.await_said("No module named 'helpers'")
        bot.await_said("waiting for a change")
        (tmp_path / "bots" / "helpers.py").write_text("")
        bot.await_said("resting")
        bot.signal(signal.SIGINT)
        assert bot.wait() == 0, bot.stderr
