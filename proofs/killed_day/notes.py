"""What the example bots are told in a live day: the verdicts on what they send, and their private events."""

from collections.abc import Awaitable
from typing import Final

from msgspec import Struct, field

from openoutcry.client import AsyncClient, Event, Response, StreamReset
from openoutcry.client.http.calls import Call
from openoutcry.protocol.stream import PrivateMessage

_QUOTED: Final = ("bid_order_id", "ask_order_id")
_NOTED: Final = frozenset({("POST", "orders"), ("PATCH", "orders"), ("PUT", "quotes")})
"""Methods and the first words of their paths."""


class Told(Struct, frozen=True, kw_only=True):
    """One verdict. `sequence`: its place, if the answer was the exchange's first and only one."""

    sequence: int | None
    order_id: str | None
    """Of an order that was accepted."""
    quoted_ids: tuple[str, ...]
    """Of accepted sides of quotes."""
    code: str | None
    message: str | None


class Notes(Struct):
    """One bot's, over all lives of the exchange."""

    name: str
    team_id: str = ""
    verdicts: list[Told] = field(default_factory=list)
    heard: list[PrivateMessage] = field(default_factory=list)
    """Private events as handlers saw them, from the first after the bot began to trade."""
    resets: int = 0
    """How often the exchange said that events of the stream were lost."""
    under_way: int = 0
    """Requests that were sent and have no verdict yet."""

    def follow(self, client: "NotingClient") -> None:
        """Note what the client is told from now on."""
        self.team_id = client.team_id or ""
        client.notes = self
        client.on_message(self._hear)

    async def note(self, request: Awaitable[Response]) -> Response:
        self.under_way += 1
        try:
            response = await request
        finally:
            self.under_way -= 1
        self.verdicts.append(told_by(response))
        return response

    def _hear(self, event: Event) -> None:
        if isinstance(event, PrivateMessage):
            self.heard.append(event)
        elif isinstance(event, StreamReset):
            self.resets += 1


def told_by(response: Response) -> Told:
    error, data = response.error, response.data or {}
    # The answer to an order that was sent again bears the place of the last question.
    is_first_word = response.attempts == 1 and not data.get("duplicate")
    return Told(
        sequence=response.sequence if is_first_word else None,
        order_id=response.order_id if response.success else None,
        quoted_ids=tuple(result[side] for result in data.get("results", ()) for side in _QUOTED if result[side]),
        code=None if error is None else error.code,
        message=None if error is None else error.message,
    )


class NotingClient(AsyncClient):
    """A bot's client that notes the verdicts on its orders, amends and quotes."""

    notes: Notes

    async def _perform(self, call: Call) -> Response:
        if (call.method, call.path.split("/")[1]) in _NOTED:
            return await self.notes.note(super()._perform(call))
        return await super()._perform(call)
