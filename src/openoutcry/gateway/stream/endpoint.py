"""The `/ws` endpoint in raw ASGI: reads messages into a session, starts its writer, and ends both."""

import asyncio
from typing import Final

import structlog

from openoutcry.access.echoes import echo
from openoutcry.access.rate_limits import Buckets
from openoutcry.domain.reasons import ErrorCode, Reject
from openoutcry.domain.types import Sequence
from openoutcry.gateway.connections.places import know_client
from openoutcry.gateway.http.answer import JSON, encode
from openoutcry.gateway.http.answers import refuse
from openoutcry.gateway.http.asgi import Message, Receive, Scope, Send, client_address
from openoutcry.gateway.http.receipts import Receipt
from openoutcry.gateway.stream.anonymous import AnonymousStreams
from openoutcry.gateway.stream.limits import DEFAULT_LIMITS, EndpointLimits
from openoutcry.gateway.stream.session import StreamSession
from openoutcry.gateway.stream.wire import wire_of
from openoutcry.gateway.stream.writer import UNSAFE, StreamWriter
from openoutcry.protocol.stream import STREAM_PATH, CloseCode
from openoutcry.runtime.exchange import Exchange, Server
from openoutcry.runtime.sequencing.coordination import ProcessingTimeout
from openoutcry.runtime.streams.closing import Closing

_log: Final = structlog.get_logger()


async def serve_websocket(
    exchange: Server,
    anonymous: AnonymousStreams,
    buckets: Buckets,
    scope: Scope,
    receive: Receive,
    send: Send,
    limits: EndpointLimits = DEFAULT_LIMITS,
) -> None:
    """Serve one WebSocket from its handshake to its end."""
    await receive()
    if scope["path"] != STREAM_PATH:
        # There is only one stream address.
        path = echo(scope["path"])
        reject = Reject(ErrorCode.ROUTE_NOT_FOUND, f"There is no WebSocket at {path}; it is at {STREAM_PATH}")
        await refuse_handshake(exchange, scope, send, reject)
        return
    headers = dict(scope["headers"])
    query = scope["query_string"]
    # The server logs the address when it accepts: a key that was wrongly put there must not get into a log.
    scope["query_string"] = b""
    loop = asyncio.get_running_loop()
    session = StreamSession(
        exchange,
        anonymous,
        buckets,
        client_address(scope),
        loop.time,
        lambda team_id: know_client(scope, team_id),
        limits,
    )
    exchange.metrics.connected_clients.inc()
    try:
        await _send(send, {"type": "websocket.accept"})
        writer = StreamWriter(session.connection, wire_of(scope), exchange.coordinator)
        session.open(headers, query)
        closing = await _converse(exchange, session, receive, writer)
        if closing is not None:
            # Its place in the team's limit is free before it is told of the end: a reader can reconnect at once. And
            # the grace for its orders begins now: it may take long to find that a reader is gone.
            session.release()
            await _say_goodbye(writer, send, closing, limits.close_patience_seconds)
    except _Gone:
        return
    finally:
        session.end()
        exchange.metrics.connected_clients.dec()


class _Gone(Exception):  # noqa: N818 - a state of the connection
    """The client has left, or the server has given it up."""


async def _converse(
    exchange: Exchange, session: StreamSession, receive: Receive, writer: StreamWriter
) -> Closing | None:
    """Read and write until one side ends the connection; the reason, if the exchange does."""
    connection = session.connection
    tasks = [
        asyncio.create_task(work)
        for work in (
            _read(exchange, session, receive),
            writer.keep_writing(),
            _beat(session, exchange.scenario.heartbeat_seconds),
            connection.close_requested(),
        )
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            _log.error("stream failed", session_id=session.session_id, exc_info=outcome)
            return Closing(CloseCode.INTERNAL_ERROR, f"internal error; reference {session.session_id}")
    return connection.closing


async def _read(exchange: Exchange, session: StreamSession, receive: Receive) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        text = message.get("text")
        if text is None:
            session.receive_binary()
        else:
            held = session.receive(text)
            if held is not None:
                session.release_answer(held, await _until_promised(exchange, held.sequence))
            await session.finish()


async def _until_promised(exchange: Exchange, sequence: Sequence) -> str | None:
    """Wait until the journal's promise about the command holds; the reason if that takes too long."""
    try:
        await exchange.coordinator.until_synced(sequence)
    except ProcessingTimeout as timed_out:
        return str(timed_out)
    return None


async def _beat(session: StreamSession, seconds: float) -> None:
    """Send a heartbeat whenever the private stream and the answers have been silent for so long."""
    connection, monotonic = session.connection, asyncio.get_running_loop().time
    while True:
        silence = monotonic() - connection.spoken_at
        if silence < seconds:
            await asyncio.sleep(seconds - silence)
        elif connection.idle:
            session.heartbeat()
            connection.spoken_at = monotonic()
        else:
            # Messages wait: the connection is not silent, its reader is slow.
            await asyncio.sleep(seconds)


async def _say_goodbye(writer: StreamWriter, send: Send, closing: Closing, patience_seconds: float) -> None:
    """Send the answers so far, then the close frame. Waiting private events are left for the next connection.

    Answers that may not leave yet are dropped, and so is a reason that came with one of them.
    """
    may_speak = await writer.may_speak()
    if not may_speak:
        closing = UNSAFE
    try:
        async with asyncio.timeout(patience_seconds):
            if may_speak:
                await writer.write_last_answers()
            await _send(send, {"type": "websocket.close", "code": closing.code, "reason": closing.reason})
    except TimeoutError:
        writer.abort()


async def _send(send: Send, message: Message) -> None:
    try:
        await send(message)
    except (OSError, RuntimeError) as error:
        # ASGI specifies OSError; uvicorn raises RuntimeError if it has sent a close frame of its own.
        raise _Gone from error


async def refuse_handshake(exchange: Exchange, scope: Scope, send: Send, reject: Reject) -> None:
    """Answer the handshake with `reject` in place of a WebSocket."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": CloseCode.NOT_PERMITTED})
        return
    now = exchange.clock.now()
    answer = refuse(Receipt(dict(scope["headers"]), now), now, reject)
    headers = [(b"content-type", JSON)]
    await send({"type": "websocket.http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": encode(answer.response)})
