"""`openoutcry serve` as a process: it says where it listens, ends cleanly, and tells in words why it cannot start."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys

import pytest
from command_line import assert_told, openoutcry, register, request
from faulty_disk import disk_full
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from openoutcry.cli.exit_codes import ExitCode
from openoutcry.cli.failures import failures_told
from openoutcry.cli.process.addresses import addresses_for_others, say_where
from openoutcry.cli.process.log_rate import MAX_LINES


def read_to_the_end(stream):
    while True:
        stream.recv(PATIENCE_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_end_it_with_exit_code_0(tmp_path, number):
    with ServedExchange(tmp_path / "data") as exchange:
        assert request(exchange, "GET", "/health")["success"] is True
        assert exchange.end(number) == 0
        assert "Traceback" not in exchange.stderr
        assert "ended after sequence 0" in exchange.stderr


@pytest.mark.parametrize(("arguments", "is_warned"), [((), False), (("--seed", "7"), True)])
def test_it_warns_of_seeds_that_anybody_can_find(tmp_path, arguments, is_warned):
    with ServedExchange(tmp_path / "data", *arguments) as exchange:
        exchange.end()
        assert ("Leave --seed out for a competition" in exchange.stderr) is is_warned


def test_on_a_terminal_the_log_and_the_bar_of_a_replay_keep_to_lines_of_their_own(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        register(exchange, "Alpha")
    ours, theirs = pty.openpty()
    command = [*OPENOUTCRY, "serve", "--data", tmp_path / "data", "--port", "0"]
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        said = b""
        while b"listening on" not in said:
            said += os.read(ours, 4_096)
        process.terminate()
    os.close(ours)
    (recovered,) = [line for line in re.split(rb"[\r\n]+", said) if b"state recovered" in line]
    assert b"replaying" in said
    assert b"replaying" not in recovered


def test_a_client_that_sends_nonsense_cannot_fill_the_log(tmp_path):
    nonsense = b"POST /nowhere HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    with ServedExchange(tmp_path / "data") as exchange:
        port = int(exchange.url.rpartition(":")[2])
        for _ in range(5 * MAX_LINES):
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
                client.sendall(nonsense)
                assert client.recv(65_536).startswith(b"HTTP/1.1 400")
        assert request(exchange, "GET", "/health")["success"] is True
        assert exchange.end() == 0
        lines = exchange.stderr.splitlines()
        assert "Traceback" not in exchange.stderr
    complaints = [line for line in lines if "Invalid HTTP request" in line]
    # Another window may have begun meanwhile.
    assert MAX_LINES <= len(complaints) <= 3 * MAX_LINES
    assert len(lines) - len(complaints) < 10


def test_streams_are_told_that_the_server_goes_away(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        with connect(exchange.url.replace("http", "ws") + "/ws") as stream:
            assert json.loads(stream.recv(PATIENCE_SECONDS))["type"] == "welcome"
            exchange.process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                read_to_the_end(stream)
        assert closed.value.rcvd.code == 1001
        assert exchange.process.wait(PATIENCE_SECONDS) == 0


def test_stdout_holds_the_address_and_nothing_else(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        exchange.end()
        assert exchange.process.stdout.read() == ""


def test_a_used_directory_goes_on_where_it_ended(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        key = register(exchange, "one")
        order = {"instrument_id": "SPX_CALL_4500_20240315", "side": "buy", "quantity": 3, "price": 100.0}
        order_id = request(exchange, "POST", "/orders", order, **key)["order_id"]
        exchange.end()
        before = exchange.state_hash
    with ServedExchange(tmp_path / "data") as exchange:
        (order,) = request(exchange, "GET", "/orders", **key)["data"]["orders"]
        assert (order["order_id"], order["remaining_quantity"]) == (order_id, 3)
        exchange.end()
        assert exchange.state_hash == before


def test_a_killed_server_s_directory_goes_on_too(tmp_path):
    exchange = ServedExchange(tmp_path / "data").__enter__()
    key = register(exchange, "one")
    order = {"instrument_id": "SPX_CALL_4500_20240315", "side": "buy", "quantity": 3, "price": 100.0}
    order_id = request(exchange, "POST", "/orders", order, **key)["order_id"]
    exchange.kill()
    with ServedExchange(tmp_path / "data") as exchange:
        (order,) = request(exchange, "GET", "/orders", **key)["data"]["orders"]
        assert order["order_id"] == order_id


def test_the_organiser_s_key_is_made_once_and_nobody_else_may_read_it(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        path = tmp_path / "data" / "admin.key"
        key = path.read_text().strip()
        assert path.stat().st_mode & 0o777 == 0o600
        assert request(exchange, "GET", "/admin/teams", **{"X-Admin-Key": key})["success"] is True
        assert key not in exchange.stderr
    with ServedExchange(tmp_path / "data"):
        assert path.read_text().strip() == key


def test_the_organiser_s_key_can_be_given(tmp_path):
    key = "a-key-of-the-organiser-s-own"
    with ServedExchange(tmp_path / "data", env={**os.environ, "OPENOUTCRY_ADMIN_KEY": key}) as exchange:
        assert request(exchange, "GET", "/admin/teams", **{"X-Admin-Key": key})["success"] is True
        assert not (tmp_path / "data" / "admin.key").exists()


def test_a_key_that_is_too_short_is_refused(tmp_path):
    result = openoutcry("serve", "--data", tmp_path, "--port", 0, env={**os.environ, "OPENOUTCRY_ADMIN_KEY": "secret"})
    assert_told(result, 4, "at least 16 visible ASCII characters")


def test_a_scenario_that_is_not_there_is_refused(tmp_path):
    result = openoutcry("serve", "--scenario", "nope", "--data", tmp_path / "data", "--port", 0)
    assert_told(result, 3, "nope", "demo, intern, intern_fast, match, orderflow, seed")
    assert not (tmp_path / "data").exists()


def test_a_scenario_with_a_mistake_is_refused_by_key(tmp_path):
    scenario = tmp_path / "mine.toml"
    scenario.write_text('name = "mine"\ntitle = "x"\n[registration]\nopened = true\n', encoding="utf-8")
    result = openoutcry("serve", "--scenario", scenario, "--data", tmp_path / "data", "--port", 0)
    assert_told(result, 3, f"{scenario}:4:1: registration.opened: no such key; did you mean 'open'?")


def test_a_taken_port_is_refused(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = openoutcry("serve", "--data", tmp_path / "data", "--port", port)
    assert_told(result, 5, f"cannot listen on 127.0.0.1 port {port}", "choose another --port")


def test_a_host_that_is_not_this_machine_s_is_refused(tmp_path):
    result = openoutcry("serve", "--data", tmp_path / "data", "--host", "192.0.2.1", "--port", 0)
    assert_told(result, 5, "cannot listen on 192.0.2.1")


def test_a_directory_in_use_is_refused_and_its_server_goes_on(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        result = openoutcry("serve", "--scenario", "seed", "--data", tmp_path / "data", "--port", 0)
        assert_told(result, 4, "in use by another server", str(exchange.process.pid))
        assert request(exchange, "GET", "/health")["success"] is True


def test_a_directory_of_another_scenario_is_refused(tmp_path):
    with ServedExchange(tmp_path / "data", scenario="seed") as exchange:
        register(exchange, "one")
    result = openoutcry("serve", "--scenario", "demo", "--data", tmp_path / "data", "--port", 0)
    assert_told(result, 3, "another scenario", "'demo'", "instruments.SPX_PUT_4500_20240315 is gone")


def test_a_directory_of_the_same_scenario_with_other_rules_is_refused_by_the_keys_that_differ(tmp_path):
    with ServedExchange(tmp_path / "data", scenario="demo"):
        pass
    scenario = tmp_path / "demo.toml"
    edited = openoutcry("scenario", "show", "demo").stdout.replace('"SPY"', '"SPY"\ntick_size = 0.05', 1)
    scenario.write_text(f"{edited}\n[roles.retail]\ntaker_fee = 0.61\n[rules]\nself_trade_prevention = 'none'\n")
    result = openoutcry("serve", "--scenario", scenario, "--data", tmp_path / "data", "--port", 0)
    assert_told(
        result,
        3,
        ": instruments.SPY.tick_size was 0.01 and is 0.05 now; ",
        "; rules.self_trade_prevention was expire_taker and is none now; ",
        "; roles.retail.taker_fee was 0.6 and is 0.61 now. ",
    )


def test_a_used_directory_needs_no_scenario(tmp_path):
    with ServedExchange(tmp_path / "data", scenario="seed") as exchange:
        register(exchange, "one")
    with ServedExchange(tmp_path / "data", scenario=None) as exchange:
        symbols = [each["instrument_id"] for each in request(exchange, "GET", "/instruments")["data"]["instruments"]]
        assert symbols == ["SPX_CALL_4500_20240315", "SPX_PUT_4500_20240315"]
    with ServedExchange(tmp_path / "new", scenario=None) as exchange:
        assert len(request(exchange, "GET", "/instruments")["data"]["instruments"]) == 7


def test_what_happens_to_teams_and_trading_is_logged_in_lines_of_one_form(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        admin = {"X-Admin-Key": (tmp_path / "data" / "admin.key").read_text().strip()}
        one = register(exchange, "Team one")
        request(exchange, "POST", "/teams", {"team_name": "Team one"})
        request(exchange, "POST", "/teams/TEAM_1/rotate-key", **one)
        for path in ("teams/TEAM_1/suspend", "teams/TEAM_1/reinstate", "teams/TEAM_9/suspend"):
            request(exchange, "POST", f"/admin/{path}", **admin)
        for action in ("halt", "resume"):
            request(exchange, "POST", f"/admin/instruments/SPX_PUT_4500_20240315/{action}", **admin)
        request(exchange, "POST", "/admin/phase", {"phase": "closed"}, **admin)
        exchange.end()
        logged = [line for line in exchange.stderr.splitlines() if re.match(r"\d{4}-\d\d-\d\dT[0-9:.]+Z \[info ", line)]
    assert [re.sub(r" +", " ", line.split("]", 1)[1]).strip() for line in logged] == [
        "team registered role=retail team_id=TEAM_1 team_name='Team one'",
        "key rotated team_id=TEAM_1",
        "team suspended team_id=TEAM_1",
        "team reinstated team_id=TEAM_1",
        "instrument halted instrument_id=SPX_PUT_4500_20240315",
        "instrument resumed instrument_id=SPX_PUT_4500_20240315",
        "phase set phase=closed",
    ]


IN_ONE_FORM = """
import logging, structlog
from openoutcry.cli.process.logs import log_to_stderr
log_to_stderr()
logging.getLogger("uvicorn.error").warning("a [library] has %s", "trouble")
logging.getLogger("uvicorn.error").info("small talk")
structlog.get_logger().warning("we have trouble", key="a [b]")
"""


def test_lines_of_libraries_have_the_form_of_ours():
    result = subprocess.run([sys.executable, "-c", IN_ONE_FORM], capture_output=True, text=True, check=True)
    lines = [re.sub(r" +", " ", line) for line in result.stderr.splitlines()]
    assert [re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+Z \[warning \] (.*)", line)[1] for line in lines] == [
        "a [library] has trouble [uvicorn.error]",
        "we have trouble key='a [b]'",
    ]


WITH_A_SECRET = """
import logging, structlog
from openoutcry.cli.process.logs import log_to_stderr
log_to_stderr()
def fail(key):
    raise ValueError("it failed")
try:
    fail("hid" + "den")
except ValueError:
    logging.getLogger("uvicorn.error").exception("in a library")
    structlog.get_logger().exception("in ours")
"""


def test_a_traceback_in_the_log_shows_no_values():
    """What fails may have a key or the join code in a variable."""
    result = subprocess.run([sys.executable, "-c", WITH_A_SECRET], capture_output=True, text=True, check=True)
    assert result.stderr.count("ValueError: it failed") == 2
    assert "hidden" not in result.stderr


def test_a_server_on_every_network_says_which_address_to_hand_out(capsys):
    with socket.socket() as listener:  # bound, and never listened on
        listener.bind(("0.0.0.0", 0))
        port = listener.getsockname()[1]
        say_where(listener)
    told = capsys.readouterr()
    assert told.out == f"listening on http://0.0.0.0:{port}\n"
    addresses = re.findall(r"^bots on other machines reach it at http://(\S+):(\d+)$", told.err, re.MULTILINE)
    assert len(addresses) == len(told.err.splitlines()) == len(set(addresses))
    for address, its_port in addresses:
        assert int(its_port) == port
        with socket.socket() as reached:
            reached.bind((address, 0))  # it is one of this machine's


def test_a_server_on_one_address_has_no_other_to_hand_out():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert addresses_for_others(listener) == []


def test_a_data_path_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "data").write_text("not a directory")
    result = openoutcry("serve", "--scenario", "seed", "--data", tmp_path / "data", "--port", 0)
    assert_told(result, 4, str(tmp_path / "data"), "exists")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "data").mkdir(mode=0o500)
    result = openoutcry("serve", "--scenario", "seed", "--data", tmp_path / "data", "--port", 0)
    assert_told(result, 4, str(tmp_path / "data"), "Permission denied")


def test_a_directory_on_a_file_system_that_takes_no_files_is_refused():
    result = openoutcry("serve", "--scenario", "seed", "--data", "/proc/openoutcry", "--port", 0)
    assert_told(result, 4, "/proc/openoutcry")


def test_an_option_that_is_not_there_is_a_usage_error(tmp_path):
    result = openoutcry("serve", "--data", tmp_path, "--prot", 0)
    assert_told(result, 2, "--prot")


def test_an_ipv6_address_is_printed_as_a_url(tmp_path):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with ServedExchange(tmp_path / "data", "--host", "::1") as exchange:
        assert exchange.url.startswith("http://[::1]:")
        assert request(exchange, "GET", "/health")["success"] is True


def test_a_file_in_place_of_the_data_directory_is_told(tmp_path):
    (tmp_path / "data").write_text("a file")
    for data in (tmp_path / "data", tmp_path / "data" / "deeper"):
        assert_told(openoutcry("serve", "--data", data, "--port", 0), 4, f"{data}: ", "name another place")


def test_a_full_disk_at_the_start_is_told_as_what_it_is(capsys):
    with pytest.raises(SystemExit) as ended, failures_told():
        raise disk_full()
    assert ended.value.code == ExitCode.DATA_DIRECTORY
    assert capsys.readouterr().err == "openoutcry: No space left on device; make room on the disk, then start again\n"


def test_names_of_before_a_restart_are_still_taken_and_so_is_what_looks_like_them(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        register(exchange, "Alpha")
    with ServedExchange(tmp_path / "data") as exchange:
        refusal = request(exchange, "POST", "/teams", {"team_name": "ALPHA"})
        assert refusal["error"]["code"] == "DUPLICATE_TEAM_NAME"
        assert refusal["error"]["details"]["resembles"] == "Alpha"
