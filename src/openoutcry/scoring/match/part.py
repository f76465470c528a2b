"""What measures a match. Every method is told one kind of thing that happened; by itself it does nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from msgspec import Struct

from openoutcry.domain.commands import StartSession
from openoutcry.domain.events import CoverageSampled, DutyJudged, PositionUpdated
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.simulation.headlines import Regime
from openoutcry.domain.simulation.signals import SignalToRole
from openoutcry.domain.types import MarketTime
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import Trade, ValuedTrade


class NothingKept(Struct):
    """The state of a part that has none."""


class Part:
    """A part keeps a state of its own, a msgspec Struct, and reads the ledger, which is up to date when it is told."""

    name: ClassVar[str]
    """Unique among the parts of a match."""
    state_type: ClassVar[type[Struct]] = NothingKept
    is_by_row: ClassVar[bool] = False
    """Whether it keeps nothing of a tick but sums by participant: where there is none, it is told neither
    `second_passed` nor `duties_judged`.
    """

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - a part's own
        """The fields of this participant's `Entry` that the part measures, without what `excluded` trades did: those
        of its trades that leave the score.
        """
        return {}

    def session_starts(self, command: StartSession) -> None:
        """The command by which a session begins next."""

    def session_began(self, opening_at: MarketTime, close_at: MarketTime) -> None:
        """`opening_at`: the end of the opening call. What was measured of the last session is given up."""

    def columns_dropped(self, kept: Sequence[int]) -> None:
        """The ledger has only these of its columns left, in order. A session begins next."""

    def registered(self, participant: Participant) -> None:
        """The ledger has a row more."""

    def listed(self) -> None:
        """The ledger has a column more."""

    def command_came(self, sequenced: Sequenced) -> None:
        """Any command, also a refused one, before what it has done is told one by one; but for those of the exchange's
        own teams that can be nothing to a participant.
        """

    def hears(self) -> Mapping[type, Callable[[Any], None]]:
        """By kind, the events that the part wants as they are, of every command of which `command_came` is told: each
        before the match tells what it means; with a session's start and with a tick, before anything else is told.
        Asked once.
        """
        return {}

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:
        """A tick: the ledger has new marks, and still the positions that were held since `before`.

        `seconds`: from the tick before to this one. `is_continuous`: whether they were of continuous trading.
        """

    def regime_began(self, regime: Regime) -> None:
        """With the tick, after `second_passed`."""

    def signalled(self, signal: SignalToRole) -> None:
        """With the tick, after `second_passed`."""

    def traded(self, trade: Trade) -> None:
        """Before the positions that it leaves are told."""

    def valued(self, trade: ValuedTrade) -> None:
        """The trade's value is known now: at once for spot, a minute after the trade for options."""

    def busted(self, trade: Trade) -> None:
        """It was undone; `valued` may have been told of it. Before the positions that this leaves are told."""

    def position_changed(self, row: int, column: int, quantity: int, flow: int, event: PositionUpdated) -> None:
        """A holding has changed by `quantity`, and brought `flow` money, fees left out: by trades, a settlement, the
        undoing of a trade, or because the house took it over. Changes that are no part of the match are not told.
        """

    def settled(self, column: int) -> None:
        """The instrument is settled; positions that are paid out are told after this."""

    def covered(self, row: int, event: CoverageSampled) -> None:
        """A market maker's quotes were looked at."""

    def judged(self, row: int, event: DutyJudged) -> None:
        """A duty is in another state, or the team at another level, from the seconds on that ended with this tick."""

    def duties_judged(self, seconds: int, is_continuous: bool) -> None:
        """With a tick, once all of its `judged` are told."""

    def session_ended(self) -> None:
        """Its last marks are known, and all is told of its last tick; what expires with it is settled after this."""

    def state(self) -> Struct:
        """As it is, of `state_type`. Equal states are encoded alike."""
        return NothingKept()

    def restore(self, state: Any) -> None:
        """Go on from this state, which is of `state_type`. The ledger has its own again."""
