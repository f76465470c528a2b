"""The server's ASGI application: the page of the replay, and its data. It answers browsers on this machine only,
because nobody needs a key.
"""

from typing import Final

import msgspec

from openoutcry.gateway.http.answer import JSON, Header
from openoutcry.gateway.http.asgi import ASGIApp, Receive, Scope, Send, send_bytes
from openoutcry.gateway.screens.files import ASSETS, HTML, File, Screens
from openoutcry.gateway.screens.sending import Sent, send_file
from openoutcry.playback.server.answering import ANSWERS
from openoutcry.playback.server.asking import Refusal
from openoutcry.playback.source import Source

_HERE: Final = frozenset({b"127.0.0.1", b"localhost"})
_HEADERS: Final[tuple[Header, ...]] = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))

_NO_PAGES: Final = b"""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Replay</title>
  </head>
  <body>
    <h1>Replay</h1>
    <p>The screens are not built into this installation of openoutcry: <code>make web</code> builds them in its source.
      What they would show is at <a href="/replay">/replay</a>, as JSON.</p>
  </body>
</html>
"""


def build_application(source: Source, screens: Screens | None = None) -> ASGIApp:
    """Answers for what is read so far. `screens`: None if they were not built."""

    async def serve(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        try:
            _check(scope["method"], headers.get(b"host", b""))
            file = None if screens is None else _file(screens, scope["path"])
            if file is not None:
                await _send(file.content_type, send_file(file, headers), send)
                return
            content_type, body = _answer(source, scope["path"], scope["query_string"])
            sent = Sent(200, body, _HEADERS)
        except Refusal as refusal:
            content_type = JSON
            body = msgspec.json.encode({"error": {"code": refusal.code, "message": str(refusal)}})
            sent = Sent(refusal.status, body, _HEADERS)
        await _send(content_type, sent, send)

    return serve


async def _send(content_type: bytes, sent: Sent, send: Send) -> None:
    await send_bytes(send, sent.status, content_type, sent.content, sent.headers)


def _check(method: str, host: bytes) -> None:
    if host.rpartition(b":")[0] not in _HERE and host not in _HERE:
        # A page from elsewhere can have its own name lead here: the browser would then let it read everything.
        raise Refusal(403, "OTHER_HOST", "This server answers to 127.0.0.1 and localhost only")
    if method not in {"GET", "HEAD"}:
        raise Refusal(405, "METHOD_NOT_ALLOWED", "A replay can only be read: use GET")


def _file(screens: Screens, path: str) -> File | None:
    if path == "/":
        return screens.pages["/replay"]
    return screens.assets.get(path.removeprefix(f"/{ASSETS}/"))


def _answer(source: Source, path: str, query: bytes) -> tuple[bytes, bytes]:
    if path == "/":
        return HTML, _NO_PAGES
    answer = ANSWERS.get(path)
    if answer is None:
        raise Refusal(404, "NOT_FOUND", f"There is nothing at this path; {', '.join(ANSWERS)} are there")
    return JSON, answer(source, query)
