"""Everything that can change the venue, as frozen values. The journal stores exactly these.

Terms stand as the client wrote them where the validator is the one to refuse them (`side`, `time_in_force`,
`quantity`, an off-grid price), because a refusal has its place in the validator's list and in the journal.
"""

from collections.abc import Callable
from typing import Final, final

from msgspec import Struct
from msgspec.structs import astuple

from openoutcry.domain.instruments import Instrument
from openoutcry.domain.rulebook import Phase
from openoutcry.domain.types import ClientOrderId, ConnectionId, InstrumentId, OrderId, TeamId, Ticks, TimestampUs


class Price(Struct, frozen=True, array_like=True, gc=False):
    """A price as asked: the nearest grid price, and the number as written where it is not on the grid."""

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
"""All fields of an order in one call: one by one, to read them takes three times as long where the core is compiled."""


@final
class CancelOrder(Struct, frozen=True, array_like=True, tag="cancel_order"):
    """Take one order of the team's out of the book."""

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
    """A two-sided quote as asked. A None price means no quote on that side; with a quantity beside it, a refusal."""

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
class SetCancelAfter(Struct, frozen=True, array_like=True, tag="set_cancel_after"):
    """Set or renew the team's dead-man timer: `seconds` from now all its orders go. 0 switches it off."""

    team_id: TeamId
    seconds: int


@final
class GuardConnection(Struct, frozen=True, array_like=True, tag="guard_connection"):
    """Cancel all of the team's orders `grace_seconds` after this connection is lost.

    Takes the place of the team's connections that are lost already: the bot is back.
    """

    team_id: TeamId
    connection_id: ConnectionId
    grace_seconds: int


@final
class UnguardConnection(Struct, frozen=True, array_like=True, tag="unguard_connection"):
    """Let a connection end without consequences."""

    team_id: TeamId
    connection_id: ConnectionId


@final
class LoseConnection(Struct, frozen=True, array_like=True, tag="lose_connection"):
    """A guarded connection has ended, for whatever reason: its grace begins."""

    team_id: TeamId
    connection_id: ConnectionId


@final
class ElapseTimer(Struct, frozen=True, array_like=True, tag="elapse_timer"):
    """The time `due` of a timer has come: of a lost connection, or with None the dead-man timer.

    Does nothing where the timer was renewed or switched off meanwhile.
    """

    team_id: TeamId
    connection_id: ConnectionId | None
    due: TimestampUs


NO_KEY: Final = b""
"""In place of a key's hash: nobody can ask in the team's name. The exchange itself acts for it, and nothing is kept of
what the team would be told."""


@final
class RegisterTeam(Struct, frozen=True, array_like=True, tag="register_team"):
    """Let a team in. `key_hash` is the SHA-256 of its key, or `NO_KEY`; `owner` groups teams of one person or group."""

    team_name: str
    role: str
    key_hash: bytes
    owner: str | None = None


@final
class RotateKey(Struct, frozen=True, array_like=True, tag="rotate_key"):
    """Replace a team's key; the old one dies."""

    team_id: TeamId
    key_hash: bytes


@final
class SetPhase(Struct, frozen=True, array_like=True, tag="set_phase"):
    """Move the session to another phase."""

    phase: Phase


@final
class ListInstrument(Struct, frozen=True, array_like=True, tag="list_instrument"):
    """Begin to trade an instrument, from now on and under these terms for ever."""

    instrument: Instrument


@final
class HaltInstrument(Struct, frozen=True, array_like=True, tag="halt_instrument"):
    """Stop trading in one instrument; its orders stay and can be cancelled."""

    instrument_id: InstrumentId


@final
class ResumeInstrument(Struct, frozen=True, array_like=True, tag="resume_instrument"):
    """Let a halted instrument trade again."""

    instrument_id: InstrumentId


@final
class SuspendTeam(Struct, frozen=True, array_like=True, tag="suspend_team"):
    """Cancel all of a team's orders and refuse its commands until it is reinstated."""

    team_id: TeamId


@final
class ReinstateTeam(Struct, frozen=True, array_like=True, tag="reinstate_team"):
    """Let a suspended team trade again."""

    team_id: TeamId


@final
class SkipIds(Struct, frozen=True, array_like=True, tag="skip_ids"):
    """Move the order and trade counters on, so that ids promised before an unclean stop are never given again."""

    count: int


Command = (
    SubmitOrder
    | CancelOrder
    | AmendOrder
    | MassCancel
    | ReplaceQuotes
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
    | SuspendTeam
    | ReinstateTeam
    | SkipIds
)
