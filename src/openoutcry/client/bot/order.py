"""What a bot holds of something that it asked for: a handle, at once, and the verdict on it, later."""

import asyncio
from collections.abc import Callable
from typing import Final, Literal, Self

from openoutcry.client.http.response import ApiError
from openoutcry.domain.orders import SideName

OrderStatus = Literal["pending", "accepted", "open", "partially_filled", "filled", "cancelled", "refused", "unknown"]
FINISHED: Final[frozenset[OrderStatus]] = frozenset({"filled", "cancelled", "refused", "unknown"})

WITHDRAWN: Final = "WITHDRAWN"
"""The code of the error of something that was cancelled, or replaced by something newer, before it left."""


class Asked:
    """A request that a bot has made. `error` is set once it is refused."""

    __slots__ = ("_known", "_waiting", "error", "is_answered")

    def __init__(self) -> None:
        self.is_answered = False
        """Whether the verdict is known."""
        self.error: ApiError | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._known: list[Callable[[], None]] = []

    @property
    def is_refused(self) -> bool:
        return self.error is not None

    async def verdict(self) -> Self:
        """Wait for the verdict. `error` then says why it was refused; None: it was accepted."""
        if not self.is_answered:
            if self._waiting is None:
                self._waiting = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._waiting)
        return self

    def answer(self, error: ApiError | None) -> None:
        """Take in the verdict."""
        self.is_answered, self.error = True, error
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        self.known()

    def withdraw(self, reason: str) -> None:
        """Note that it was never sent."""
        self.answer(ApiError(code=WITHDRAWN, message=reason))

    def when_known(self, callback: Callable[[], None]) -> None:
        """Call `callback` once, when the outcome is next known: for the SDK."""
        self._known.append(callback)

    def known(self) -> None:
        """Call those that wait for the outcome: for the SDK."""
        if self._known:
            known, self._known = self._known, []
            for callback in known:
                callback()


class Order(Asked):
    """An order of the bot's team, kept up to date by verdicts and events.

    `pending`: there is no verdict yet. `accepted`: it has a verdict, and the venue has not spoken of it yet. `unknown`:
    its answer is lost and no event has told of it. `price` is None for a market order.
    """

    __slots__ = (
        "average_price",
        "cancelling",
        "client_order_id",
        "filled_quantity",
        "instrument_id",
        "order_id",
        "price",
        "quantity",
        "remaining_quantity",
        "side",
        "status",
        "wants_cancel",
    )

    def __init__(
        self, instrument_id: str, side: SideName, quantity: int, price: float | None, client_order_id: str | None
    ) -> None:
        super().__init__()
        self.instrument_id = instrument_id
        self.side: SideName = side
        self.quantity = quantity
        """The whole of it, filled part included."""
        self.remaining_quantity = quantity
        """What may still trade: 0 once it is done."""
        self.filled_quantity = 0
        self.price = price
        self.average_price: float | None = None
        """Of its fills."""
        self.client_order_id = client_order_id
        """None for a side of a quote."""
        self.order_id: str | None = None
        """None until the verdict or the first event."""
        self.status: OrderStatus = "pending"
        self.wants_cancel = False
        """Whether it is to be cancelled once it is known to work."""
        self.cancelling: Asked | None = None
        """The last request to cancel it."""

    def __repr__(self) -> str:
        at = "at market" if self.price is None else f"@ {self.price}"
        left = f"{self.remaining_quantity} of {self.quantity} {self.instrument_id}"
        return f"<Order {self.order_id or self.client_order_id}: {self.side} {left} {at}, {self.status}>"

    @property
    def is_working(self) -> bool:
        """Whether it is open, or may be."""
        return self.status not in FINISHED
