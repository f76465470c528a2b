"""An answer to a REST request, before it is bytes."""

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from openoutcry.domain.types import Sequence
from openoutcry.protocol.responses import ApiResponse

T = TypeVar("T")

Header = tuple[bytes, bytes]

JSON: Final = b"application/json"

encode: Final = msgspec.json.Encoder().encode
"""The one encoder of answers."""


class Answer(Struct, Generic[T], frozen=True):
    """What goes back: `header_lines` beside those of the content type and length, which belong to the bytes."""

    status: int
    response: ApiResponse[T]
    header_lines: bytes = b""
    """As they go on the wire: orders are answered without anybody looking at them."""
    sequence: Sequence | None = None
    """Of the command that this is the verdict on; None of what is no verdict."""

    @property
    def headers(self) -> tuple[Header, ...]:
        lines = (line.partition(b": ") for line in self.header_lines.split(b"\r\n")[:-1])
        return tuple((name, value) for name, _, value in lines)


def header_lines(headers: Iterable[Header]) -> bytes:
    return b"".join([b"%s: %s\r\n" % header for header in headers])
