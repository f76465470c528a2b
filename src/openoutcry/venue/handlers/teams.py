"""Teams: register one, give it a new key, suspend and reinstate it."""

from typing import Any, Final

from openoutcry.domain.commands import NO_KEY, RegisterTeam, ReinstateTeam, RotateKey, SuspendTeam
from openoutcry.domain.events import TeamKeyRotated, TeamRegistered, TeamReinstated, TeamSuspended
from openoutcry.domain.reasons import Accepted, CancelReason, ErrorCode, Reject, Verdict
from openoutcry.domain.types import TeamId
from openoutcry.venue import execution
from openoutcry.venue.handlers.handler import ACCEPTED, Handler
from openoutcry.venue.outcome import Outcome
from openoutcry.venue.state.team import Team
from openoutcry.venue.state.venue import VenueState


def judge_registration(state: VenueState, command: RegisterTeam) -> Verdict:
    if command.role not in state.rulebook.roles:
        return Reject(
            ErrorCode.ROLE_NOT_PERMITTED,
            f"There is no role {command.role!r}",
            {"role": command.role, "allowed": sorted(state.rulebook.roles)},
        )
    if command.team_name in state.team_of_name:
        return Reject(
            ErrorCode.DUPLICATE_TEAM_NAME,
            f"A team named {command.team_name!r} is registered already; choose another name",
            {"team_name": command.team_name},
        )
    if len(state.teams) >= state.max_teams:
        return Reject(
            ErrorCode.TEAM_LIMIT,
            f"The exchange takes at most {state.max_teams} teams, and has that many; nobody can register any more",
            {"limit": state.max_teams},
        )
    if command.key_hash in state.team_of_key:
        return _unusable_key()
    return Accepted(len(state.teams) + 1)


def register(state: VenueState, outcome: Outcome, command: RegisterTeam) -> None:
    team_id = TeamId(len(state.teams) + 1)
    # An owner goes by the id of its first team; a team that names no owner is its own.
    owner = team_id if command.owner is None else state.owners.setdefault(command.owner, team_id)
    rules = state.rulebook.roles[command.role]
    team = Team(team_id, command.team_name, command.role, rules, owner, command.key_hash, state.rulebook.history)
    team.nonce = command.nonce
    state.add_team(team)
    outcome.told(TeamRegistered(team_id, team.name, team.role))


def judge_team(state: VenueState, command: SuspendTeam | ReinstateTeam) -> Verdict:
    """Whether there is such a team."""
    return no_such_team() if state.find_team(command.team_id) is None else ACCEPTED


def judge_key(state: VenueState, command: RotateKey) -> Verdict:
    """Whether there is such a team, and it has a key, and may have this one."""
    team = state.find_team(command.team_id)
    if team is None:
        return no_such_team()
    if not team.has_key:
        return Reject(ErrorCode.TEAM_NOT_FOUND, "This team has no key, and gets none: the exchange itself acts for it")
    if command.key_hash == NO_KEY or state.team_of_key.get(command.key_hash) not in (None, team):
        return _unusable_key()
    return ACCEPTED


def no_such_team() -> Reject:
    return Reject(ErrorCode.TEAM_NOT_FOUND, "There is no such team; GET /admin/teams lists those there are")


def _unusable_key() -> Reject:
    return Reject(ErrorCode.MALFORMED_REQUEST, "This key is another team's, or none; make a new one")


def rotate_key(state: VenueState, outcome: Outcome, command: RotateKey) -> None:
    team = state.team(command.team_id)
    del state.team_of_key[team.key_hash]
    team.key_hash = command.key_hash
    state.team_of_key[team.key_hash] = team
    outcome.told(TeamKeyRotated(team.team_id))


def suspend(state: VenueState, outcome: Outcome, command: SuspendTeam) -> None:
    team = state.team(command.team_id)
    team.suspended = True
    execution.cancel_all_in_time(state, outcome, team, CancelReason.TEAM_SUSPENDED)
    outcome.told(TeamSuspended(team.team_id))


def reinstate(state: VenueState, outcome: Outcome, command: ReinstateTeam) -> None:
    state.team(command.team_id).suspended = False
    outcome.told(TeamReinstated(command.team_id))


HANDLERS: Final[tuple[Handler[Any], ...]] = (
    Handler(RegisterTeam, judge_registration, register),
    Handler(RotateKey, judge_key, rotate_key),
    Handler(SuspendTeam, judge_team, suspend),
    Handler(ReinstateTeam, judge_team, reinstate),
)
