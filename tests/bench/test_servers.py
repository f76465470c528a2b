"""Servers of the bench end with the process that started them, even if that is killed."""

import socket
import subprocess
import sys
from contextlib import suppress

import pytest

PATIENCE_SECONDS = 60

STARTS = """
import sys
from pathlib import Path
from openoutcry.bench.servers import serve_exchange, serve_yardstick

server = serve_exchange(Path(sys.argv[2]), None) if sys.argv[1] == "exchange" else serve_yardstick(sys.argv[1], None)
print(server.port, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("kind", ["exchange", "noop", "fixed"])
def test_a_server_ends_when_the_bench_is_killed(kind, tmp_path):
    bench = subprocess.Popen(
        [sys.executable, "-c", STARTS, kind, tmp_path / "data"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with bench, socket.create_connection(("127.0.0.1", int(bench.stdout.readline())), PATIENCE_SECONDS) as connection:
        bench.kill()
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""
