"""The server's ASGI application. It answers browsers on this machine only, because nobody needs a key."""

from typing import Final

import msgspec

from openoutcry.gateway.http.answer import JSON, Header
from openoutcry.gateway.http.asgi import ASGIApp, Receive, Scope, Send, send_bytes
from openoutcry.playback.reading import Reading
from openoutcry.playback.server.answering import ANSWERS
from openoutcry.playback.server.asking import Refusal

_HERE: Final = frozenset({b"127.0.0.1", b"localhost"})
_HEADERS: Final[tuple[Header, ...]] = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_HTML: Final = b"text/html; charset=utf-8"

_PAGE: Final = b"""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Replay</title>
  </head>
  <body>
    <h1>Replay</h1>
    <p>The pages are not built into this installation of openoutcry. What they would show is at
      <a href="/replay">/replay</a>, as JSON.</p>
  </body>
</html>
"""


def build_application(reading: Reading) -> ASGIApp:
    """Answers for what is read so far."""

    async def serve(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            content_type, body = _answer(reading, scope)
            status = 200
        except Refusal as refusal:
            status, content_type = refusal.status, JSON
            body = msgspec.json.encode({"error": {"code": refusal.code, "message": str(refusal)}})
        await send_bytes(send, status, content_type, body, _HEADERS)

    return serve


def _answer(reading: Reading, scope: Scope) -> tuple[bytes, bytes]:
    host = dict(scope["headers"]).get(b"host", b"")
    if host.rpartition(b":")[0] not in _HERE and host not in _HERE:
        # A page from elsewhere can have its own name lead here: the browser would then let it read everything.
        raise Refusal(403, "OTHER_HOST", "This server answers to 127.0.0.1 and localhost only")
    if scope["method"] not in {"GET", "HEAD"}:
        raise Refusal(405, "METHOD_NOT_ALLOWED", "A replay can only be read: use GET")
    path: str = scope["path"]
    if path == "/":
        return _HTML, _PAGE
    answer = ANSWERS.get(path)
    if answer is None:
        raise Refusal(404, "NOT_FOUND", f"There is nothing at this path; {', '.join(ANSWERS)} are there")
    return JSON, answer(reading, scope["query_string"])
