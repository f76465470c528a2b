"""The newest standings with their scores, as they are written on the wire: for the channel and for queries."""

from typing import Any, Final, get_type_hints

from msgspec import structs

from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import MONEY_UNITS, Money, TeamId, TimestampUs
from openoutcry.protocol import stream
from openoutcry.protocol.responses import (
    ComponentInfo,
    ExclusionInfo,
    LeaderboardData,
    ScoreData,
    ScoreInputs,
    TeamScoreInfo,
)
from openoutcry.protocol.timestamps import format_market_time, format_timestamp
from openoutcry.scoring.board import Board, Standings
from openoutcry.scoring.entry import Entry
from openoutcry.scoring.formula.score import Score, ranking, score
from openoutcry.scoring.surveillance.finding import Exclusion

PROJECTION: Final = "scores"
"""The name of the projection that keeps the board."""

_MONEY: Final = frozenset(name for name, kind in get_type_hints(Entry).items() if kind is Money)
"""Inputs that are money."""


class Leaderboard:
    """Points are worked out when somebody asks for them, once for all who do."""

    def __init__(self, board: Board, rules: ScoringRules) -> None:
        self.is_shown: Final = rules.board.shown
        """Whether everybody may see it."""
        self._board: Final = board
        self._rules: Final = rules
        self._worked_out = 0
        """The number of the standings that `_newest` and `_scores` are about."""
        self._newest = _NOTHING
        self._scores: dict[TeamId, Score] = {}

    @property
    def number(self) -> int:
        """One more with all that is shown anew; 0: nothing yet."""
        return self._board.number

    def data(self) -> LeaderboardData:
        self._work_out()
        return self._newest

    def message(self, time: TimestampUs) -> stream.Leaderboard | None:
        """None: there is nothing to show yet."""
        data = self.data()
        if data.as_of is None or data.session_date is None:
            return None
        return stream.Leaderboard(
            as_of=data.as_of,
            session_date=data.session_date,
            frozen=data.frozen,
            final=data.final,
            teams=data.teams,
            exclusions=data.exclusions,
            timestamp=format_timestamp(time),
        )

    def of_team(self, team_id: TeamId) -> ScoreData:
        self._work_out()
        own, newest = self._scores.get(team_id), self._newest
        return ScoreData(
            as_of=newest.as_of,
            session_date=newest.session_date,
            frozen=newest.frozen,
            final=newest.final,
            score=None if own is None else _team_score(own),
            inputs=None if own is None else _inputs(own.entry),
        )

    def _work_out(self) -> None:
        shown = self._board.shown
        if shown is not None and self._worked_out != self.number:
            scores = score(shown.entries, self._rules)
            self._scores = {each.entry.team_id: each for each in scores}
            self._newest = _leaderboard(shown, ranking(scores, self._rules))
            self._worked_out = self.number


_NOTHING: Final = LeaderboardData(as_of=None, session_date=None, frozen=False, final=False, teams=[], exclusions=[])


def _leaderboard(standings: Standings, scores: list[Score]) -> LeaderboardData:
    return LeaderboardData(
        as_of=format_market_time(standings.as_of, standings.utc_offset),
        session_date=standings.session_date,
        frozen=standings.is_frozen,
        final=standings.is_final,
        teams=[_team_score(each) if standings.is_final else _standing(each) for each in scores],
        exclusions=[_exclusion(each) for each in standings.exclusions],
    )


def _team_score(score: Score) -> TeamScoreInfo:
    entry = score.entry
    return TeamScoreInfo(
        rank=score.rank,
        team_id=format_team_id(entry.team_id),
        team_name=entry.team_name,
        role=entry.role,
        score=score.total,
        pnl=entry.pnl / MONEY_UNITS,
        role_points=score.role_points,
        compliance=score.compliance,
        risk=score.risk,
        components=[
            ComponentInfo(
                name=each.name,
                section=each.section,
                value=each.value,
                share=each.share,
                points=each.points,
                of=each.of,
            )
            for each in score.components
        ],
        inactive=score.inactive,
        excluded_trades=entry.excluded_trades,
        excluded_value=entry.excluded_value / MONEY_UNITS,
    )


def _standing(score: Score) -> TeamScoreInfo:
    """Without what the score is made of: from another's `shift`, or its points for the role, a watcher would learn the
    regime of volatility, which is secret.
    """
    return structs.replace(_team_score(score), role_points=None, compliance=None, risk=None, components=[])


def _exclusion(exclusion: Exclusion) -> ExclusionInfo:
    return ExclusionInfo(
        teams=[format_team_id(team_id) for team_id in exclusion.teams],
        kinds=list(exclusion.kinds),
        trades=exclusion.trades,
        contracts=exclusion.contracts,
        value=abs(exclusion.value) / MONEY_UNITS,
    )


def _inputs(entry: Entry) -> ScoreInputs:
    inputs: dict[str, Any] = {name: getattr(entry, name) for name in ScoreInputs.__struct_fields__}
    return ScoreInputs(**{name: value / MONEY_UNITS if name in _MONEY else value for name, value in inputs.items()})
