"""All teams at a glance, for the organiser who watches them."""

from openoutcry.access.caller import Caller
from openoutcry.access.echoes import echo
from openoutcry.access.refusals import malformed
from openoutcry.domain.identifiers import NO_ID, parse_team_id
from openoutcry.domain.types import TeamId, TimestampUs
from openoutcry.domain.views import RegistrationView
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import TeamsQuery
from openoutcry.protocol.responses import TeamOverviewInfo, TeamsData
from openoutcry.protocol.translation.overview import overview_of
from openoutcry.runtime.exchange import Exchange


def list_teams(exchange: Exchange, _caller: Caller, query: TeamsQuery) -> Result[TeamsData]:
    """A page of the teams, in the order of their registration, with all that an organiser watches."""
    after = TeamId(NO_ID) if query.after is None else parse_team_id(query.after)
    if query.after is not None and after == NO_ID:
        raise malformed("after", f"after: must be the id of a team, such as TEAM_7, not {echo(query.after)!r}")
    queries, now = exchange.sequencer.queries, exchange.clock.now()
    teams = [_overview(exchange, team, now) for team in queries.registrations(after, query.limit)]
    omitted = max(0, queries.count_teams() - after - len(teams))
    return Result(now, TeamsData(teams, omitted, sorted(exchange.scenario.rulebook.roles)))


def _overview(exchange: Exchange, team: RegistrationView, now: TimestampUs) -> TeamOverviewInfo:
    team_id, conduct = team.team_id, exchange.conduct
    seconds = conduct.seconds_since_asked(team_id)
    return overview_of(
        team,
        exchange.sequencer.queries.account(team_id),
        exchange.scenario.rulebook.roles[team.role],
        connections=exchange.connections.count_of(team_id),
        last_seen=None if seconds is None else TimestampUs(now - round(seconds * 1_000_000)),
        refusals=conduct.refusals_of(team_id),
    )
