"""How often a client may ask, and how many connections there may be."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct

from openoutcry.scenarios.rules import Amount, DecimalRange, NumberRange, OwnRule, origin_problem
from openoutcry.scenarios.schema.bounds import Burst, PerSecond


class RateLimitsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits on requests that do not depend on the role."""

    cancels_multiple: Annotated[
        int,
        Meta(ge=1, le=1_000, description="A team's rate of cancels, as a multiple of its rate of orders."),
    ] = 5
    changed_side_tokens: Annotated[
        Amount,
        DecimalRange(0, 100),
        Meta(
            description="What each side that changes costs in `PUT /quotes`, beside the request: a share of an order in"
            " the team's rate."
        ),
    ] = Decimal("0.05")
    reads_per_second: Annotated[Amount, PerSecond, Meta(description="A team's queries and validations a second.")] = 100
    reads_burst: Annotated[Burst, Meta(description="The same, in one burst.")] = 200
    anonymous_per_second: Annotated[
        Amount,
        PerSecond,
        Meta(
            description="Registrations, streams and reads (documents and metrics too) without a key that one address"
            " may make a second. Wrong organiser keys have a separate limit of the same size."
        ),
    ] = 50
    anonymous_burst: Annotated[Burst, Meta(description="The same, in one burst.")] = 100


class ConnectionsTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many connections there may be, and who may call from a browser."""

    per_team: Annotated[int, Meta(ge=1, le=1_000, description="WebSocket connections of one team at a time.")] = 4
    per_address: Annotated[
        int,
        Meta(
            ge=64,
            le=10_000,
            description="Connections of one address, HTTP and WebSocket. Beyond it, one without a key is closed.",
        ),
    ] = 2_500
    heartbeat_seconds: Annotated[
        Amount,
        NumberRange(0, 3_600),
        Meta(description="Seconds of silence after which the server sends a heartbeat."),
    ] = 5
    cors_origins: Annotated[
        list[Annotated[str, OwnRule(origin_problem)]],
        Meta(description="Origins whose pages may call the exchange, such as `https://bots.example`; `*`: any."),
    ] = []
