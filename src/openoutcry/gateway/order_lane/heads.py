"""Heads of the requests that the order lane serves, read by uvicorn's parser.

Unusual requests are left to the router, which knows all of HTTP.
"""

import re
from typing import Final

import httptools

from openoutcry.access.keys import hash_key
from openoutcry.access.refusals import Refused
from openoutcry.gateway.http.header_rules import MAX_LENGTH_DIGITS, check_content_type
from openoutcry.protocol.requests import MAX_BODY_BYTES

MAX_ORDER_HEAD_BYTES: Final = 2 * 1024
"""Most bytes of a head; longer ones are left to the router."""

MAX_KNOWN_HEADS: Final = 8
"""Heads kept for a connection: usually a few, one for each length of body. If every head is new, because it holds an
id, all are forgotten at this number. Together they take less memory than one head of 64 KiB, which any client may send.
"""

_END: Final = b"\r\n\r\n"
_SUBMIT: Final = b"POST /orders HTTP/1.1\r\n"
_CANCEL: Final = re.compile(rb"DELETE /orders/(ORD_[0-9]{1,18}) HTTP/1\.1\r\n")
"""No order has more digits; what the router says of a longer part of a path is its own."""
_UNUSUAL: Final = (b"transfer-encoding", b"expect", b"upgrade")


class OrderHead:
    """One head, with what is known of its request before the body. Nothing in it depends on the exchange."""

    __slots__ = ("cancels", "head_bytes", "headers", "key_hash", "request_bytes")

    def __init__(self, head_bytes: int, body_bytes: int, headers: dict[bytes, bytes], cancels: str | None) -> None:
        self.head_bytes = head_bytes
        self.request_bytes = head_bytes + body_bytes
        self.headers = headers
        """Names in lower case, each of them given once."""
        self.key_hash = hash_key(headers[b"x-api-key"])
        self.cancels = cancels
        """The order id in the path; None if an order is submitted."""


class OrderHeads:
    """The heads on one connection. A bot repeats the same bytes, which are parsed only once."""

    def __init__(self) -> None:
        self._known: dict[bytes, OrderHead] = {}

    def read(self, data: bytes) -> OrderHead | None:
        """The head that `data` begins with; None if it is incomplete, or not for the order lane."""
        ends = data.find(_END, 0, MAX_ORDER_HEAD_BYTES) + len(_END)
        content = data[:ends]
        head = self._known.get(content)
        if head is None and ends >= len(_END):
            if content.startswith(_SUBMIT):
                head = _read(content, None)
                if head is not None:
                    if len(self._known) == MAX_KNOWN_HEADS:
                        self._known.clear()
                    self._known[content] = head
            elif (cancel := _CANCEL.match(content)) is not None:
                head = _read(content, cancel[1].decode("ascii"))
        return head


def _read(content: bytes, cancels: str | None) -> OrderHead | None:
    parsed = _ParsedHead()
    if not parsed.read(content):
        return None
    headers = parsed.headers
    body_bytes = headers.get(b"content-length", b"0")
    if (
        parsed.repeats
        or not (parsed.keeps_alive and body_bytes.isdigit() and len(body_bytes) <= MAX_LENGTH_DIGITS)
        or int(body_bytes) > MAX_BODY_BYTES
        or any(name in headers for name in _UNUSUAL)
        or b"x-api-key" not in headers
        or (int(body_bytes) and not _is_json(headers))
    ):
        return None
    return OrderHead(len(content), int(body_bytes), headers, cancels)


def _is_json(headers: dict[bytes, bytes]) -> bool:
    try:
        check_content_type(headers)
    except Refused:
        return False
    return True


class _ParsedHead:
    """Records the callbacks of httptools."""

    def __init__(self) -> None:
        self.headers: dict[bytes, bytes] = {}
        self.keeps_alive = False
        self.repeats = False
        """Whether a header is given twice: the router decides which ones may be."""
        self._parser = httptools.HttpRequestParser(self)

    def read(self, content: bytes) -> bool:
        """Whether it is a head at all; if not, the connection's own parser says what is wrong."""
        try:
            self._parser.feed_data(content)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return False
        return True

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self.repeats = self.repeats or name in self.headers
        self.headers[name] = value

    def on_headers_complete(self) -> None:
        self.keeps_alive = self._parser.should_keep_alive()
