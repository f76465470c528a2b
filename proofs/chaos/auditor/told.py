"""What clients were told, kept until the end shows whether it was true."""

from typing import Any, NamedTuple

from openoutcry.protocol.stream import PrivateMessage, PublicMessage, Trade
from proofs.chaos.parties.observer import Request


class Occasion(NamedTuple):
    """When something was told, and in which life of the server it was said."""

    time: float
    life: int


class ToldAnswer(NamedTuple):
    """An answer of the REST lane. `sequence`: the place of its command, None where nothing was sequenced."""

    occasion: Occasion
    request: Request
    status: int
    order_id: str | None
    code: str | None
    data: dict[str, Any]
    sequence: int | None
    timestamp: str

    @property
    def success(self) -> bool:
        return self.code is None

    def __str__(self) -> str:
        outcome = self.code or self.order_id or "success"
        return (
            f"{self.request.client} {self.request.method} {self.request.path} -> {outcome} (sequence {self.sequence})"
        )


class ToldEvent(NamedTuple):
    """A private event of the bot's team."""

    occasion: Occasion
    bot: str
    event: PrivateMessage


class ToldState(NamedTuple):
    """A team's state after its event `as_of_seq`, as a query or a welcome told it; parts not told are None."""

    occasion: Occasion
    bot: str
    source: str
    as_of_seq: int
    positions: dict[str, int] | None = None
    open_orders: list[dict[str, Any]] | None = None
    account: dict[str, Any] | None = None
    fills: list[dict[str, Any]] | None = None


class ToldTrade(NamedTuple):
    """A trade of the public channel."""

    occasion: Occasion
    trade: Trade


class ToldNotice(NamedTuple):
    """What everybody is told of the market. `line`: the connection on which it was told."""

    occasion: Occasion
    line: str
    notice: PublicMessage


class ToldCrossed(NamedTuple):
    """A book that was crossed after this command."""

    occasion: Occasion
    line: str
    instrument_id: str
    sequence: int
