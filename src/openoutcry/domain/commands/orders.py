"""Orders: enter, cancel, amend. Terms that the validator may refuse are kept as the client wrote them."""

from collections.abc import Callable
from typing import Final, final

from msgspec import Struct
from msgspec.structs import astuple

from openoutcry.domain.types import ClientOrderId, InstrumentId, OrderId, TeamId, Ticks


class Price(Struct, frozen=True, array_like=True, gc=False):
    """A price as the client asked for it: the nearest grid price, and the number as written if it is off the grid."""

    ticks: Ticks
    off_grid: str | None = None


@final
class SubmitOrder(Struct, frozen=True, array_like=True, tag="submit_order"):
    """Enter one order. `price` None: a market order."""

    team_id: TeamId
    instrument_id: InstrumentId
    side: str
    quantity: int
    price: Price | None = None
    time_in_force: str = "day"
    post_only: bool = False
    client_order_id: ClientOrderId | None = None


OrderTerms = tuple[TeamId, InstrumentId, str, int, Price | None, str, bool, ClientOrderId | None]

terms_of: Final[Callable[[SubmitOrder], OrderTerms]] = astuple
"""All fields of an order in one call: in the compiled core, reading them one by one takes three times as long."""


@final
class CancelOrder(Struct, frozen=True, array_like=True, tag="cancel_order"):
    """Take one of the team's orders out of the book."""

    team_id: TeamId
    order_id: OrderId


@final
class AmendOrder(Struct, frozen=True, array_like=True, tag="amend_order"):
    """Change an open order. `quantity` is the new total, filled part included; None leaves a term as it is."""

    team_id: TeamId
    order_id: OrderId
    quantity: int | None = None
    price: Price | None = None


@final
class MassCancel(Struct, frozen=True, array_like=True, tag="mass_cancel"):
    """Cancel all orders of a team, or those in one instrument, or on one side."""

    team_id: TeamId
    instrument_id: InstrumentId | None = None
    side: str | None = None
