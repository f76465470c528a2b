"""A script of the base install runs its bot by `openoutcry.run`."""

import signal
import subprocess
import sys

import pytest
from served_exchange import PATIENCE_SECONDS

import openoutcry
from openoutcry import Bot
from openoutcry.client import Client
from openoutcry.client.bot.files.loading import BotFileError, load_bot
from openoutcry.client.bot.live.joining import CannotJoin, key_file_of

SCRIPT = """
import sys
import openoutcry

class Mine(openoutcry.Bot):
    role = "hedge_fund"

    def on_start(self):
        self.order = self.buy("SPX_PUT_4500_20240315", 1, 10.0)

    def on_new_order_ack(self, ack):
        print("resting", flush=True)

if __name__ == "__main__":
    summary = openoutcry.run(Mine, sys.argv[1], name=sys.argv[2])
    print(summary.ended, summary.team, summary.open_orders, summary.refusals)
"""


def test_a_script_runs_until_ctrl_c_and_gets_a_summary(exchange, tmp_path, team_name):
    script, name = tmp_path / "script.py", team_name()
    script.write_text(SCRIPT)
    process = subprocess.Popen(
        [sys.executable, script, exchange.url, name], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    with process:
        assert process.stdout.readline() == "resting\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == f"Ctrl-C {name} 0 {{}}\n"
        assert process.wait(PATIENCE_SECONDS) == 0
    assert (tmp_path / key_file_of(name)).stat().st_mode & 0o777 == 0o600


async def test_in_a_loop_that_runs_it_is_awaited(exchange, tmp_path, team_name):
    class Brief(Bot):
        def on_start(self) -> None:
            self.buy("NO_SUCH_THING", 1, 1.0)

        def on_refused(self, refusal) -> None:
            self.stop("seen")

    summary = await openoutcry.run_async(Brief, exchange.url, name=team_name(), key_file=tmp_path / "key")
    assert (summary.ended, summary.refusals, summary.pnl) == ("seen", {"INVALID_INSTRUMENT": 1}, 0.0)


async def test_what_an_object_has_gathered_can_be_read_afterwards(exchange, tmp_path, team_name):
    class Brief(Bot):
        def __init__(self, most: int) -> None:
            self.most = most
            self.seen: list[str] = []

        def on_start(self) -> None:
            self.seen += sorted(self.instruments)[: self.most]
            self.stop("seen")

    bot = Brief(1)
    await openoutcry.run_async(bot, exchange.url, name=team_name(), key_file=tmp_path / "key")
    assert len(bot.seen) == 1


async def test_with_a_key_it_is_that_keys_team(exchange, team_name):
    class Brief(Bot):
        def on_start(self) -> None:
            self.stop("seen")

    name = team_name()
    with Client.register(exchange.url, name, role="hedge_fund") as api:
        assert (await openoutcry.run_async(Brief, exchange.url, api_key=api.api_key)).team == name
        with pytest.raises(CannotJoin, match="is to be a market_maker"):
            await openoutcry.run_async(Brief, exchange.url, api_key=api.api_key, role="market_maker")
    with pytest.raises(CannotJoin, match="does not know the key"):
        await openoutcry.run_async(Brief, exchange.url, api_key="unknown")
    with pytest.raises(CannotJoin, match="must look like"):
        await openoutcry.run_async(Brief, "nonsense", api_key="unknown")


def test_a_file_that_runs_its_bot_while_it_is_imported_is_told_where_that_belongs(tmp_path):
    file = tmp_path / "my_bot.py"
    script = SCRIPT.replace('if __name__ == "__main__":', "if True:")
    file.write_text(script.replace("sys.argv[1]", '"http://127.0.0.1:8000"').replace("sys.argv[2]", '"mine"'))
    with pytest.raises(BotFileError, match='belongs under `if __name__ == "__main__":`'):
        load_bot(file)


@pytest.mark.parametrize(
    ("name", "file"), [("my team", "my_team.key"), ("../up", "_up.key"), ("é", "é.key"), ("..", "team.key")]
)
def test_a_key_file_is_named_for_its_team(name, file):
    assert str(key_file_of(name)) == file
