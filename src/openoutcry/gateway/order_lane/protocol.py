"""HTTP on one connection. A request for the order lane is answered as soon as it is read, in one write.

For every request uvicorn makes a scope, a cycle and a task, which together cost more than an order. So requests that
`OrderHeads` knows bypass uvicorn; all other bytes reach it unchanged. Answers keep the order of their requests.

This depends on uvicorn's class: on `PARTS_OF_UVICORN`, and on `data_received` being the only way in. If a part is
missing, the server does without the lane, and a test fails.
"""

import asyncio
from typing import Any, ClassVar, Final

import structlog
from msgspec.structs import replace
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from openoutcry.gateway.connections.places import Places
from openoutcry.gateway.connections.request_turns import RequestTurns, plain_protocol
from openoutcry.gateway.http.answer import Answer, header_lines
from openoutcry.gateway.http.answer_bytes import CLOSE
from openoutcry.gateway.order_lane.heads import OrderHead, OrderHeads
from openoutcry.gateway.order_lane.lane import OrderLane

PARTS_OF_UVICORN: Final[dict[str, tuple[str, ...]]] = {
    "HttpToolsProtocol": (
        "_unset_keepalive_if_required",
        "access_log",
        "cycle",
        "flow",
        "limit_concurrency",
        "loop",
        "pipeline",
        "server_state",
        "timeout_keep_alive",
        "timeout_keep_alive_task",
        "transport",
    ),
    "FlowControl": ("pause_reading", "resume_reading", "write_paused"),
    "ServerState": ("default_headers", "tasks", "total_requests"),
}


_log: Final = structlog.get_logger()


class OrderProtocol(RequestTurns):
    """`protocol_for` makes one of these for a lane."""

    lane: ClassVar[OrderLane]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._heads = OrderHeads()
        # If an access log is kept, or running requests are counted, uvicorn does so for every request.
        self._has_lane = not (config.access_log and self.access_log) and self.limit_concurrency is None
        self._is_held = False
        self._is_ending = False

    def shutdown(self) -> None:
        """Answer begun requests; the last answer says that the connection is closed."""
        if self._is_held:
            self._is_ending = True
            return
        super().shutdown()

    def _serve(self, data: bytes) -> None:
        """Answer the request that `data` begins with, if it is complete and for the lane; pass on the rest."""
        head = self._heads.read(data) if self._may_use_lane() else None
        if head is None:
            self._leave_to_uvicorn(data)
        elif len(data) < head.request_bytes:
            self._await_body(data)
        else:
            if self.timeout_keep_alive_task is not None:
                self._unset_keepalive_if_required()
            self._receiving = False
            self._sweeps = 0
            answer = self.lane.answer(head, data[head.head_bytes : head.request_bytes])
            if not self.place.is_known:
                self._show_key(head)
            if self.lane.must_wait(answer):
                self._hold(head, answer)
            else:
                self._write(head, answer)
            if len(data) > head.request_bytes:
                self._keep(data[head.request_bytes :])
                if not self._waits:
                    # One in each turn of the loop: a client that sends many at once must not delay others.
                    self._wait_for_next_turn()

    def _show_key(self, head: OrderHead) -> None:
        team_id = self.lane.team_of(head)
        if team_id is not None:
            self.place.know(team_id)

    def _may_use_lane(self) -> bool:
        """Whether all earlier requests are answered, and the client reads its answers; otherwise uvicorn waits."""
        return (
            self._has_lane
            and not self._turned_away
            and self._is_between_requests
            and self._is_answered()
            and not self.flow.write_paused
        )

    def _await_body(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._in_head or not self._receiving:
            self._sweeps = 0
        self._in_head = False
        self._receiving = True
        self._unread = data

    def _hold(self, head: OrderHead, answer: Answer[Any]) -> None:
        self._waits = self._is_held = True
        task = self.loop.create_task(self._answer_later(head, answer))
        # uvicorn's own set of tasks: at the end of the server it waits for them, and then cancels them.
        tasks = self.server_state.tasks
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _answer_later(self, head: OrderHead, answer: Answer[Any]) -> None:
        answer = await self.lane.released(answer)
        self._is_held = False
        if self.transport.is_closing():
            return
        if self._is_ending and not self._unread:
            answer = replace(answer, header_lines=answer.header_lines + header_lines((CLOSE,)))
        self._write(head, answer)
        if self._is_ending:
            self.shutdown()
        else:
            self._take_next()

    def _write(self, head: OrderHead, answer: Answer[Any]) -> None:
        self.transport.write(self.lane.to_bytes(head, answer, self.server_state.default_headers))
        self.server_state.total_requests += 1
        self._answered_at = self.loop.time()


def protocol_for(config: Config, lane: OrderLane, places: Places) -> type[RequestTurns]:
    """The protocol of a server whose orders `lane` serves; one without the lane if it does not fit this uvicorn.

    To be called in the server's loop, with its configuration loaded.
    """
    missing = missing_parts(config, asyncio.get_running_loop())
    if missing:
        _log.warning("orders take the slower way: this version of uvicorn does not fit the order lane", missing=missing)
        return plain_protocol(lane.clock, places)
    return type("OrderProtocolWithLane", (OrderProtocol,), {"lane": lane, "clock": lane.clock, "places": places})


def missing_parts(config: Config, loop: asyncio.AbstractEventLoop) -> list[str]:
    """Those of `PARTS_OF_UVICORN` that the installed uvicorn does not have."""
    state = ServerState()
    owners = (HttpToolsProtocol(config, state, {}, loop), FlowControl(asyncio.Transport()), state)
    return [
        f"{owner}.{part}"
        for (owner, parts), instance in zip(PARTS_OF_UVICORN.items(), owners, strict=True)
        for part in parts
        if not hasattr(instance, part)
    ]
