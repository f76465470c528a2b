"""HTTP/1.1 as far as the client needs it, without I/O: a request as bytes, and an answer read strictly from bytes.

A bot waits for this code at every order, and libraries take longer over an answer than the exchange over the order.
Strictly: an answer that breaks off anywhere, among its headers too, is no answer.
"""

from collections.abc import Generator, Mapping
from typing import Final

from openoutcry.client.address import Address
from openoutcry.client.transport import Answer

MAX_HEAD_BYTES: Final = 64 * 1024
"""Status line and headers of an answer, or one line of its framing; more of them break the connection off."""
MAX_BODY_BYTES: Final = 64 * 1024 * 1024
"""Body of an answer; a longer one breaks the connection off."""


class BrokenAnswerError(Exception):
    """The connection ended, or went wrong, before the answer was complete; the text says how."""


def encode_request(address: Address, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> bytes:
    """A whole request, to be sent in one write."""
    lines = [f"{method} {address.prefix}{path} HTTP/1.1", f"Host: {address.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, "", "")).encode("ascii") + (body or b"")


class AnswerReader:
    """Reads the answers on one connection: `begin` before each request, then `feed` until it gives the answer.

    After an exception the connection is of no more use: where the next answer would begin is not known.
    """

    def __init__(self) -> None:
        self._received = b""
        self._steps: Generator[None, None, Answer] | None = None
        self.reusable = True
        """Whether another request may be sent, as far as the last answer tells."""

    def begin(self) -> None:
        self._steps = self._read()
        next(self._steps)

    def feed(self, data: bytes) -> Answer | None:
        """Take in what was received, nothing at the end of the connection; the answer, once it is complete.

        Raises `BrokenAnswerError`.
        """
        if self._steps is None:
            raise BrokenAnswerError("it spoke without being asked")
        if not data:
            raise BrokenAnswerError("it ended in the middle of the answer" if self._received else "it gave no answer")
        self._received += data
        try:
            next(self._steps)
        except StopIteration as done:
            self._steps = None
            # Bytes that nobody asked for would be taken for the next answer.
            self.reusable = self.reusable and not self._received
            answer: Answer = done.value
            return answer
        return None

    def _read(self) -> Generator[None, None, Answer]:
        version, status, headers = yield from self._read_head()
        while 100 <= status < 200:  # a proxy's "continue"
            version, status, headers = yield from self._read_head()
        body = b"" if status in {204, 304} else (yield from self._read_body(headers))
        self.reusable = version == b"HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return Answer(status, headers, body)

    def _read_head(self) -> Generator[None, None, tuple[bytes, int, dict[str, str]]]:
        head = yield from self._take_until(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        version, _, rest = first.partition(b" ")
        status = rest[:3]
        if not version.startswith(b"HTTP/1.") or not (len(status) == 3 and status.isdigit()):
            raise BrokenAnswerError(f"it answered with something that is not HTTP: {first[:40]!r}")
        headers = {}
        for line in lines:
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        return version, int(status), headers

    def _read_body(self, headers: dict[str, str]) -> Generator[None, None, bytes]:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return (yield from self._read_chunks())
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            raise BrokenAnswerError("it gave an answer without a length")
        return (yield from self._take(int(length[:20])))

    def _read_chunks(self) -> Generator[None, None, bytes]:
        body = b""
        while True:
            line = yield from self._take_until(b"\r\n")
            size_text = line.partition(b";")[0].strip()
            if not size_text or size_text.strip(b"0123456789abcdefABCDEF"):
                raise BrokenAnswerError(f"it gave something else for the size of a chunk: {size_text[:20]!r}")
            size = int(size_text[:20], 16)
            if size == 0:
                while (yield from self._take_until(b"\r\n")):
                    pass  # trailers
                return body
            body += yield from self._take(size, already=len(body))
            if (yield from self._take_until(b"\r\n")):
                raise BrokenAnswerError("it sent a chunk longer than its size")

    def _take_until(self, mark: bytes) -> Generator[None, None, bytes]:
        while (end := self._received.find(mark)) < 0:
            if len(self._received) > MAX_HEAD_BYTES:
                raise BrokenAnswerError(f"it sent more than {MAX_HEAD_BYTES} bytes of headers")
            yield
        taken, self._received = self._received[:end], self._received[end + len(mark) :]
        return taken

    def _take(self, length: int, already: int = 0) -> Generator[None, None, bytes]:
        if already + length > MAX_BODY_BYTES:
            raise BrokenAnswerError(f"it sent more than {MAX_BODY_BYTES} bytes")
        while len(self._received) < length:
            yield
        taken, self._received = self._received[:length], self._received[length:]
        return taken
