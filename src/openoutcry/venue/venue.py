"""The venue: commands in, verdicts and events out."""

from collections.abc import Iterable

from openoutcry.domain.commands import Command
from openoutcry.domain.events import Event
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Verdict
from openoutcry.domain.rulebook import Rulebook
from openoutcry.domain.types import Sequence, TimestampUs
from openoutcry.venue.handlers.table import CARRY_OUT, JUDGE
from openoutcry.venue.no_change import changes_nothing
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.quote_fills import judge_quote_fills
from openoutcry.venue.reading.queries import Queries
from openoutcry.venue.snapshots.capture import capture, restore
from openoutcry.venue.snapshots.snapshot import VenueSnapshot
from openoutcry.venue.snapshots.state_hash import live_hash, live_hash_made_anew, state_hash
from openoutcry.venue.state.limits import DEFAULT_LIMITS, VenueLimits
from openoutcry.venue.state.venue import VenueState


class Venue:
    """The whole exchange as a state machine: a fold over its commands.

    One writer calls `validate` and, where the verdict is `Accepted`, `execute` before it validates anything else. What
    each command does stands in `handlers`.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        instruments: Iterable[Instrument] = (),
        snapshot: VenueSnapshot | None = None,
        limits: VenueLimits = DEFAULT_LIMITS,
    ) -> None:
        """A new venue that lists `instruments`, or one that goes on from `snapshot`, with those listed there.

        The snapshot was taken under the same rules. `limits`: only tests have other ones than a replay has.
        """
        self._state = (
            VenueState(rulebook, instruments, limits) if snapshot is None else restore(snapshot, rulebook, limits)
        )
        self._outcome = Outcome()
        self.queries = Queries(self._state)

    @property
    def has_work(self) -> bool:
        """Whether tasks wait that `ContinueWork` takes further."""
        return bool(self._state.day.tasks)

    def validate(self, command: Command) -> Verdict:
        """The verdict on `command` as things stand. Reads state and changes none of it."""
        return JUDGE[type(command)](self._state, command)

    def changes_nothing(self, command: Command) -> bool:
        """Whether `command`, if it is accepted, would change no state and cause no private event. Cheap."""
        return changes_nothing(self._state, command)

    def execute(self, sequence: Sequence, now: TimestampUs, command: Command) -> list[Event]:  # noqa: ARG002
        """Carry out a command that was accepted against the present state, and say what happened.

        Events come in the order in which they are told: private ones (ack, reports, cancels, then one position update
        per team and instrument), then public ones.
        """
        outcome = self._outcome
        outcome.now = now
        CARRY_OUT[type(command)](self._state, outcome, command)
        if outcome.quote_fills:
            judge_quote_fills(self._state, outcome)
        return outcome.events()

    def snapshot(self) -> VenueSnapshot:
        """The whole state as it is now, as data."""
        return capture(self._state)

    def state_hash(self) -> str:
        """SHA-256, in hexadecimal, of the whole state in one canonical form."""
        return state_hash(capture(self._state))

    def live_hash(self) -> str:
        """The same of what is at work, with history by its length: cheap however many orders are open."""
        return live_hash(self._state)

    def live_hash_made_anew(self) -> str:
        """The same, with nothing taken over from an earlier one or kept for it: takes its time for open orders."""
        return live_hash_made_anew(self._state)
