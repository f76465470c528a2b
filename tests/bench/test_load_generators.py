"""The load generators read whole messages from their sockets, wherever the bytes are split."""

import socket
import threading

import pytest

from openoutcry.bench.load.event_latency import measure_event_latency
from openoutcry.bench.load.fan_out import drain
from openoutcry.bench.load.http_connection import HttpConnection, UnexpectedAnswer
from openoutcry.bench.load.open_loop import Team
from openoutcry.bench.load.orders import NumberedOrders, number_in, resting, trading
from openoutcry.bench.load.websocket_reader import WebSocketReader

SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def http(listener):
    """A connection of the generator and the server's end of it."""
    connection = HttpConnection(*listener.getsockname())
    server, _ = listener.accept()
    with server:
        yield connection, server
    connection.close()


@pytest.fixture
def websocket(listener):
    """A reader after its handshake and the server's end of it."""
    accepted = []

    def shake_hands():
        server, _ = listener.accept()
        server.recv(65_536)
        server.sendall(SWITCHED)
        accepted.append(server)

    hands = threading.Thread(target=shake_hands)
    hands.start()
    reader = WebSocketReader(*listener.getsockname())
    hands.join()
    with accepted[0]:
        yield reader, accepted[0]
    reader.close()


def answer(body, status="200 OK"):
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def frame(payload, operation=1):
    length = len(payload)
    if length < 126:
        head = bytes([0x80 | operation, length])
    elif length < 65_536:
        head = bytes([0x80 | operation, 126]) + length.to_bytes(2)
    else:
        head = bytes([0x80 | operation, 127]) + length.to_bytes(8)
    return head + payload


def test_an_answer_in_pieces_is_one_answer(http):
    connection, server = http
    whole = answer("the body")
    server.sendall(whole[:10])
    assert list(connection.answers()) == []
    server.sendall(whole[10:-3])
    assert list(connection.answers()) == []
    server.sendall(whole[-3:])
    assert list(connection.answers()) == [whole]


def test_answers_that_come_together_are_told_apart(http):
    connection, server = http
    server.sendall(answer("one") + answer("two") + answer("three")[:20])
    assert list(connection.answers()) == [answer("one"), answer("two")]
    server.sendall(answer("three")[20:])
    assert list(connection.answers()) == [answer("three")]


def test_an_answer_other_than_200_ends_the_measurement(http):
    connection, server = http
    server.sendall(answer("too fast", "429 Too Many Requests"))
    with pytest.raises(UnexpectedAnswer, match="429"):
        list(connection.answers())


def test_a_server_that_hangs_up_ends_the_measurement(http):
    connection, server = http
    server.close()
    with pytest.raises(UnexpectedAnswer, match="hung up"):
        list(connection.answers())


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_of_every_length_are_read_whole(websocket, length):
    reader, server = websocket
    payload = b"x" * length
    threading.Thread(target=server.sendall, args=(frame(payload) + frame(b"last"),)).start()
    messages = []
    while b"last" not in messages:
        messages += reader.messages()
    assert messages == [payload, b"last"]


def test_a_frame_in_pieces_is_one_message(websocket):
    reader, server = websocket
    whole = frame(b"y" * 300)
    for piece in (whole[:1], whole[1:3], whole[3:200]):
        server.sendall(piece)
        assert reader.messages() == []
    server.sendall(whole[200:])
    assert reader.messages() == [b"y" * 300]


def test_a_ping_is_answered_with_what_it_holds(websocket):
    reader, server = websocket
    server.sendall(frame(b"still there?", operation=9))
    assert reader.messages() == []
    head = server.recv(6)
    assert head[:2] == bytes([0x8A, 0x80 | 12])
    assert server.recv(100) == b"still there?"


def test_a_close_frame_ends_the_reading(websocket):
    reader, server = websocket
    server.sendall(frame(b"bye") + frame(b"", operation=8))
    assert reader.messages() == [b"bye"]
    assert not reader.is_open


def test_a_stream_that_the_server_ends_is_not_waited_for(http, websocket):
    connection, _ = http
    reader, server = websocket
    server.close()
    with pytest.raises(UnexpectedAnswer, match="ended a stream"):
        measure_event_latency([Team(connection, NumberedOrders("key"), reader)], 0, 2)


def test_a_stream_that_the_server_ends_is_not_drained_for_ever(websocket):
    reader, server = websocket
    server.close()
    with pytest.raises(UnexpectedAnswer, match="ended a stream"):
        drain([reader], 0.01)


def test_a_stream_that_never_falls_silent_is_not_drained_for_ever(websocket):
    reader, server = websocket
    server.sendall(frame(b"again"))
    with pytest.raises(UnexpectedAnswer, match="still came"):
        drain([reader], 60, at_most_seconds=0)


def test_a_handshake_that_is_refused_ends_the_measurement(listener):
    def refuse():
        server, _ = listener.accept()
        with server:
            server.recv(65_536)
            server.sendall(answer("no", "403 Forbidden"))

    threading.Thread(target=refuse).start()
    with pytest.raises(UnexpectedAnswer, match="403"):
        WebSocketReader(*listener.getsockname())


def test_a_message_that_came_with_the_handshake_is_not_waited_for(listener):
    def welcome():
        server, _ = listener.accept()
        with server:
            server.recv(65_536)
            server.sendall(SWITCHED + frame(b"welcome"))

    threading.Thread(target=welcome).start()
    reader = WebSocketReader(*listener.getsockname())
    reader.read_until(b"welcome")
    reader.close()


def test_trading_orders_buy_and_sell_in_turns():
    next_request = trading("key", 0)
    sides = [b'"side":"buy"' in next_request(b"") for _ in range(4)]
    assert sides == [True, False, True, False]


def test_a_resting_order_is_cancelled_by_the_id_in_its_answer():
    next_request = resting("key", 0)
    assert next_request(b"").startswith(b"POST /orders ")
    assert next_request(b'..."order_id":"ORD_17"...').startswith(b"DELETE /orders/ORD_17 ")
    assert next_request(b"").startswith(b"POST /orders ")


def test_an_order_is_known_again_by_its_number():
    request = NumberedOrders("key").request(42)
    assert number_in(request) == 42
    head, body = request.split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
