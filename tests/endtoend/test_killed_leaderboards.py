"""A real server is killed between two boards, twice: what was told live, before and after, is what the finished journal
gives, to the last digit.
"""

import subprocess

import msgspec
import pytest
from market_stage import half_hour
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange

from openoutcry.bootstrap.projections import projections_of
from openoutcry.client import Client, Leaderboard
from openoutcry.domain.types import TimestampUs
from openoutcry.journal.reader import JournalReader
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.leaderboard import Leaderboard as Shown
from openoutcry.runtime.recovery.replay import replay
from openoutcry.scenarios.loader import load_scenario
from openoutcry.scoring.scores import Scores
from openoutcry.venue.venue import Venue

BOARD = "\n[leaderboard]\ninterval_seconds = 30\ndelay_seconds = 30\nfrozen_seconds = 60\n"
SECONDS_AFTER = 10
"""Between a board and a kill, in market time."""


@pytest.fixture
def scenario(tmp_path):
    half_hour(tmp_path, speed=30, minutes=5)
    path = tmp_path / "half_hour.toml"
    text = path.read_text(encoding="utf-8")
    assert "\n[leaderboard]\n" in text
    text = text.replace("\n[leaderboard]\n", BOARD).replace("call = 09:25:00", "call = 09:29:30")
    path.write_text(text, encoding="utf-8")
    return path


def without_time(board):
    fields = msgspec.to_builtins(board)
    del fields["timestamp"]
    return fields


def live(exchange, keys, boards):
    """What is told of the leaderboard up to so many boards and some seconds, or (None) to the result, while two funds
    trade with each other and with the house.
    """
    told, seconds = [], 0
    with Client(exchange.url, keys[0]) as buyer, Client(exchange.url, keys[1]) as seller:
        events = buyer.events(timeout_seconds=PATIENCE_SECONDS)
        with events:
            buyer.subscribe("leaderboard", "underlyings")
            for event in events:
                if isinstance(event, Leaderboard):
                    told.append(without_time(event))
                    seconds = 0
                    if boards is None and event.final:
                        return told, buyer.get_score().data
                elif event.type == "underlying_price" and event.symbol == "SPY":
                    seconds += 1
                    if len(told) == boards and seconds >= SECONDS_AFTER:
                        return told, buyer.get_score().data
                    if seconds % 5 == 0:
                        buyer.submit_order(instrument_id="SPY", side="buy", quantity=3, order_type="market")
                        seller.submit_order(instrument_id="SPY", side="sell", quantity=2, order_type="market")
    raise AssertionError("the leaderboard was told no more")


def from_the_journal(data, path):
    """Every board that a fold shows over the finished journal, and the buyer's own score at the end."""
    scenario, told = load_scenario(path), []
    scores = next(each for each in projections_of(scenario) if isinstance(each, Scores))
    shown = Shown(scores.board, scenario.scoring)

    def follow(sequenced, events):
        scores.apply(sequenced, events)
        if shown.number > len(told):
            told.append(without_time(shown.message(TimestampUs(0))))

    for _ in replay(
        JournalReader(DataDirectory(data).journal), Venue(scenario.rulebook, scenario.instruments), [follow]
    ):
        pass
    buyer = next(each for each in scores.match.ledger.participants if each.team_name == "buyer")
    return told, msgspec.to_builtins(shown.of_team(buyer.team_id))


@pytest.mark.parametrize("with_snapshot", [True, False], ids=["from a snapshot", "from the whole journal"])
def test_boards_of_a_killed_server_are_those_of_its_finished_journal(tmp_path, scenario, with_snapshot):
    data, segments = tmp_path / "data", ("--segment-bytes", "200000") if with_snapshot else ()
    keys, lives = [], []
    for life, boards in enumerate((2, 4, None)):
        with ServedExchange(data, "--seed", "5", *segments, scenario=str(scenario)) as exchange:
            if not keys:
                with Client(exchange.url) as anybody:
                    teams = [anybody.register_team(name, role="hedge_fund") for name in ("buyer", "seller")]
                keys = [team.data["api_key"] for team in teams]
                key = (data / "admin.key").read_text().strip()
                assert exchange.ask("POST", "/admin/session", {"action": "start"}, **{"X-Admin-Key": key})[0] == 200
            elif with_snapshot:
                assert "from_snapshot_at=None" not in exchange.stderr
            told, own = live(exchange, keys, boards)
            lives.append(told)
            if boards is not None:
                if with_snapshot and life == 0:
                    exchange.await_said("snapshot made")
                exchange.kill()

    whole, own_at_the_end = from_the_journal(data, scenario)
    for told in lives:  # whoever joins hears the newest first; those of the seconds in which nobody listened are lost
        first = whole.index(told[0])
        assert told == whole[first : first + len(told)]
        assert len(told) > 1
    assert lives[-1][-1] == whole[-1]
    assert own == own_at_the_end
    assert [board["final"] for board in whole] == [False] * (len(whole) - 1) + [True]
    assert any(team["pnl"] for team in whole[-1]["teams"])
    assert subprocess.run([*OPENOUTCRY, "verify", str(data)], capture_output=True, check=False).returncode == 0
