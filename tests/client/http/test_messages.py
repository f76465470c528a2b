"""HTTP as bytes: an answer is complete or an error, wherever it is cut into pieces."""

import asyncio
import threading
from unittest.mock import ANY

import pytest

from openoutcry.client import Answer, AnswerLostError, AsyncClient, Client, ClientClosedError, RetryPolicy
from openoutcry.client.address import Address
from openoutcry.client.http.asynchronous_transport import MAX_CONNECTIONS, AsyncHttpTransport
from openoutcry.client.http.messages import (
    MAX_BODY_BYTES,
    MAX_HEAD_BYTES,
    AnswerReader,
    BrokenAnswerError,
    encode_request,
)
from openoutcry.client.http.synchronous_transport import HttpTransport

PLAIN = b"HTTP/1.1 200 OK\r\nX-Sequence: 7\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n"
CONTINUED = b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
ONCE = RetryPolicy(attempts=1)


def read(*pieces):
    reader = AnswerReader()
    reader.begin()
    answers = [reader.feed(piece) for piece in pieces]
    assert all(answer is None for answer in answers[:-1])
    return answers[-1], reader


@pytest.mark.parametrize("message", [PLAIN, CHUNKED, CONTINUED], ids=["plain", "chunked", "continued"])
def test_an_answer_may_come_in_any_pieces(message):
    for cut in range(1, len(message)):
        answer, reader = read(message[:cut], message[cut:])
        assert (answer.status, answer.body, reader.reusable) == (200, b"hello", True)
    answer, _ = read(*(message[at : at + 1] for at in range(len(message))))
    assert answer.body == b"hello"


@pytest.mark.parametrize("message", [PLAIN, CHUNKED, CONTINUED], ids=["plain", "chunked", "continued"])
def test_an_answer_that_breaks_off_anywhere_is_an_error(message):
    for cut in range(len(message)):
        with pytest.raises(BrokenAnswerError):
            read(*filter(None, [message[:cut]]), b"")


def test_names_of_headers_are_in_lower_case():
    assert read(PLAIN)[0].headers == {"x-sequence": "7", "content-length": "5"}


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 0\r\n\r\nx",
        PLAIN + b"HTTP/1.1 200 OK\r\n",
        PLAIN + PLAIN,
        PLAIN + b"x",
        PLAIN + SWITCHING,
    ],
    ids=["old version", "said so", "said so among others", "a part too much", "one too much", "no HTTP", "a switch"],
)
def test_a_connection_that_may_not_be_used_again_is_known(message):
    answer, reader = read(message)
    assert (answer.status, reader.reusable) == (200, False)


def test_answers_on_one_connection_have_nothing_of_each_other():
    reader = AnswerReader()
    for message in (CHUNKED, PLAIN, b"HTTP/1.1 204 No Content\r\n\r\n", PLAIN):
        reader.begin()
        answer = reader.feed(message)
        assert answer == read(message)[0]
        assert reader.reusable


def test_answers_without_a_body_are_complete():
    assert read(b"HTTP/1.1 204 No Content\r\n\r\n")[0].body == b""


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "not HTTP"),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", "Invalid status code"),
        (SWITCHING, "not HTTP"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "in the middle"),
        (b"HTTP/1.1 200 OK\r\n\r\nno length, no end", "in the middle"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "Content-Length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunk size"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n", "chunk data"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * MAX_HEAD_BYTES, "of headers"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * (MAX_HEAD_BYTES // 25 + 1), "of headers"),
    ],
)
def test_what_is_not_an_answer_is_described(message, complaint):
    with pytest.raises(BrokenAnswerError, match=complaint):
        read(message, b"")


@pytest.mark.parametrize("head", [b"Content-Length: 1000000000", b"Transfer-Encoding: chunked\r\n\r\n3b9aca00"])
def test_an_answer_without_end_is_broken_off(head):
    with pytest.raises(BrokenAnswerError, match=f"more than {MAX_BODY_BYTES} bytes"):
        read(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n", *[b"x" * (MAX_BODY_BYTES // 8)] * 9)


def test_nothing_is_read_that_was_not_asked_for():
    with pytest.raises(BrokenAnswerError, match="without a request"):
        AnswerReader().feed(PLAIN)


def test_a_request_is_one_piece():
    address = Address.parse("http://[::1]:8000/api/")
    request = encode_request(address, "POST", "/orders", {"X-API-Key": "k"}, b"{}")
    assert request == b"POST /api/orders HTTP/1.1\r\nHost: [::1]:8000\r\nX-API-Key: k\r\nContent-Length: 2\r\n\r\n{}"
    assert address.stream_url == "ws://[::1]:8000/api/ws"
    assert Address.parse("https://host").base_url == "https://host:443"


def test_a_key_that_would_break_the_request_is_refused():
    with pytest.raises(ValueError, match="api_key"):
        Client("http://127.0.0.1:1", "key\r\nX-Admin-Key: x")


async def test_more_requests_at_once_than_connections_are_all_answered(exchange):
    async with AsyncClient(exchange.url) as api:
        answers = await asyncio.gather(*(api.get_health() for _ in range(MAX_CONNECTIONS + 20)))
        assert len(api._transport._open) <= MAX_CONNECTIONS
    assert all(answer.success or answer.error.code == "RATE_LIMIT_EXCEEDED" for answer in answers)


async def test_a_request_that_is_cancelled_takes_its_connection_with_it(exchange):
    async with AsyncClient(exchange.url) as api:
        await api.get_health()
        asking = asyncio.ensure_future(api.get_health())
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert api._transport._idle == []
        assert (await api.get_market()).data["phase"] == "continuous"


def test_an_interrupted_thread_takes_its_connection_with_it(exchange, monkeypatch):
    with Client(exchange.url) as api:
        api.get_health()
        (connection,) = api._transport._idle
        monkeypatch.setattr(connection, "exchange", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            api.get_health()
        assert not api._transport._idle
        assert api.get_health().success


def _interrupt(_request):
    raise KeyboardInterrupt


def test_a_transport_that_was_closed_says_so():
    address = Address.parse("http://127.0.0.1:1")
    transport = HttpTransport(address, 1.0)
    transport.close()
    with pytest.raises(ClientClosedError):
        transport.request("GET", "/", {}, None)
    asynchronous = AsyncHttpTransport(address, 1.0)
    asyncio.run(asynchronous.close())
    with pytest.raises(ClientClosedError):
        asyncio.run(asynchronous.request("GET", "/", {}, None))


async def test_a_server_that_ends_without_an_answer_is_told_apart_from_a_slow_one():
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with AsyncClient(url, retry=ONCE) as api:
            with pytest.raises(AnswerLostError, match="closed the connection before it answered"):
                await api.get_health()

        def ask():
            with Client(url, retry=ONCE) as api, pytest.raises(AnswerLostError, match="closed the connection"):
                api.get_health()

        await asyncio.to_thread(ask)


def test_another_transport_may_be_brought():
    class Told:
        def __init__(self):
            self.requests = []

        def request(self, method, path, headers, body):
            self.requests.append((threading.current_thread(), method, path, headers, body))
            fields = (
                b'"success":true,"request_id":"%s","order_id":null,"data":{},"error":null'
                % headers["X-Request-ID"].encode()
            )
            return Answer(200, {}, b"{%s,%s}" % (fields, b'"timestamp":"2024-01-15T10:00:00Z"'))

        def hang_up(self):
            self.requests.append("hung up")

        def close(self):
            self.requests.append("closed")

    told = Told()
    with Client("http://nowhere", "key", transport=told) as api:
        assert api.get_market().data == {}
    (_, *request), closed = told.requests
    assert request == ["GET", "/market", {"X-API-Key": "key", "X-Request-ID": ANY}, None]
    assert closed == "closed"
