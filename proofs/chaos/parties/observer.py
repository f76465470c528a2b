"""What a client asks and is told, as whoever looks over its shoulder sees it."""

from typing import NamedTuple, Protocol

from openoutcry.client import Event
from openoutcry.client.http.transport import Answer
from openoutcry.protocol.stream import ClientMessage


class Request(NamedTuple):
    client: str
    """Who asks: the name of a bot."""
    method: str
    path: str
    body: bytes | None


class Observer(Protocol):
    """`life`: in which life of the server it was said. `line`: `<bot>/<number of its connection>`."""

    # ---- on the wire

    def answered(self, request: Request, answer: Answer, life: int) -> None:
        """An answer has come."""

    def opened(self, line: str, life: int, query: str) -> None:
        """A connection of the stream was asked for."""

    def said(self, line: str, message: ClientMessage) -> None:
        """A client's message has been sent."""

    def heard(self, line: str, life: int, text: str) -> None:
        """A message of the stream has been read."""

    def expected_to_be_given_up(self, line: str, is_given_up: bool) -> None:
        """Its client has been as good as gone for so long that the server must have noticed; whether it has."""

    # ---- from the client to its bot

    def begins(self, bot: str, after_seq: int | None) -> None:
        """A process of the bot asks for the events after `after_seq`; None: for those to come."""

    def delivered(self, bot: str, event: Event) -> None:
        """The bot's handler was called."""

    def may_have_lost_its_key(self, bot: str) -> None:
        """It asks for a new one: until it has that, or knows that there is none, the old one may be dead."""

    def has_its_key(self, bot: str) -> None:
        """The key that it has now is the one that opens."""

    def locked_out(self, bot: str) -> None:
        """The bot's key opens nothing any more."""

    def settled(self, bot: str, client_order_id: str, order_id: str | None) -> None:
        """The client has told what became of a submission: an order's id, or None for a refusal."""
