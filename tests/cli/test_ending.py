"""How `openoutcry serve` ends: cleanly, whatever its connections do, and however many signals come."""

import os
import pty
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

ORDER = {"instrument_id": "SPX_CALL_4500_20240315", "side": "buy", "quantity": 1, "price": 100.0}

HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: exchange\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
HALF_A_REQUEST = b"POST /teams HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
MESSAGE_HALF_SENT = b"\x81\x8d\0\0\0\0{"


@pytest.fixture(autouse=True)
def hang_ups_count():
    """Also where the tests run under `nohup`, and would hand on that SIGHUP is ignored."""
    before = signal.getsignal(signal.SIGHUP)
    if before == signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def enter_order(exchange):
    """Its id, and the key of the team."""
    _, registered = exchange.ask("POST", "/teams", {"team_name": "one"})
    key = {"X-API-Key": registered["data"]["api_key"]}
    status, answer = exchange.ask("POST", "/orders", ORDER, **key)
    assert status == 200, answer
    return answer["order_id"], key


@contextmanager
def said(exchange, *pieces, waits_for=b""):
    """A connection on which so much was said, and whose client does nothing more once it has heard `waits_for`."""
    at = urlsplit(exchange.url)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect((at.hostname, at.port))
        heard = b""
        for piece in pieces:
            connection.sendall(piece)
        while waits_for not in heard:
            received = connection.recv(1_024)
            assert received, heard
            heard += received
        yield connection


def assert_clean(data, order_id, key, epoch=1):
    """The next start finds everything, and nothing that looks like a crash."""
    with ServedExchange(data) as exchange:
        assert exchange.ask("GET", "/health")[1]["data"]["epoch"] == epoch
        (order,) = exchange.ask("GET", "/orders", **key)[1]["data"]["orders"]
        assert order["order_id"] == order_id


CONNECTIONS = {
    "nothing said": ((), b""),
    "half a head": ((b"GET /hea",), b""),
    "answered": ((b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n",), b'"success"'),
    "half a handshake": ((HANDSHAKE,), b""),
    "a handshake with too many headers": ((HANDSHAKE + b"X: 1\r\n" * 130 + b"\r\n",), b""),
    "a handshake with a body": ((HANDSHAKE + b"Content-Length: 2\r\n\r\n{}",), b""),
    "a handshake that is refused": ((HANDSHAKE.replace(b": 13", b": 12") + b"\r\n",), b" 400 "),
    "a stream that is silent": ((HANDSHAKE + b"\r\n",), b'"welcome"'),
    "a stream in the middle of a frame": ((HANDSHAKE + b"\r\n", MESSAGE_HALF_SENT), b'"welcome"'),
    "a stream that broke the protocol": ((HANDSHAKE + b"\r\n", b"\xff\xff\xff"), b'"welcome"'),
}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_it_cleanly_whatever_connections_are_at(tmp_path, number):
    with ServedExchange(tmp_path / "data") as exchange, ExitStack() as connections:
        order_id, key = enter_order(exchange)
        for pieces, waits_for in CONNECTIONS.values():
            connections.enter_context(said(exchange, *pieces, waits_for=waits_for))
        assert exchange.end(number) == 0
        assert "Traceback" not in exchange.stderr
        assert "ended after sequence" in exchange.stderr
    assert_clean(tmp_path / "data", order_id, key)


def test_readers_that_are_frozen_do_not_keep_it_from_ending(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        order_id, key = enter_order(exchange)
        comes_and_goes = ORDER | {"price": 1.0, "time_in_force": "ioc"}
        for _ in range(40):
            status, answer = exchange.ask("POST", "/orders/batch", {"orders": [comes_and_goes] * 50}, **key)
            assert status == 200, answer
        from_the_beginning = HANDSHAKE.replace(b"/ws", b"/ws?after_seq=0") + b"X-API-Key: %s\r\n\r\n"
        with said(exchange, from_the_beginning % key["X-API-Key"].encode(), waits_for=b'"welcome"'):
            assert exchange.end() == 0
            assert "Traceback" not in exchange.stderr
    assert_clean(tmp_path / "data", order_id, key)


@pytest.mark.parametrize("pause_seconds", [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_may_come_at_any_time(tmp_path, number, pause_seconds):
    with ServedExchange(tmp_path / "data") as exchange:
        order_id, key = enter_order(exchange)
        with said(exchange, HANDSHAKE + b"\r\n", waits_for=b'"welcome"'):
            exchange.process.send_signal(number)
            time.sleep(pause_seconds)  # what is tried: the moments from the first signal to the end of the process
            assert exchange.end(number) == 0
        assert "Traceback" not in exchange.stderr
        assert "ended after sequence" in exchange.stderr
    assert_clean(tmp_path / "data", order_id, key)


def test_signals_may_come_without_end(tmp_path):
    with ServedExchange(tmp_path / "data") as exchange:
        order_id, key = enter_order(exchange)
        count = 0
        while exchange.process.poll() is None:
            exchange.process.send_signal(SIGNALS[count % 3])
            count += 1
        assert exchange.process.wait() == 0
        assert "Traceback" not in exchange.stderr
    assert_clean(tmp_path / "data", order_id, key)


def test_a_second_signal_waits_for_nobody(tmp_path):
    """An answer in progress has its grace at the first signal, and not at the second."""
    with ServedExchange(tmp_path / "data") as exchange:
        with said(exchange, HALF_A_REQUEST) as waiting:
            exchange.ask("GET", "/health")
            exchange.process.send_signal(signal.SIGTERM)
            with pytest.raises(subprocess.TimeoutExpired):
                exchange.process.wait(1)
            assert exchange.end() == 0
            assert b"500" not in waiting.recv(1_024)
        assert "Traceback" not in exchange.stderr


def test_the_loss_of_its_terminal_ends_it_cleanly(tmp_path):
    """As when a connection by SSH is closed: SIGHUP comes, and nothing can be written any more."""
    ours, theirs = pty.openpty()
    command = [*OPENOUTCRY, "serve", "--scenario", "seed", "--data", str(tmp_path / "data"), "--port", "0"]
    takes_the_terminal = (
        "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", takes_the_terminal, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said_so_far = b""
    while b"listening on" not in said_so_far:
        said_so_far += os.read(ours, 1_024)
    os.close(ours)

    assert process.wait(PATIENCE_SECONDS) == 0
    with ServedExchange(tmp_path / "data") as exchange:
        assert exchange.ask("GET", "/health")[1]["data"]["epoch"] == 1


def test_under_nohup_the_loss_of_the_terminal_ends_nothing(tmp_path):
    with ServedExchange(tmp_path / "data", command=("nohup", *OPENOUTCRY)) as exchange:
        exchange.process.send_signal(signal.SIGHUP)
        assert exchange.ask("GET", "/health")[1]["success"] is True
        assert exchange.process.poll() is None
        assert exchange.end() == 0
