"""One WebSocket of the event stream: whatever breaks it ends the connection, after which the stream resumes."""

import asyncio

import pytest
from aiohttp import web

from openoutcry.client.address import Address
from openoutcry.client.stream.connection import ConnectionEnded
from openoutcry.client.stream.websocket import WebSocketTransport

SILENCE_SECONDS = 30


async def test_a_ping_that_cannot_be_answered_any_more_is_the_end_of_its_connection():
    async def ping(request):
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        await socket.ping()
        await socket.receive()
        return socket

    application = web.Application()
    application.router.add_get("/ws", ping)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    transport = WebSocketTransport(Address.parse(f"http://{host}:{port}"))
    async with transport.open("", {}) as connection:
        web_socket = connection._socket
        async with asyncio.timeout(SILENCE_SECONDS):
            while not web_socket._reader._buffer:  # noqa: ASYNC110 - waits for a ping from a socket
                await asyncio.sleep(0)
        web_socket._conn.transport.close()
        with pytest.raises(ConnectionEnded, match="closing transport"):
            await connection.next_text(SILENCE_SECONDS)
    await transport.close()
    await runner.cleanup()
