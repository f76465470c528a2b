"""The organiser puts a team on the ladder of sanctions, or takes it off."""

from typing import Any, Final

from openoutcry.domain.commands import Pardon, Sanction
from openoutcry.domain.day.duties import REDUCE_ONLY_LEVEL
from openoutcry.domain.reasons import ErrorCode, Reject, Verdict
from openoutcry.venue.duties import ladder
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.handlers.teams import no_such_team
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.venue import VenueState
from openoutcry.venue.tasks.slices import work_off


def judge_sanction(state: VenueState, command: Sanction) -> Verdict:
    if not 1 <= command.level <= REDUCE_ONLY_LEVEL:
        return Reject(
            ErrorCode.MALFORMED_REQUEST,
            f"A level of sanctions is from 1 to {REDUCE_ONLY_LEVEL}, not {command.level}; a pardon ends them",
            {"field": "level", "minimum": 1, "maximum": REDUCE_ONLY_LEVEL},
        )
    return judge_pardon(state, command)


def judge_pardon(state: VenueState, command: Sanction | Pardon) -> Verdict:
    """Whether there is such a team, and the scenario has sanctions for it."""
    team = state.find_team(command.team_id)
    if team is None:
        return no_such_team()
    if team.standing is None or state.rulebook.game.sanctions is None:
        return Reject(
            ErrorCode.ROLE_NOT_PERMITTED,
            "The scenario has no sanctions for this team; suspending it stops it from trading",
            {"role": team.role},
        )
    return ACCEPTED


def sanction(state: VenueState, outcome: Outcome, command: Sanction) -> None:
    team = state.team(command.team_id)
    assert team.standing is not None, "judged so"  # noqa: S101
    task = ladder.put_at(state, outcome, team, team.standing, command.level)
    if task is not None:
        state.day.begin_last(task)
        work_off(state, outcome)


def pardon(state: VenueState, outcome: Outcome, command: Pardon) -> None:
    """Nothing that was found before counts any more."""
    team = state.team(command.team_id)
    assert team.standing is not None, "judged so"  # noqa: S101
    ladder.put_at(state, outcome, team, team.standing, 0)


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(Sanction, judge_sanction, sanction),
    Handler(Pardon, judge_pardon, pardon),
)
