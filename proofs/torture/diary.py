"""What one bot was told: by the answers of its client, and by the events that its handlers saw."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, field

from openoutcry.client import Response
from openoutcry.client.http.terms import Terms
from openoutcry.protocol.stream import PrivateMessage, Welcome

Deed = Literal["cancel", "amend", "mass_cancel", "quotes"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class OrderTold(Struct, frozen=True, kw_only=True):
    """The final answer on one order. `sequence`: its place, if the answer was the exchange's first and only one."""

    terms: Terms
    """Its `client_order_id` among them."""
    order_id: str | None
    """None: it was refused, for the reason `code` and `message`."""
    code: str | None
    message: str | None
    sequence: int | None
    time: int

    @property
    def client_order_id(self) -> str:
        return str(self.terms["client_order_id"])


class DeedTold(Struct, frozen=True, kw_only=True):
    """The answer to a request that changes what is in the book."""

    deed: Deed
    order_id: str | None
    """Of the order that it was about, where it was about one."""
    success: bool
    code: str | None
    message: str | None
    data: dict[str, Any]
    sequence: int | None
    time: int
    attempts: int


class StateTold(Struct, frozen=True, kw_only=True):
    """The team's state after its event `as_of_seq`, as told. Parts that were not told are None."""

    source: str
    as_of_seq: int
    time: int
    positions: dict[str, int] | None = None
    open_orders: list[dict[str, Any]] | None = None
    fills: list[dict[str, Any]] | None = None
    """The team's first ones, as many as `fills_asked` where there are so many."""
    fills_asked: int = 0


class Passage(Struct):
    """Events that the bot took for one unbroken sequence: those after `after_seq`, as its handlers saw them."""

    after_seq: int
    epoch: int
    """Of the `welcome` that it began with."""
    events: list[PrivateMessage] = field(default_factory=list)


class Diary(Struct):
    """One team's bot. A passage ends, and the next one begins, where the client says that the stream was reset."""

    name: str
    grace_seconds: int | None = None
    """Of its `cancel_on_disconnect`; None: it did without."""
    team_id: str = ""
    orders: list[OrderTold] = field(default_factory=list)
    deeds: list[DeedTold] = field(default_factory=list)
    states: list[StateTold] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    never_sent: list[str] = field(default_factory=list)
    """Client order ids of which the client said that nothing happened."""
    gave_up: int = 0
    """How often the client gave up on a request: it had no connection, or could not tell what became of it."""
    resolved: int = 0
    """Orders that took more than one attempt, or more than one question, until their fate was told."""
    epochs: list[int] = field(default_factory=list)
    """Of every `welcome`."""
    disconnects: int = 0
    deaths: int = 0
    """Of the bot's own process."""
    last: dict[str, StateTold] = field(default_factory=dict)
    """What was told at the end, when all was quiet, by source."""
    closed_orders: list[dict[str, Any]] = field(default_factory=list)
    account: dict[str, Any] = field(default_factory=dict)

    @property
    def verdicts(self) -> int:
        return len(self.orders) + len(self.deeds)

    @property
    def events(self) -> int:
        return sum(len(passage.events) for passage in self.passages)


def microseconds_of(timestamp: str) -> int:
    """A time that was told, as the journal counts it."""
    return (datetime.fromisoformat(timestamp) - _EPOCH) // _MICROSECOND


def order_told(terms: Terms, response: Response) -> OrderTold:
    """What the answer to a submission says."""
    error = response.error
    # Of an order that was asked for again, or found, the answer bears the place of the last question.
    is_first_word = response.attempts == 1 and not (response.data or {}).get("duplicate")
    return OrderTold(
        terms=terms,
        order_id=response.order_id,
        code=None if error is None else error.code,
        message=None if error is None else error.message,
        sequence=response.sequence if is_first_word else None,
        time=microseconds_of(response.timestamp),
    )


def item_told(terms: Terms, result: dict[str, Any]) -> OrderTold:
    """What a batch's answer says of one of its orders."""
    error = result["error"] or {}
    return OrderTold(
        terms=terms,
        order_id=result["order_id"],
        code=error.get("code"),
        message=error.get("message"),
        sequence=None,
        time=microseconds_of(result["timestamp"]),
    )


def welcome_told(welcome: Welcome) -> StateTold:
    return StateTold(
        source="welcome",
        as_of_seq=(welcome.next_seq or 1) - 1,
        time=microseconds_of(welcome.timestamp),
        positions=welcome.positions,
        open_orders=msgspec.to_builtins(welcome.orders),
    )


def deed_told(deed: Deed, order_id: str | None, response: Response) -> DeedTold:
    error = response.error
    return DeedTold(
        deed=deed,
        order_id=order_id,
        success=response.success,
        code=None if error is None else error.code,
        message=None if error is None else error.message,
        data=response.data or {},
        sequence=response.sequence,
        time=microseconds_of(response.timestamp),
        attempts=response.attempts,
    )
