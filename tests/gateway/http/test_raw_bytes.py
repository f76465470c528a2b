"""Any bytes of a client: no answer is 500, the log gets one short line at most, and the next client is served."""

import asyncio
import contextlib
import itertools
import logging

import pytest
from gateway_stage import rates, seed_scenario, start_exchange
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wire_stage import WireServer, request_bytes

from openoutcry.access.keys import hash_key
from openoutcry.domain.commands import RegisterTeam
from openoutcry.gateway.app import build_gateway

KEY = b"the-key-of-a-team"
LONGEST_LINE = 200

UPGRADE = (
    b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"Sec-WebSocket-Version: 13\r\n"
)
HEADS = [
    *(
        b"%s %s HTTP/1.1\r\nHost: x\r\nX-API-Key: " % (method, path) + KEY + b"\r\n"
        for method in (b"GET", b"POST", b"DELETE", b"PUT", b"TRACE", b"OPTIONS", b"HEAD", b"CONNECT", b"PATCH")
        for path in (b"/orders", b"/nowhere", b"/orders/ORD_1", b"/docs", b"/teams", b"*")
    ),
    b"GET /ws HTTP/1.1\r\nHost: x\r\n" + UPGRADE,
    b"POST /ws?after_seq=1 HTTP/1.1\r\n" + UPGRADE,
    b"GET /other HTTP/1.1\r\n" + UPGRADE,
    b"GET http://x/ws HTTP/1.0\r\n" + UPGRADE,
    b"PRI * HTTP/2.0\r\n",
    b"\x16\x03\x01\x02",
]
FIELDS = [
    b"Content-Length: 2\r\n",
    b"Content-Length: " + b"0" * 4300 + b"2\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n",
    b"Content-Type: application/json\r\n",
    b"Content-Type: multipart/form-data; boundary=\xff\r\n",
    b"Cookie: a=\xff;=;\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: close\r\n",
    b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
    b"Accept: \xff/*;q=x\r\n",
    b"X-Request-ID: \xff\xfe\r\n",
    b"Origin: null\r\n",
    b"If-None-Match: \x00\r\n",
    b"Host: \xff[\r\n",
    b"X-Admin-Key: \xff\r\n",
    b"A" * 9000 + b": x\r\n",
    b"X: y\r\n" * 130,
]
BODIES = [
    b"{}",
    b"2\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}\r\n0\r\nX-API-Key: y\r\n\r\n",
    b"zz\r\n",
    b"ffffffffffffffff\r\n",
    b"5;a=b\r\nabc",
    b"\x81\x80aaaa",
    b"\r\n",
    b"",
]


@st.composite
def bytes_sent(draw):
    """A few requests, most of them nearly right, with some bytes changed, cut into pieces."""
    sent = bytearray()
    for _ in range(draw(st.integers(1, 3))):
        sent += draw(st.sampled_from(HEADS)) + b"".join(draw(st.lists(st.sampled_from(FIELDS), max_size=3)))
        sent += b"\r\n" + draw(st.sampled_from(BODIES) | st.binary(max_size=30))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(sent) - 1))
        sent[at : at + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    edges = sorted({0, len(sent), *draw(st.lists(st.integers(0, len(sent)), max_size=4))})
    return [bytes(sent[start:end]) for start, end in itertools.pairwise(edges)]


class Log(logging.Handler):
    """What a server would log, by its handler at the root."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.records = []

    def emit(self, record):
        self.records.append(record)


class Served:
    def __init__(self, directory):
        self.runner = asyncio.Runner()
        self.runner.run(self._open(directory))

    async def _open(self, directory):
        self.exchange = start_exchange(directory, seed_scenario(rate_limits=rates()))
        self.exchange.sequencer.perform(RegisterTeam("a", "market_maker", hash_key(KEY)))
        self.server = WireServer(build_gateway(self.exchange))
        self.loop_errors = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.loop_errors.append(context))

    def converse(self, pieces, half_closes):
        return self.runner.run(self._converse(pieces, half_closes))

    async def _converse(self, pieces, half_closes):
        line = self.server.connect()
        for piece in pieces:
            line.receive(piece)
            await asyncio.sleep(0)
        await line.settle()
        if half_closes:
            await line.end_sending()
        written = line.transport.written
        await line.hang_up()
        return written

    def close(self):
        self.exchange.close()
        self.runner.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with contextlib.closing(Served(tmp_path_factory.mktemp("raw"))) as served:
        yield served


def refused_once(record):
    return record.exc_info is None and len(record.getMessage()) <= LONGEST_LINE and "\n" not in record.getMessage()


SETTINGS = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
BAD_CHUNK = b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"


@SETTINGS
@given(pieces=bytes_sent(), half_closes=st.booleans())
@example(pieces=[b"POST /nowhere HTTP/1.1\r\n" + BAD_CHUNK], half_closes=False)
@example(pieces=[b"TRACE /orders HTTP/1.1\r\n" + BAD_CHUNK], half_closes=False)
@example(pieces=[b"POST /nowhere HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"zz\r\n"], half_closes=False)
@example(pieces=[b"OPTIONS * HTTP/1.1\r\n\r\n"], half_closes=True)
def test_whatever_comes_is_refused_in_words_and_without_a_traceback(served, pieces, half_closes):
    log = Log()
    root = logging.getLogger()
    root.addHandler(log)
    try:
        written = served.converse(pieces, half_closes)
    finally:
        root.removeHandler(log)
    assert b"HTTP/1.1 500" not in written
    assert not served.loop_errors
    assert all(refused_once(record) for record in log.records), [record.getMessage() for record in log.records]
    assert len(log.records) <= 1
    assert not served.server.state.tasks
    assert not served.server.state.connections


def test_the_next_client_is_served(served):
    answer = served.converse([request_bytes(b"GET", b"/orders", b"", [(b"X-API-Key", KEY)])], half_closes=False)
    assert answer.startswith(b"HTTP/1.1 200")
