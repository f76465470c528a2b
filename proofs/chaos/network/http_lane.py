"""Requests over the simulated network: the client's transport on one side, the exchange's application on the other.

Each request has a connection of its own, so concurrent requests arrive in any order.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes

from openoutcry.client.errors import AnswerLostError, NotConnectedError
from openoutcry.client.http.transport import Answer
from openoutcry.gateway.http.asgi import Message, Scope
from proofs.chaos.machine.server import Server
from proofs.chaos.network.wires import RESET_SECONDS, Fate, Network
from proofs.chaos.parties.observer import Observer, Request
from proofs.chaos.world import World

TIMEOUT_SECONDS: Final = 6.0
"""How long a client waits for an answer: longer than the exchange waits for its disk, and any message for its way."""


class SimulatedTransport:
    """The client's `AsyncTransport`. `observer` hears what the client is told, as the client hears it."""

    def __init__(self, world: World, network: Network, server: Server, client: str, observer: Observer) -> None:
        self._world = world
        self._network = network
        self._server = server
        self._client = client
        self._observer = observer
        self.is_cut_off = False
        """Whether this client's machine is cut off from the network now."""
        self.refused_key = ""
        """The team's key that was last refused as unknown."""

    async def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        fate = Fate.REFUSED if self.is_cut_off else self._network.fate()
        await asyncio.sleep(self._network.delay())
        if fate is Fate.REFUSED or not self._server.listens:
            raise NotConnectedError("the connection was refused")
        request = Request(self._client, method, path, body)
        passage = Passage(self._world, self._network, self._server, request, headers, fate)
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                answer = await passage.answer
        except TimeoutError:
            raise AnswerLostError("no answer came in time") from None
        finally:
            passage.client_left()
        self._observer.answered(request, answer, passage.life)
        if answer.status == 401:
            self.refused_key = headers.get("X-API-Key", "")
        return answer

    def hang_up(self) -> None:
        """Nothing is kept open."""

    async def close(self) -> None:
        """Nothing is kept open."""


class Passage:
    """One request on its way there and back. `answer` is what the client waits for."""

    def __init__(
        self,
        world: World,
        network: Network,
        server: Server,
        request: Request,
        headers: Mapping[str, str],
        fate: Fate,
    ) -> None:
        self.answer: asyncio.Future[Answer] = world.loop.create_future()
        self.life = 0
        """The life of the server in which the request arrived."""
        self._world = world
        self._network = network
        self._server = server
        self._request = request
        self._headers = headers
        self._fate = fate
        self._status = 0
        self._answer_headers: dict[str, str] = {}
        self._body = b""
        self._is_read = False
        self._hung_up = asyncio.Event()
        match fate:
            case Fate.REQUEST_LOST:
                world.loop.call_later(network.delay() + RESET_SECONDS, self._break)
            case Fate.REQUEST_UNHEARD:
                pass
            case _:
                world.loop.call_later(network.delay(), self._arrive)

    def client_left(self) -> None:
        """The client waits no longer; the server hears of it, unless it is silence that ended its patience."""
        if self._fate not in {Fate.REQUEST_UNHEARD, Fate.ANSWER_UNHEARD}:
            self._world.loop.call_later(self._network.delay(), self._hung_up.set)

    def server_died(self, *, silently: bool) -> None:
        if not silently:
            self._world.loop.call_later(RESET_SECONDS, self._break)

    def _arrive(self) -> None:
        if not self._server.listens:
            self._world.loop.call_later(RESET_SECONDS, self._break)
            return
        self.life = self._server.life.number
        self._server.serve(self, self._scope(), self._receive, self._send)
        if self._fate is Fate.ANSWER_LOST:
            self._world.loop.call_later(RESET_SECONDS, self._break)

    def _break(self) -> None:
        self._hung_up.set()
        if not self.answer.done():
            self.answer.set_exception(AnswerLostError("the connection broke"))

    def _deliver(self) -> None:
        if not self.answer.done():
            self.answer.set_result(Answer(self._status, self._answer_headers, self._body))

    # ---- ASGI

    def _scope(self) -> Scope:
        request = self._request
        path, _, query = request.path.partition("?")
        headers = {name.lower(): value for name, value in self._headers.items()}
        if request.body is not None:
            headers["content-length"] = str(len(request.body))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode(),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": (request.client, 40_000),
            "server": ("exchange", 80),
            "state": {},
        }

    async def _receive(self) -> Message:
        if not self._is_read:
            self._is_read = True
            return {"type": "http.request", "body": self._request.body or b"", "more_body": False}
        await self._hung_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        """As uvicorn's: what is sent to a client that has left goes nowhere, and is no error."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._answer_headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False) and self._fate is Fate.ANSWERED:
            self._world.loop.call_later(self._network.delay(), self._deliver)
