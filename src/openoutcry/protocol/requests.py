"""Bodies of REST requests. Unknown fields are refused: a typo in `prize` must not change what an order is."""

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from openoutcry.domain.day.phases import Phase
from openoutcry.domain.orders import SIDE_NAMES, TimeInForce
from openoutcry.domain.simulation.headlines import REGIMES
from openoutcry.domain.types import MAX_PRICE, MAX_QUOTES_PER_REQUEST

MAX_BODY_BYTES: Final = 64 * 1024
MAX_BATCH: Final = 50
MAX_REQUEST_ID: Final = 128
MAX_INTEGER: Final = 2**53 - 1
"""Largest integer that JSON carries safely between all languages."""
MAX_NUMBER: Final = 1e12
MAX_TIMER_SECONDS: Final = 86_400
"""Longest dead-man timer and longest grace of a lost connection."""

EXAMPLE_SYMBOL: Final = "SPX_CALL_4500_20240315"
"""The instrument of all examples; a server puts one of its own in its place."""

Text = Annotated[str, Meta(max_length=64)]
Symbol = Annotated[str, Meta(max_length=64, description="An instrument's symbol.", examples=[EXAMPLE_SYMBOL])]
# The document names the allowed values. The validator refuses any other text, and the answer lists them.
SideText = Annotated[Text, Meta(examples=["buy"], extra_json_schema={"enum": list(SIDE_NAMES)})]
TimeInForceText = Annotated[Text, Meta(examples=["day"], extra_json_schema={"enum": list(get_args(TimeInForce))})]
# The validator refuses a wrong quantity or price inside these bounds, with the rule and the nearest allowed value.
Quantity = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER, description="Contracts or lots, > 0.", examples=[10])]
Price = Annotated[
    float,
    Meta(ge=-MAX_NUMBER, le=MAX_NUMBER, description="Currency per unit, on the tick grid.", examples=[100.0]),
]
OrderTypeName = Literal["limit", "market"]
OrderType = Annotated[
    OrderTypeName,
    Meta(
        description="`limit`: trades at its price or better. `market`: trades at any price, and has no `price`.",
        examples=["limit"],
    ),
]
ClientOrderIdText = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.:-]{1,64}\Z",
        description="The client's own id, which makes a retry safe: 1 to 64 letters, digits, and any of `_.:-`.",
        examples=["a-1"],
    ),
]
MAX_NAME: Final = 64
"""Characters of the longest name of a team or an owner, in Unicode's form NFC."""

# Control characters, line separators, directions of writing, and other invisible or blank characters: with these a name
# can look like another one. Those above U+FFFF stand as themselves, because JavaScript's and Python's regular
# expressions have no common escape for them.
_UNSEEN: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160\u17b4-\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
Name = Annotated[
    str,
    Meta(
        max_length=MAX_NAME,
        pattern=rf"^[^\s{_UNSEEN}](?: ?[^\s{_UNSEEN}])*\Z",
        description=f"1 to {MAX_NAME} characters; single spaces between words and none at either end; no control,"
        " formatting or invisible characters.",
        examples=["Alpha"],
    ),
]
MAX_NONCE: Final = 64
Nonce = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_NONCE,
        pattern=r"^[!-~]*\Z",
        description=f"The team's part in the seed of every session that starts after its registration: 1 to {MAX_NONCE}"
        " characters of ASCII without spaces, best drawn at random. The exchange shows it to everybody.",
        examples=["2f7c1e9ab04d6358"],
    ),
]
MAX_REASON: Final = 500
MAX_HEADLINE: Final = 200
MAX_JUMP_PERCENT: Final = 20
MAX_ANNOUNCEMENT: Final = 1_000
_ONE_LINE: Final = rf"^[^{_UNSEEN}]*\Z"
Reason = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_REASON,
        pattern=_ONE_LINE,
        description=f"Why it is done: 1 to {MAX_REASON} characters in one line. It is journaled with the command.",
        examples=["Rehearsal"],
    ),
]
RequestId = Annotated[str, Meta(min_length=1, max_length=MAX_REQUEST_ID, description="Echoed in the answer.")]


MAX_LIMIT: Final = 1_000_000_000
"""Highest limit of market-maker protection."""

_LIMIT_OF_QUANTITY: Final = "Contracts that quotes may buy and sell in an interval before they are cancelled."
_LIMIT_OF_DELTA: Final = "The same for the size of the delta of what they buy and sell, in contracts of the index."
_LIMIT_OF_VEGA: Final = "The same for the size of its vega: per volatility point and unit, times contracts."
_MOVE: Final = (
    "From the scenario's least (0.1) to 1: at each market second a quote is pulled whose theoretical value has moved by"
    " more than this share of half its own spread since it was entered."
)
_INTERVAL: Final = "Market seconds in which fills count together, from the first. Needed beside a limit."
_FROZEN: Final = "Market seconds in which quotes are refused after a limit was met; 0: until the team resets it."


class OrderRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """One order. A limit order needs a `price`; a market order says so in `order_type` and has none."""

    instrument_id: Symbol
    side: SideText
    quantity: Quantity
    price: Price | None = None
    order_type: OrderType = "limit"
    time_in_force: TimeInForceText = "day"
    post_only: bool = False
    client_order_id: ClientOrderIdText | None = None
    request_id: RequestId | None = None


class BatchRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Orders that are submitted one after the other; not atomic."""

    orders: Annotated[list[OrderRequest], Meta(min_length=1, max_length=MAX_BATCH)]
    request_id: RequestId | None = None


class AmendRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """New terms of an order; at least one. `quantity` is the new total, filled part included. Null: stays as it is."""

    quantity: Quantity | None = None
    price: Price | None = None
    request_id: RequestId | None = None


class CancelAfterRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Set or renew the dead-man timer; 0 switches it off."""

    seconds: Annotated[
        int,
        Meta(
            ge=0,
            le=MAX_TIMER_SECONDS,
            description="Seconds until all orders are cancelled; 0 switches the timer off.",
            examples=[10],
        ),
    ]
    request_id: RequestId | None = None


class QuoteRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """A quote in one instrument. Neither price nor quantity: no quote on that side. One needs the other."""

    instrument_id: Symbol
    bid_price: Price | None = None
    bid_quantity: Quantity | None = None
    ask_price: Price | None = None
    ask_quantity: Quantity | None = None


class QuotesRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    quotes: Annotated[list[QuoteRequest], Meta(min_length=1, max_length=MAX_QUOTES_PER_REQUEST)]
    request_id: RequestId | None = None


Group = Annotated[
    str,
    Meta(
        max_length=64, description="The options on this underlying; null: those on every underlying.", examples=["SPX"]
    ),
]


class ProtectionRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Market-maker protection of a group. What is not given, null or 0 is off; settings from before do not stay."""

    group: Group | None = None
    quantity: Annotated[int, Meta(ge=0, le=MAX_LIMIT, description=_LIMIT_OF_QUANTITY, examples=[50])] | None = None
    delta: Annotated[float, Meta(ge=0, le=MAX_LIMIT, description=_LIMIT_OF_DELTA, examples=[20.0])] | None = None
    vega: Annotated[float, Meta(ge=0, le=MAX_LIMIT, description=_LIMIT_OF_VEGA, examples=[100.0])] | None = None
    move: Annotated[float, Meta(ge=0, le=1, description=_MOVE, examples=[0.5])] | None = None
    interval_seconds: Annotated[int, Meta(ge=1, le=MAX_TIMER_SECONDS, description=_INTERVAL, examples=[5])] | None = (
        None
    )
    frozen_seconds: Annotated[int, Meta(ge=0, le=MAX_TIMER_SECONDS, description=_FROZEN, examples=[30])] | None = None
    request_id: RequestId | None = None


class ProtectionResetRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """End a group's freeze, and set its counters to 0."""

    group: Group | None = None
    request_id: RequestId | None = None


class TeamRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Register a team."""

    team_name: Name
    role: Text | None = None
    join_code: Annotated[str, Meta(max_length=128)] | None = None
    owner: Name | None = None
    nonce: Nonce | None = None
    request_id: RequestId | None = None


class CreateTeamRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Register a team for somebody else. `owner` groups teams of one person or group."""

    team_name: Name
    role: Annotated[Text, Meta(examples=["retail"])]
    owner: Name | None = None
    nonce: Nonce | None = None
    reason: Reason | None = None
    request_id: RequestId | None = None


class PhaseRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Move the session to another phase."""

    phase: Annotated[Text, Meta(examples=["closed"], extra_json_schema={"enum": list(get_args(Phase))})]
    reason: Reason | None = None
    request_id: RequestId | None = None


class HaltRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Halt or resume one instrument; null, or left out: all of them."""

    instrument_id: Symbol | None = None
    reason: Reason | None = None
    request_id: RequestId | None = None


NEXT_MINUTE: Final = "next_minute"


class SessionRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Start or end a trading session. `at`: when it starts; left out, at once."""

    action: Annotated[Text, Meta(examples=["start"], extra_json_schema={"enum": ["start", "end"]})]
    at: (
        Annotated[
            Text,
            Meta(
                description="Wall time, ISO 8601 with its offset from UTC, or `next_minute`: the next full minute.",
                examples=[NEXT_MINUTE],
            ),
        ]
        | None
    ) = None
    reason: Reason | None = None
    request_id: RequestId | None = None


class SpeedRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """How fast market time passes."""

    speed: Annotated[
        float,
        Meta(ge=-MAX_NUMBER, le=MAX_NUMBER, description="Market seconds in a second of wall time.", examples=[10]),
    ]
    reason: Reason | None = None
    request_id: RequestId | None = None


class SettleRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """Settle an instrument at a price of its grid, 0 included."""

    instrument_id: Annotated[str, Meta(examples=[EXAMPLE_SYMBOL])]
    settlement_price: Annotated[float, Meta(ge=0, le=MAX_PRICE, examples=[12.5])]
    underlying_price: Annotated[float, Meta(ge=0, le=MAX_PRICE, examples=[4512.5])] | None = None
    reason: Reason | None = None
    request_id: RequestId | None = None


class ReasonRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """What an organiser's request says beside its path. It may be left out altogether."""

    reason: Reason | None = None
    request_id: RequestId | None = None


Percent = Annotated[int, Meta(ge=0, le=100)]


class Odds(Struct, kw_only=True, forbid_unknown_fields=True):
    """Chances of each effect of a headline, in percent, together 100. Which of them it has is not told."""

    regime_shift: Percent
    price_jump: Percent
    no_effect: Percent


class NewsRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """A headline. Without `odds` they are 40, 30 and 30.

    In a scenario with a simulated market it may bring another `regime`, a jump of `jump_percent`, or both; teams are
    told neither. What it brings must have a chance above 0 in its odds.
    """

    headline: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_HEADLINE,
            pattern=_ONE_LINE,
            description=f"1 to {MAX_HEADLINE} characters in one line.",
            examples=["Central bank leaves rates unchanged"],
        ),
    ]
    category: Annotated[Name, Meta(description="What the headline is about, in a word or two.")] = "general"
    odds: Odds | None = None
    regime: (
        Annotated[
            Text,
            Meta(
                description="The regime of volatility from the next market second on; null: the present one stays.",
                examples=["high"],
                extra_json_schema={"enum": list(REGIMES)},
            ),
        ]
        | None
    ) = None
    jump_percent: (
        Annotated[
            float,
            Meta(
                ge=-MAX_JUMP_PERCENT,
                le=MAX_JUMP_PERCENT,
                description="By how much the index's price jumps in the next market second, in percent of it; not 0."
                " Null: it does not.",
                examples=[-0.5],
            ),
        ]
        | None
    ) = None
    reason: Reason | None = None
    request_id: RequestId | None = None


class AnnounceRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_ANNOUNCEMENT,
            pattern=_ONE_LINE,
            description=f"1 to {MAX_ANNOUNCEMENT} characters in one line.",
            examples=["Lunch is served"],
        ),
    ]
    reason: Reason | None = None
    request_id: RequestId | None = None


class SanctionRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """A level of the ladder of sanctions: 1 warned, 2 points off, 3 reduce-only."""

    level: Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER, examples=[3])]
    reason: Reason | None = None
    request_id: RequestId | None = None


class EmptyRequest(Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of a request that needs none; it may be left out altogether."""

    request_id: RequestId | None = None
