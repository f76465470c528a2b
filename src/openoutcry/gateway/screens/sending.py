"""How a file of the screens is sent: unchanged ones not again, zipped where that is accepted, pages under a policy."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from openoutcry.gateway.http.answer import Header
from openoutcry.gateway.screens.files import HTML, File

HOST: Final = re.compile(rb"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
"""A `Host` that may be written into what is sent."""

_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    b" connect-src 'self'%s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_KEPT_FOR_EVER: Final[Header] = (b"cache-control", b"public, max-age=31536000, immutable")
_ASKED_AGAIN: Final[Header] = (b"cache-control", b"no-cache")
_AS_IT_SAYS: Final[Header] = (b"x-content-type-options", b"nosniff")


class Sent(NamedTuple):
    """`status` 304: the client has it; then there is no content."""

    status: int
    content: bytes
    headers: tuple[Header, ...]


def send_file(file: File, headers: Mapping[bytes, bytes]) -> Sent:
    """`file` as an answer to a request with these `headers`."""
    told: list[Header] = [
        (b"etag", file.tag),
        _KEPT_FOR_EVER if file.is_named_by_content else _ASKED_AGAIN,
        (b"vary", b"Accept, Accept-Encoding"),
        _AS_IT_SAYS,
    ]
    if file.content_type == HTML:
        told += _for_pages(headers.get(b"host", b""))
    if file.tag in headers.get(b"if-none-match", b"").split(b", "):
        return Sent(304, b"", tuple(told))
    if file.zipped is not None and b"gzip" in headers.get(b"accept-encoding", b""):
        told.append((b"content-encoding", b"gzip"))
        return Sent(200, file.zipped, tuple(told))
    return Sent(200, file.content, tuple(told))


def _for_pages(host: bytes) -> list[Header]:
    """Nothing from elsewhere, nothing inline, in nobody's frame. Not every browser takes `'self'` for a WebSocket."""
    sockets = b" ws://%s wss://%s" % (host, host) if HOST.fullmatch(host) else b""
    return [
        (b"content-security-policy", _POLICY % sockets),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
