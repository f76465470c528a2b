"""Messages on `/ws` that cannot be read, or are too many, and their answers."""

import msgspec
import pytest
from stream_stage import connected

from openoutcry.gateway.stream.limits import EndpointLimits
from openoutcry.protocol.stream import MAX_MESSAGE_BYTES, MAX_MESSAGES_PER_SECOND, CloseCode


def is_error(message):
    return message.type == "error"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "MALFORMED_REQUEST", "not JSON"),
        ("{", "MALFORMED_REQUEST", "not JSON"),
        ("subscribe", "MALFORMED_REQUEST", "not JSON"),
        ("[" * 15_000, "MALFORMED_REQUEST", "nested too deeply"),
        ('{"op":"ping","x":' + "[" * 5_000 + "]" * 5_000 + "}", "MALFORMED_REQUEST", ""),
        ('{"op":"ping","request_id":"\\ud800"}', "MALFORMED_REQUEST", ""),
        ("[]", "MALFORMED_REQUEST", "JSON object"),
        ("null", "MALFORMED_REQUEST", "JSON object"),
        ("{}", "MALFORMED_REQUEST", "needs `op`"),
        ('{"op":7}', "MALFORMED_REQUEST", "needs `op`"),
        ('{"op":"cancel_everything","enabled":true}', "UNSUPPORTED_OPERATION", "it has login, resume, subscribe"),
        ('{"op":"buy"}', "UNSUPPORTED_OPERATION", "'buy'"),
        ('{"op":"ping","pong":1}', "MALFORMED_REQUEST", "'pong'"),
        ('{"op":"ping","' + "x" * 16_000 + '":1}', "MALFORMED_REQUEST", "xxx…' here"),
        ('{"op":"' + "x" * 16_000 + '"}', "UNSUPPORTED_OPERATION", "xxx…'"),
        ('{"op":"ping","op":"ping"}', "MALFORMED_REQUEST", "'op' stands more than once"),
        ('{"op":"resume","after_seq":0,"after_seq":9}', "MALFORMED_REQUEST", "'after_seq' stands more than once"),
        ('{"op":"subscribe"}', "MALFORMED_REQUEST", "'channels' is missing"),
        ('{"op":"subscribe","channels":[]}', "MALFORMED_REQUEST", "channels"),
        ('{"op":"subscribe","channels":"market"}', "MALFORMED_REQUEST", "channels"),
        ('{"op":"subscribe","channels":[1]}', "MALFORMED_REQUEST", "channels[0]"),
        ('{"op":"resume","after_seq":-1}', "MALFORMED_REQUEST", "after_seq"),
        ('{"op":"resume","after_seq":1.5}', "MALFORMED_REQUEST", "after_seq"),
        ('{"op":"resume","after_seq":NaN}', "MALFORMED_REQUEST", "not JSON"),
        ('{"op":"resume","after_seq":1' + "0" * 400 + "}", "MALFORMED_REQUEST", ""),
        ('{"op":"login","api_key":"' + "k" * 200 + '"}', "MALFORMED_REQUEST", "api_key"),
        ('{"op":"ping","request_id":"' + "r" * MAX_MESSAGE_BYTES + '"}', "PAYLOAD_TOO_LARGE", str(MAX_MESSAGE_BYTES)),
        ('{"op":"ping","request_id":"' + "é" * (MAX_MESSAGE_BYTES // 2) + '"}', "PAYLOAD_TOO_LARGE", "bytes"),
    ],
)
async def test_a_message_that_cannot_be_read_is_answered_with_what_would_do(exchange, text, code, words):
    async with connected(exchange) as client:
        await client.next()
        client.say(text)
        error = await client.next()
        assert (error.type, error.code) == ("error", code)
        assert words in error.message
        assert len(error.message) < 600
        assert (await client.ask("ping")).type == "ack"


async def test_an_error_says_which_message_it_answers(exchange):
    async with connected(exchange) as client:
        await client.next()
        client.say({"op": "subscribe", "request_id": "mine", "chanels": ["market"]})
        error = await client.next()

    assert (error.op, error.request_id) == ("subscribe", "mine")
    assert error.details["field"] in {"chanels", "channels"}


async def test_binary_frames_end_the_connection_with_a_reason(exchange):
    async with connected(exchange) as client:
        await client.next()
        client.say_binary(msgspec.json.encode({"op": "ping"}))
        error = await client.next()
        assert "text frames" in error.message
        assert await client.close_code() == CloseCode.PROTOCOL_ERROR


async def test_messages_beyond_the_rate_are_refused_and_a_flood_is_closed(exchange):
    async with connected(exchange, limits=EndpointLimits(max_refused_in_a_row=5)) as client:
        await client.next()
        for _ in range(3 * MAX_MESSAGES_PER_SECOND):
            client.say({"op": "ping"})
        answers = await client.take(MAX_MESSAGES_PER_SECOND)
        error = await client.until(is_error)
        assert {answer.type for answer in answers} == {"ack"}
        assert error.code == "RATE_LIMIT_EXCEEDED"
        assert error.details["limit"] == MAX_MESSAGES_PER_SECOND
        assert await client.close_code() == CloseCode.PROTOCOL_ERROR
