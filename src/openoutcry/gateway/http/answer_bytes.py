"""Answers as the bytes of HTTP/1.1, for connections that no ASGI server writes."""

from http import HTTPStatus
from typing import Any, Final

from openoutcry.gateway.http.answer import JSON, Answer, Header, encode

CLOSE: Final[Header] = (b"connection", b"close")
"""The connection ends with this answer."""

_BEGINNINGS: Final = {
    status.value: b"HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: "
    % (status.value, status.phrase.encode("ascii"), JSON)
    for status in HTTPStatus
}


def answer_bytes(answer: Answer[Any], more_lines: bytes = b"") -> bytes:
    """Head and body of `answer`, with further header lines."""
    body = encode(answer.response)
    length = str(len(body)).encode()
    return b"".join((_BEGINNINGS[answer.status], length, b"\r\n", answer.header_lines, more_lines, b"\r\n", body))
