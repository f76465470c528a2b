"""Tasks: what takes the venue longer than one command may last, so that it is done in slices.

A task is a value that says how far it has come. Each step takes it further and returns what is left of it.
"""

from typing import final

from msgspec import Struct

from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.day.phases import Phase, PhaseReason
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.simulation.signals import SignalToRole
from openoutcry.domain.types import InstrumentId, OrderId, TeamId, Ticks


@final
class EnterPhase(Struct, frozen=True, array_like=True, tag="enter_phase"):
    """Move the session on, or one instrument, once the tasks before this one are done.

    Does nothing where that phase cannot follow any more.
    """

    phase: Phase
    reason: PhaseReason = "schedule"
    instrument_id: InstrumentId | None = None


@final
class JoinSession(Struct, frozen=True, array_like=True, tag="join_session"):
    """Let an instrument be in the session's phase again."""

    instrument_id: InstrumentId
    reason: PhaseReason = "schedule"


@final
class CancelOrders(Struct, frozen=True, array_like=True, tag="cancel_orders"):
    """The session is closed: cancel what is open, of `team_id` and every team after it."""

    team_id: TeamId


@final
class Uncross(Struct, frozen=True, array_like=True, tag="uncross"):
    """Hold the auction of the instrument at `place`, and, unless `alone`, of every one after it.

    `price`: at which this instrument trades, once it is fixed.
    """

    place: int
    alone: bool = False
    price: Ticks | None = None


@final
class RunBatch(Struct, frozen=True, array_like=True, tag="run_batch"):
    """Hold a batch auction of the instrument at `place`, and of every one after it. `number`: which of the session."""

    number: int
    place: int = 0
    price: Ticks | None = None


@final
class RunTimers(Struct, frozen=True, array_like=True, tag="run_timers"):
    """Carry out the timers that are due, in order. Tasks that one of them begins come before the next timer."""


@final
class JudgeTeams(Struct, frozen=True, array_like=True, tag="judge_teams"):
    """Judge `team_id` and every team after it: by its equity, and by what its duties were found to be."""

    team_id: TeamId = TeamId(1)


@final
class CountRequirements(Struct, frozen=True, array_like=True, tag="count_requirements"):
    """There are new scenario values: count anew what `team_id` and every team after it could lose."""

    team_id: TeamId = TeamId(1)


@final
class CancelOrdersOfTeam(Struct, frozen=True, array_like=True, tag="cancel_orders_of_team"):
    """Cancel what the team has open of ids below `before`."""

    team_id: TeamId
    before: OrderId
    reason: CancelReason


@final
class PullQuotes(Struct, frozen=True, array_like=True, tag="pull_quotes"):
    """Pull quotes whose theoretical value has moved too far, by their teams' own settings.

    Of `team_id`, those with ids above `after`; then those of every team after it.
    """

    team_id: TeamId = TeamId(1)
    after: OrderId = OrderId(0)


@final
class TakeOverPositions(Struct, frozen=True, array_like=True, tag="take_over_positions"):
    """The house takes over all positions of the team."""

    team_id: TeamId


@final
class PublishMarks(Struct, frozen=True, array_like=True, tag="publish_marks"):
    """Tell the public the new marks: only after everything that had to come before."""


@final
class TellNews(Struct, frozen=True, array_like=True, tag="tell_news"):
    """Tell everybody the headline: after the new prices."""

    news: NewsItem


@final
class TellSignal(Struct, frozen=True, array_like=True, tag="tell_signal"):
    """Tell the signal to `team_id` and every team after it that has its role: after the news."""

    signal: SignalToRole
    team_id: TeamId = TeamId(1)


@final
class CancelExpired(Struct, frozen=True, array_like=True, tag="cancel_expired"):
    """The instrument has expired: cancel what is in its book."""

    instrument_id: InstrumentId


@final
class PayOut(Struct, frozen=True, array_like=True, tag="pay_out"):
    """The instrument is settled: pay out the positions of `team_id` and every team after it."""

    instrument_id: InstrumentId
    team_id: TeamId


@final
class JudgeGroups(Struct, frozen=True, array_like=True, tag="judge_groups"):
    """Pull the quotes of the groups whose protection is still to be judged: too many stood for one command."""


Task = (
    EnterPhase
    | JoinSession
    | CancelOrders
    | Uncross
    | RunBatch
    | RunTimers
    | JudgeTeams
    | CountRequirements
    | CancelOrdersOfTeam
    | PullQuotes
    | JudgeGroups
    | TakeOverPositions
    | PublishMarks
    | TellNews
    | TellSignal
    | CancelExpired
    | PayOut
)
"""All kinds of tasks; each has its row in `venue/tasks/table.py`."""
