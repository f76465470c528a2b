"""Parameters of paths and queries, as they stand in the OpenAPI document."""

from typing import Annotated

from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter

from openoutcry.protocol.queries import DEFAULT_PAGE, MAX_DEPTH, MAX_PAGE, MAX_TRADES, OrderStatus
from openoutcry.protocol.requests import EXAMPLE_SYMBOL

InstrumentPath = Annotated[
    str,
    PathParameter(description="An instrument's symbol.", examples=[Example(value=EXAMPLE_SYMBOL)], min_length=1),
]
OrderPath = Annotated[
    str, PathParameter(description="An order's id.", examples=[Example(value="ORD_67890")], min_length=1)
]
ClientOrderPath = Annotated[
    str, PathParameter(description="The client's own id of an order.", examples=[Example(value="a-1")], min_length=1)
]
TeamPath = Annotated[str, PathParameter(description="A team's id.", examples=[Example(value="TEAM_1")], min_length=1)]

Depth = Annotated[int, QueryParameter(ge=1, le=MAX_DEPTH, description="Price levels a side.")]
TradesLimit = Annotated[int, QueryParameter(ge=1, le=MAX_TRADES, description="Trades at most.")]

Status = Annotated[OrderStatus, QueryParameter(description="`open` pages the open orders, `closed` the others.")]
OrdersLimit = Annotated[
    int | None,
    QueryParameter(
        ge=1,
        le=MAX_PAGE,
        description=f"Orders at most. Default: {MAX_PAGE} open ones, or {DEFAULT_PAGE} closed ones.",
    ),
]
AfterOrder = Annotated[
    str | None,
    QueryParameter(
        description="Only open orders with ids above this one.",
        schema_extra={"pattern": r"^ORD_[1-9][0-9]{0,17}$"},
    ),
]
Before = Annotated[
    str | None,
    QueryParameter(
        description="Only closed orders with ids below this one.",
        schema_extra={"pattern": r"^ORD_[1-9][0-9]{0,17}$"},
    ),
]
After = Annotated[
    str | None,
    QueryParameter(
        description="Only fills of trades after this one.", schema_extra={"pattern": r"^TRD_[1-9][0-9]{0,17}$"}
    ),
]
FillsLimit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="Fills at most.")]

# As long as in a body: what is refused for its value stands in the journal.
NarrowInstrument = Annotated[str | None, QueryParameter(max_length=64, description="Only orders in this instrument.")]
NarrowSide = Annotated[
    str | None,
    QueryParameter(max_length=64, description="Only orders on this side.", schema_extra={"enum": ["buy", "sell"]}),
]
