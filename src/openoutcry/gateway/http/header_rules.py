"""Headers that decide who asks, or how a body is read, stand once and are of a sane length; for HTTP and `/ws` alike.

Of one that stands twice a proxy may believe the first and the exchange the last: neither is believed.
"""

from collections.abc import Iterable
from typing import Final

from openoutcry.gateway.http.answer import Header
from openoutcry.gateway.refusals import malformed

ONCE: Final = {
    name.lower().encode(): name
    for name in (
        "X-API-Key",
        "X-Admin-Key",
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
"""Of a `Content-Length`, leading zeros among them; one with more is refused (400) unread."""


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
