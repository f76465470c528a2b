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
    """The answer. `header_lines` are without content type and length, which are added with the bytes."""

    status: int
    response: ApiResponse[T]
    header_lines: bytes = b""
    """As they go on the wire, because answers to orders are sent without reading them."""
    sequence: Sequence | None = None
    """The sequence of the command that this is the verdict on; None if this is no verdict."""

    @property
    def headers(self) -> tuple[Header, ...]:
        lines = (line.partition(b": ") for line in self.header_lines.split(b"\r\n")[:-1])
        return tuple((name, value) for name, _, value in lines)


def header_lines(headers: Iterable[Header]) -> bytes:
    return b"".join([b"%s: %s\r\n" % header for header in headers])
