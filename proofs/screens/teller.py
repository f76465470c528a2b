"""A server that tells a page what an exchange would, at a given rate: the built files, recorded answers, a flow.

It speaks the protocol and decides nothing, so that what is measured is the page.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from struct import pack
from time import perf_counter
from typing import Final

from aiohttp import WSMsgType, web
from msgspec import json

from openoutcry.gateway.screens.files import Screens
from openoutcry.gateway.screens.sending import send_file
from proofs.screens.flow import Flow
from proofs.screens.recorded import Recorded
from proofs.server_process import HOST

TURN_SECONDS: Final = 0.005
"""Between two writes: what an exchange sends in one turn of its loop."""
MOST_UNSENT: Final = 4_000_000
"""Bytes that may wait for the page; then the teller waits too, and is behind its rate."""


@dataclass
class Told:
    """What has been told to the page so far."""

    messages: int = 0
    bytes: int = 0
    unsent: int = 0
    """Bytes that the page has not taken, now."""
    channels: set[str] = field(default_factory=set)


class Teller:
    """`told` changes while it serves."""

    def __init__(self, screens: Screens, recorded: Recorded, rate: int, chance: Random) -> None:
        self._screens, self._recorded, self._rate = screens, recorded, rate
        self._flow = Flow(recorded, chance)
        self._asked: set[str] = set()
        self.told = Told()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Gives the address."""
        app = web.Application()
        app.router.add_get("/ws", self._stream)
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, HOST, 0, shutdown_timeout=0)
        await site.start()
        try:
            yield f"http://{HOST}:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        page = self._screens.pages.get(request.path)
        file = page or self._screens.assets.get(request.path.removeprefix("/assets/"))
        if file is not None:
            headers = {name.lower().encode(): value.encode() for name, value in request.headers.items()}
            sent = send_file(file, headers)
            told = {name.decode(): value.decode() for name, value in sent.headers}
            content_type = {"Content-Type": file.content_type.decode()}
            return web.Response(status=sent.status, body=sent.content, headers=told | content_type)
        known = self._recorded.answers.get(request.path)
        if known is None:
            missing = {"code": "NOT_FOUND", "message": "not recorded", "details": None}
            return web.json_response({"success": False, "error": missing}, status=404)
        return web.Response(body=json.encode(known), content_type="application/json")

    async def _stream(self, request: web.Request) -> web.WebSocketResponse:
        stream = web.WebSocketResponse(compress=False)
        await stream.prepare(request)
        welcome = self._recorded.welcome
        await stream.send_str(json.encode(welcome | {"team_id": None, "next_seq": None}).decode())
        telling: asyncio.Task[None] | None = None
        async for message in stream:
            if message.type is not WSMsgType.TEXT:
                continue
            asked = json.decode(message.data)
            if asked["op"] == "login":
                await stream.send_str(json.encode(welcome).decode())
            elif asked["op"] == "subscribe":
                self.told.channels.update(asked["channels"])
                for channel in asked["channels"]:
                    for text in self._flow.beginning(channel):
                        await stream.send_str(text.decode())
                telling = telling or asyncio.create_task(self._tell(request))
            elif asked["op"] == "unsubscribe":
                self.told.channels.difference_update(asked["channels"])
        if telling is not None:
            telling.cancel()
        return stream

    async def _tell(self, request: web.Request) -> None:
        transport = request.transport
        assert transport is not None  # noqa: S101
        began, before, sent = perf_counter(), perf_counter(), 0
        while not transport.is_closing():
            await asyncio.sleep(TURN_SECONDS)
            now = perf_counter()
            self.told.unsent = transport.get_write_buffer_size()
            if self.told.unsent > MOST_UNSENT:
                before = now
                continue
            messages = self._flow.seconds(now - before)
            due = int((now - began) * self._rate) - sent - len(messages)
            messages += self._flow.more(max(due, 0), self.told.channels)
            before, sent = now, sent + len(messages)
            frames = b"".join(map(_frame, messages))
            transport.write(frames)
            self.told.messages += len(messages)
            self.told.bytes += len(frames)


def _frame(text: bytes) -> bytes:
    """As a server sends a text: every message is a frame of its own, many of them in one write."""
    size = len(text)
    return (pack("!BB", 0x81, size) if size < 126 else pack("!BBH", 0x81, 126, size)) + text
