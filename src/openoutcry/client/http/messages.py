"""HTTP/1.1 without I/O: requests as bytes, and answers from bytes.

An answer that ends before it is complete is an error, even if its headers are complete.
"""

from collections.abc import Mapping
from typing import Final

import httptools

from openoutcry.client.address import Address
from openoutcry.client.http.transport import Answer

MAX_HEAD_BYTES: Final = 64 * 1024
"""Bound on the status line and headers of an answer, interim answers included. Beyond it the connection is closed."""
MAX_BODY_BYTES: Final = 64 * 1024 * 1024
"""Bound on the body of an answer, framing included. Beyond it the connection is closed."""


class BrokenAnswerError(Exception):
    """The connection ended or was in error before the answer was complete. The text says how."""


def encode_request(address: Address, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """A complete request, to be sent in one write."""
    lines = [f"{method} {address.prefix}{path} HTTP/1.1", f"Host: {address.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode("ascii") + (body or b"")


class AnswerReader:
    """Reads the answers on one connection. Call `begin` before each request, then `feed` until it returns the answer.

    After an exception the connection must be closed: the start of the next answer is not known.
    """

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._is_asked = False
        self._received_bytes = 0
        self._headers: dict[str, str] = {}
        self._head_is_whole = False
        self._body: list[bytes] = []
        self._answer: Answer | None = None
        self.reusable = True
        """Whether the last answer allows another request on this connection."""

    def begin(self) -> None:
        self._is_asked, self._received_bytes, self._answer = True, 0, None

    def feed(self, data: bytes) -> Answer | None:
        """Take in received bytes, or none at the end of the connection. Returns the answer once it is complete.

        Raises `BrokenAnswerError`.
        """
        if not self._is_asked:
            raise BrokenAnswerError("it sent something without a request")
        if not data:
            begun = self._received_bytes > 0
            raise BrokenAnswerError("it ended in the middle of the answer" if begun else "it gave no answer")
        self._received_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self._answer is None:
                raise BrokenAnswerError(f"it answered with something that is not HTTP/1.1 ({error!r})") from error
        if self._answer is None:
            self._check_size()
            return None
        self._is_asked = False
        return self._answer

    def _check_size(self) -> None:
        if not self._head_is_whole and self._received_bytes > MAX_HEAD_BYTES:
            raise BrokenAnswerError(f"it sent more than {MAX_HEAD_BYTES} bytes of headers")
        if self._received_bytes > MAX_HEAD_BYTES + MAX_BODY_BYTES:
            raise BrokenAnswerError(f"it sent more than {MAX_BODY_BYTES} bytes")

    # ---- called by the parser

    def on_message_begin(self) -> None:
        if self._answer is not None:  # a second answer would be taken for that to the next request
            self.reusable = False
        self._headers, self._head_is_whole, self._body = {}, False, []

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._head_is_whole:  # a trailer is no header
            self._headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()

    def on_headers_complete(self) -> None:
        self._head_is_whole = self._parser.get_status_code() >= 200

    def on_body(self, part: bytes) -> None:
        self._body.append(part)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200 or self._answer is not None:  # below 200: an interim answer, such as a proxy's "continue"
            return
        self.reusable = self._parser.should_keep_alive()
        self._answer = Answer(status, self._headers, b"".join(self._body))
