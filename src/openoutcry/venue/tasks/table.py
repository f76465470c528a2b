"""Every kind of task, with its step."""

from typing import Final

from openoutcry.domain.day.tasks import (
    CancelExpired,
    CancelOrders,
    CancelOrdersOfTeam,
    CountRequirements,
    EnterPhase,
    JoinSession,
    JudgeGroups,
    JudgeTeams,
    PayOut,
    PublishMarks,
    PullQuotes,
    RunBatch,
    RunTimers,
    TakeOverPositions,
    TellNews,
    TellSignal,
    Uncross,
)
from openoutcry.venue.auctions.batch import run_batch
from openoutcry.venue.auctions.uncross import uncross
from openoutcry.venue.tasks.closing import cancel_orders
from openoutcry.venue.tasks.expiry import cancel_expired, pay_out
from openoutcry.venue.tasks.liquidation import take_over_positions
from openoutcry.venue.tasks.marks import publish_marks, tell_headline, tell_signal
from openoutcry.venue.tasks.phases import enter_next_phase, join_session
from openoutcry.venue.tasks.pulls import judge_waiting_groups, pull_quotes
from openoutcry.venue.tasks.row import Step
from openoutcry.venue.tasks.teams import cancel_orders_of_team, count_requirements, judge_teams
from openoutcry.venue.tasks.timers import run_timers

STEPS: Final[dict[type, Step]] = {
    EnterPhase: enter_next_phase,
    JoinSession: join_session,
    CancelOrders: cancel_orders,
    Uncross: uncross,
    RunBatch: run_batch,
    RunTimers: run_timers,
    JudgeTeams: judge_teams,
    CountRequirements: count_requirements,
    CancelOrdersOfTeam: cancel_orders_of_team,
    PullQuotes: pull_quotes,
    JudgeGroups: judge_waiting_groups,
    TakeOverPositions: take_over_positions,
    PublishMarks: publish_marks,
    TellNews: tell_headline,
    TellSignal: tell_signal,
    CancelExpired: cancel_expired,
    PayOut: pay_out,
}
"""One for each of the union `Task`."""
