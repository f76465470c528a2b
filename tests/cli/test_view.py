"""`openoutcry view` as a process: a moment over HTTP, a clean end, and one sentence for each trouble."""

import json
import signal
import socket
import subprocess
import urllib.request

import pytest
from command_line import register, request
from kept_rules import edit_rules
from running_command import RunningCommand
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange

CALL = "SPX_CALL_4500_20240315"


def get(view, path):
    url = view.stdout.split("listening on ")[1].split()[0]
    with urllib.request.urlopen(url + path, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


def fails(*arguments):
    """Its exit code, and what it said."""
    ended = subprocess.run(
        [*OPENOUTCRY, "view", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    return ended.returncode, ended.stderr.strip()


@pytest.fixture
def exchange(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        yield exchange


def test_a_running_exchange_is_followed(exchange):
    buyer = register(exchange, "buyer")
    with RunningCommand("view", exchange.data, "--port", 0) as view:
        view.await_said("commands are read")
        view.await_said("listening on")
        assert get(view, "/replay")["state"] == "following"
        order = {"instrument_id": CALL, "side": "buy", "quantity": 3, "price": 100.0}
        assert request(exchange, "POST", "/orders", order, **buyer)["success"]
        while get(view, "/replay")["last"]["sequence"] < 2:
            pass
        frame = get(view, "/replay/frame?at=0:0:2&team=TEAM_1")
        acks = [message for _, _, message in frame["messages"] if message["type"] == "new_order_ack"]
        assert [ack["quantity"] for ack in acks] == [3]
        view.signal(signal.SIGINT)
        assert view.wait() == 0
        assert "Traceback" not in view.stderr


def test_a_team_looks_at_its_own_export(exchange, tmp_path):
    buyer, seller = register(exchange, "buyer"), register(exchange, "seller")
    for side, keys in (("buy", buyer), ("sell", seller)):
        order = {"instrument_id": CALL, "side": side, "quantity": 3, "price": 100.0}
        assert request(exchange, "POST", "/orders", order, **keys)["success"]
    exchange.end()
    folder = tmp_path / "exports"
    assert fails(exchange.data, "--export", folder, "--team", "buyer")[0] == 0
    assert [file.name for file in folder.iterdir()] == ["TEAM_1.zip"]
    with RunningCommand("view", folder / "TEAM_1.zip", "--port", 0) as view:
        view.await_said("commands are read")
        replay = get(view, "/replay")
        assert (replay["state"], replay["directory"]) == ("complete", "TEAM_1.zip")
        assert [team["team_name"] for team in replay["teams"]] == ["buyer"]
        frame = get(view, f"/replay/frame?at=0:0:{replay['last']['sequence']}&team=TEAM_1")
        fills = [message["quantity"] for _, _, message in frame["messages"] if message["type"] == "execution_report"]
        assert fills == [3]
        view.signal(signal.SIGINT)
        assert view.wait() == 0


def test_what_cannot_be_exported_is_named(exchange, tmp_path):
    register(exchange, "buyer")
    exchange.end()
    folder = tmp_path / "exports"
    code, said = fails(exchange.data, "--export", folder, "--team", "nobody")
    assert (code, said.splitlines()[-1]) == (
        1,
        "openoutcry: there is no team nobody: those with a key are TEAM_1 buyer",
    )
    assert fails(exchange.data, "--export", folder)[0] == 0
    code, said = fails(exchange.data, "--export", folder)
    assert code == 1
    assert "TEAM_1.zip is there already" in said
    assert "name a folder with --export" in fails(exchange.data, "--team", "buyer")[1]
    (tmp_path / "notes.txt").write_text("notes")
    code, said = fails(tmp_path / "notes.txt", "--port", 0)
    assert (code, "is no export of a team" in said) == (4, True)


def test_a_folder_without_an_exchange_is_named(tmp_path):
    code, said = fails(tmp_path / "nothing", "--port", 0)
    assert code == 4
    assert "holds no exchange" in said
    assert len(said.splitlines()) == 1


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = fails(tmp_path, "--port", port)
    assert code == 5
    assert f"port {port}" in said


def test_edited_rules_are_named(exchange):
    register(exchange, "buyer")
    exchange.end()
    edit_rules(exchange.data)
    code, said = fails(exchange.data, "--port", 0)
    assert code == 7
    assert "are not those that the journal was written under" in said
    assert len(said.splitlines()) == 1


def test_damage_is_told_at_once_and_at_the_end(exchange):
    register(exchange, "buyer")
    register(exchange, "seller")
    exchange.end()
    (segment,) = (exchange.data / "journal").glob("*.segment")
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    with RunningCommand("view", exchange.data, "--port", 0) as view:
        view.await_said("not everything can be shown")
        view.await_said("listening on")
        assert get(view, "/replay")["state"] == "failed"
        view.signal(signal.SIGINT)
        assert view.wait() == 4
        assert segment.name in view.stderr
