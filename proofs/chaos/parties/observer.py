"""The interface that hears everything a client sends and receives."""

from typing import NamedTuple, Protocol

from openoutcry.client import Event
from openoutcry.client.http.transport import Answer
from openoutcry.protocol.stream import ClientMessage


class Request(NamedTuple):
    client: str
    """The name of the bot that sends the request."""
    method: str
    path: str
    body: bytes | None


class Observer(Protocol):
    """`life`: the number of the server's process that sent the message. `line`: `<bot>/<number of its connection>`."""

    # ---- on the wire

    def answered(self, request: Request, answer: Answer, life: int) -> None:
        """An answer has arrived."""

    def opened(self, line: str, life: int, query: str) -> None:
        """A client has asked for a connection of the stream."""

    def said(self, line: str, message: ClientMessage) -> None:
        """A client has sent a message."""

    def heard(self, line: str, life: int, text: str) -> None:
        """A client has read a message of the stream."""

    def expected_to_be_given_up(self, line: str, is_given_up: bool) -> None:
        """The client has been silent so long that the server must have given it up. `is_given_up`: whether it has."""

    # ---- from the client to its bot

    def begins(self, bot: str, after_seq: int | None) -> None:
        """A process of the bot asks for the events after `after_seq`. None asks for future events only."""

    def delivered(self, bot: str, event: Event) -> None:
        """The bot's handler was called."""

    def may_have_lost_its_key(self, bot: str) -> None:
        """The bot asks for a new key. Until it knows the outcome, its old key may be invalid."""

    def has_its_key(self, bot: str) -> None:
        """The bot's key is valid."""

    def locked_out(self, bot: str) -> None:
        """The bot's key is no longer valid."""

    def settled(self, bot: str, client_order_id: str, order_id: str | None) -> None:
        """The client has reported the outcome of a submission: an order's id, or None for a refusal."""
