"""Everything that can change the venue, as frozen values. The journal stores exactly these.

Terms that the validator may refuse (`side`, `time_in_force`, `quantity`, an off-grid price) are kept as the client
wrote them, because a refusal has its place in the validator's list and in the journal.
"""

from collections.abc import Callable
from typing import Final, final

from msgspec import Struct
from msgspec.structs import astuple

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.marks import Mark, ScenarioValues, UnderlyingMark
from openoutcry.domain.news import NewsOdds
from openoutcry.domain.phases import Phase
from openoutcry.domain.quote_protection import ProtectionSettings
from openoutcry.domain.types import (
    ClientOrderId,
    ConnectionId,
    InstrumentId,
    MarketTime,
    Money,
    OrderId,
    TeamId,
    Ticks,
    TimestampUs,
    TradeId,
)


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


class QuoteTerms(Struct, frozen=True, array_like=True):
    """A two-sided quote as asked for. Price None: no quote on that side; with a quantity, the side is refused."""

    instrument_id: InstrumentId
    bid_price: Price | None = None
    bid_quantity: int = 0
    ask_price: Price | None = None
    ask_quantity: int = 0


@final
class ReplaceQuotes(Struct, frozen=True, array_like=True, tag="replace_quotes"):
    """Replace the team's quotes in the named instruments, each instrument at once."""

    team_id: TeamId
    quotes: tuple[QuoteTerms, ...]


@final
class SetQuoteProtection(Struct, frozen=True, array_like=True, tag="set_quote_protection"):
    """Protect the quotes of one group by these settings, in place of those before; `group` None: of every group."""

    team_id: TeamId
    group: str | None
    settings: ProtectionSettings


@final
class ResetQuoteProtection(Struct, frozen=True, array_like=True, tag="reset_quote_protection"):
    """End the freeze of a group's quotes and forget what was counted; `group` None: of every group."""

    team_id: TeamId
    group: str | None = None


@final
class SetCancelAfter(Struct, frozen=True, array_like=True, tag="set_cancel_after"):
    """Set or renew the team's dead-man timer: all its orders are cancelled `seconds` from now. 0 switches it off."""

    team_id: TeamId
    seconds: int


@final
class GuardConnection(Struct, frozen=True, array_like=True, tag="guard_connection"):
    """Cancel all of the team's orders `grace_seconds` after this connection is lost.

    Ends the grace of the team's connections that are already lost: the bot is back.
    """

    team_id: TeamId
    connection_id: ConnectionId
    grace_seconds: int


@final
class UnguardConnection(Struct, frozen=True, array_like=True, tag="unguard_connection"):
    """Remove the guard: this connection may end without cancelling orders."""

    team_id: TeamId
    connection_id: ConnectionId


@final
class LoseConnection(Struct, frozen=True, array_like=True, tag="lose_connection"):
    """A guarded connection has ended, for any reason: its grace begins."""

    team_id: TeamId
    connection_id: ConnectionId


@final
class ElapseTimer(Struct, frozen=True, array_like=True, tag="elapse_timer"):
    """A timer is due at `due`: that of a lost connection, or with `connection_id` None the dead-man timer.

    Does nothing if the timer was renewed or switched off meanwhile.
    """

    team_id: TeamId
    connection_id: ConnectionId | None
    due: TimestampUs


class Why(Struct, frozen=True, array_like=True, gc=False):
    """An organiser gave the command: `by` whom and for what `reason`, None where it was not told.

    A command without one was given by nobody's hand, or by a team for itself.
    """

    by: str | None = None
    reason: str | None = None


NO_KEY: Final = b""
"""In place of a key's hash: no client can act as this team. The exchange itself acts for it, and keeps no private
stream for it."""


@final
class RegisterTeam(Struct, frozen=True, array_like=True, tag="register_team"):
    """Register a team. `key_hash` is the SHA-256 of its key, or `NO_KEY`; `owner` groups teams of one person or
    group.
    """

    team_name: str
    role: str
    key_hash: bytes
    owner: str | None = None
    why: Why | None = None


@final
class RotateKey(Struct, frozen=True, array_like=True, tag="rotate_key"):
    """Replace a team's key; the old one stops working."""

    team_id: TeamId
    key_hash: bytes
    why: Why | None = None


@final
class SetPhase(Struct, frozen=True, array_like=True, tag="set_phase"):
    """Move the session to another phase; to `continuous` by way of an auction, if orders were gathered."""

    phase: Phase
    why: Why | None = None


@final
class ListInstrument(Struct, frozen=True, array_like=True, tag="list_instrument"):
    """Begin to trade an instrument. Its terms never change."""

    instrument: Instrument


@final
class HaltInstrument(Struct, frozen=True, array_like=True, tag="halt_instrument"):
    """Stop trading in one instrument, None: in all of them. Orders stay and can be cancelled."""

    instrument_id: InstrumentId | None
    why: Why | None = None


@final
class ResumeInstrument(Struct, frozen=True, array_like=True, tag="resume_instrument"):
    """Let a halted instrument trade again; None: the session, after a halt of all instruments."""

    instrument_id: InstrumentId | None
    why: Why | None = None


@final
class ExpireInstrument(Struct, frozen=True, array_like=True, tag="expire_instrument"):
    """End trading in an instrument for good; its orders are cancelled."""

    instrument_id: InstrumentId
    why: Why | None = None


@final
class SettleInstrument(Struct, frozen=True, array_like=True, tag="settle_instrument"):
    """Pay every position out at `settlement_price`, which the command carries: positions are zero after it.

    An instrument that has not expired expires by it. `underlying_price`: what the settlement price follows from.
    """

    instrument_id: InstrumentId
    settlement_price: Ticks
    underlying_price: Money | None = None
    why: Why | None = None


@final
class SuspendTeam(Struct, frozen=True, array_like=True, tag="suspend_team"):
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""

    team_id: TeamId
    why: Why | None = None


@final
class ReinstateTeam(Struct, frozen=True, array_like=True, tag="reinstate_team"):
    """Let a suspended team trade again."""

    team_id: TeamId
    why: Why | None = None


@final
class BustTrade(Struct, frozen=True, array_like=True, tag="bust_trade"):
    """Undo a trade: positions, money and fees of both sides. Orders stay as the trade left them."""

    trade_id: TradeId
    why: Why | None = None


@final
class PublishNews(Struct, frozen=True, array_like=True, tag="publish_news"):
    """Tell everybody a headline. The odds of its effects are public; what it does to prices is not in this command."""

    headline: str
    category: str
    odds: NewsOdds
    why: Why | None = None


@final
class Announce(Struct, frozen=True, array_like=True, tag="announce"):
    """Tell everybody something that is not part of the market."""

    text: str
    why: Why | None = None


@final
class Sanction(Struct, frozen=True, array_like=True, tag="sanction"):
    """Bring a team to this level of the ladder of sanctions, from 1 on."""

    team_id: TeamId
    level: int
    why: Why | None = None


@final
class Pardon(Struct, frozen=True, array_like=True, tag="pardon"):
    """Take a team off the ladder of sanctions."""

    team_id: TeamId
    why: Why | None = None


@final
class SkipIds(Struct, frozen=True, array_like=True, tag="skip_ids"):
    """Move the order and trade counters on, so that ids promised before an unclean stop are never given again."""

    count: int


class PhaseAt(Struct, frozen=True, array_like=True):
    """A line of a session's timetable: `phase` begins `at` this instant.

    `earliest` is when it may begin as far as anybody is told; the instant of a random end is not given away.
    """

    phase: Phase
    at: MarketTime
    earliest: MarketTime


@final
class StartSession(Struct, frozen=True, array_like=True, tag="start_session"):
    """Begin a trading session, in the first phase of its timetable and at its instant.

    `date`: ISO. `utc_offset`: seconds, of the exchange's time zone on that date. `speed`: thousandths of market seconds
    a wall second. `random_word`: 64 bits from the session's seed, for all that the venue decides by chance.
    """

    date: str
    utc_offset: int
    timetable: tuple[PhaseAt, ...]
    speed: int
    random_word: int
    why: Why | None = None


@final
class PlanSession(Struct, frozen=True, array_like=True, tag="plan_session"):
    """A session is to start at this instant of wall time; None: it is not."""

    at: TimestampUs | None
    why: Why | None = None


@final
class SetSpeed(Struct, frozen=True, array_like=True, tag="set_speed"):
    """Let the market time of the session under way go faster or slower: thousandths of market seconds a wall second."""

    speed: int
    why: Why | None = None


@final
class EndSession(Struct, frozen=True, array_like=True, tag="end_session"):
    """End the trading session now."""

    why: Why | None = None


@final
class AdvanceMarket(Struct, frozen=True, array_like=True, tag="advance_market"):
    """The tick, and the only thing that moves market time: to `market_time`, with new marks where there are any."""

    market_time: MarketTime
    underlyings: tuple[UnderlyingMark, ...] = ()
    marks: tuple[Mark, ...] = ()


@final
class TakeScenarioValues(Struct, frozen=True, array_like=True, tag="take_scenario_values"):
    """What instruments would be worth in the scenarios of the cash check, at the instant of the newest marks.

    Those that are not among them keep their last values.
    """

    values: tuple[ScenarioValues, ...]


@final
class ContinueWork(Struct, frozen=True, array_like=True, tag="continue_work"):
    """Take the tasks that wait further by one slice, of about `budget` orders."""

    budget: int


Command = (
    SubmitOrder
    | CancelOrder
    | AmendOrder
    | MassCancel
    | ReplaceQuotes
    | SetQuoteProtection
    | ResetQuoteProtection
    | SetCancelAfter
    | GuardConnection
    | UnguardConnection
    | LoseConnection
    | ElapseTimer
    | RegisterTeam
    | RotateKey
    | SetPhase
    | ListInstrument
    | HaltInstrument
    | ResumeInstrument
    | ExpireInstrument
    | SettleInstrument
    | SuspendTeam
    | ReinstateTeam
    | BustTrade
    | PublishNews
    | Announce
    | Sanction
    | Pardon
    | SkipIds
    | StartSession
    | PlanSession
    | SetSpeed
    | EndSession
    | AdvanceMarket
    | TakeScenarioValues
    | ContinueWork
)
