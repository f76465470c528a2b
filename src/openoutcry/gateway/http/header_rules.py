"""Headers that decide who asks, or how a body is read, stand once and have a bounded length, on HTTP and `/ws` alike.

If one stood twice, a proxy might use the first and the exchange the last. So both are refused.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from openoutcry.access.echoes import echo
from openoutcry.access.refusals import Refused, malformed
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.http.answer import JSON, Header

ONCE: Final = {
    name.lower().encode(): name
    for name in (
        "X-API-Key",
        "X-Admin-Key",
        "X-Admin-Name",
        "Authorization",
        "Content-Type",
        "Content-Length",
        "Content-Encoding",
        "Transfer-Encoding",
        "Host",
    )
}
"""Headers that may stand once in a request, by their names in lower case."""

MAX_LENGTH_DIGITS: Final = 18
"""Most digits of a `Content-Length`, with leading zeros; one with more is refused (400) unread."""


def check_headers(headers: Iterable[Header]) -> None:
    """Raises `Refused` (400), naming the header. Names are in lower case."""
    seen = set()
    for name, value in headers:
        if name in ONCE:
            if name in seen:
                raise malformed(ONCE[name], f"The header {ONCE[name]} stands more than once; send it once")
            seen.add(name)
            if name == b"content-length" and len(value) > MAX_LENGTH_DIGITS:
                raise malformed(ONCE[name], f"Content-Length may have at most {MAX_LENGTH_DIGITS} digits")


def check_content_type(headers: Mapping[bytes, bytes]) -> None:
    """Raises `Refused` (415) unless a body is announced as plain JSON in UTF-8."""
    content_type = headers.get(b"content-type", b"")
    if content_type != JSON:
        media_type, *parameters = (part.strip().lower() for part in content_type.split(b";"))
        if media_type != JSON or any(parameter not in _UTF_8 for parameter in parameters):
            raise _unsupported(
                "Content-Type", content_type, "The body must be JSON: send Content-Type: application/json"
            )
    encoding = headers.get(b"content-encoding", b"identity")
    if encoding.lower() != b"identity":
        raise _unsupported(
            "Content-Encoding", encoding, "The body must not be encoded: send it without Content-Encoding"
        )


_UTF_8: Final = frozenset({b"", b"charset=utf-8", b'charset="utf-8"'})


def _unsupported(header: str, value: bytes, message: str) -> Refused:
    shown = echo(value.decode("latin-1"))
    return Refused(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message, {"header": header, "value": shown})
