"""Makes the document: the matches that were chosen, scored together."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from openoutcry.cli.score.document import (
    FORMAT,
    ComponentDocument,
    ExclusionDocument,
    ExplainedDocument,
    FindingDocument,
    MatchDocument,
    PnlDocument,
    RoundDocument,
    ScoreDocument,
    TeamDocument,
)
from openoutcry.domain.identifiers import format_team_id, format_trade_id
from openoutcry.domain.rulebook import RULEBOOK_VERSION
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.types import MONEY_UNITS, MarketTime
from openoutcry.protocol.timestamps import format_market_time
from openoutcry.scenarios.model import Scenario
from openoutcry.scoring.formula.component import UNITS
from openoutcry.scoring.formula.confidence import Estimate
from openoutcry.scoring.formula.round import Neighbours, Ranking, TeamResult, round_of
from openoutcry.scoring.formula.score import Score, ranking
from openoutcry.scoring.match.explained import Explained, ExplainedPnl
from openoutcry.scoring.matches import PlayedMatch
from openoutcry.scoring.surveillance.finding import Exclusion, Finding

DIGITS = 6
"""Of points, shares and what else is no money."""


class ChosenMatch(NamedTuple):
    directory: Path
    match: PlayedMatch


def document_of(scenario: Scenario, rules: ScoringRules, chosen: Sequence[ChosenMatch]) -> ScoreDocument:
    """Of at least one match."""
    entries = [each.match.entries for each in chosen]
    worlds = [each.match.world_digest or str(each) for each in chosen]
    together = round_of(entries, rules, worlds)
    return ScoreDocument(
        format=FORMAT,
        scenario=scenario.name,
        scenario_hash=scenario.hash,
        rulebook_version=RULEBOOK_VERSION,
        rules=rules,
        matches=tuple(
            _match(each, ranking(scores, rules)) for each, scores in zip(chosen, together.scores, strict=True)
        ),
        round=None
        if len(chosen) == 1
        else RoundDocument(
            matches=together.matches,
            seeds=together.seeds,
            rotated=together.is_rotated,
            basis=together.basis,
            rankings=tuple(map(_ranking, together.rankings)),
        ),
    )


# ---- a match --------------------------------------------------------------------------------------------------------


def _match(chosen: ChosenMatch, scores: Sequence[Score]) -> MatchDocument:
    match = chosen.match
    return MatchDocument(
        directory=str(chosen.directory),
        session=match.session,
        date=match.date,
        as_of=format_market_time(match.as_of, match.utc_offset),
        over=match.is_over,
        seed=match.seed,
        teams=tuple(_team(each, match) for each in scores),
        findings=tuple(_finding(each, match.utc_offset) for each in match.findings),
        exclusions=tuple(map(_exclusion, match.exclusions)),
    )


def _team(score: Score, match: PlayedMatch) -> TeamDocument:
    entry = score.entry
    explained = match.explained.get(entry.team_id)
    inputs = {name: value for name, value in structs.asdict(entry).items() if name not in _NAMES}
    return TeamDocument(
        rank=score.rank,
        team_id=format_team_id(entry.team_id),
        team_name=entry.team_name,
        role=entry.role,
        owner=entry.owner,
        pnl=entry.pnl / MONEY_UNITS,
        role_points=_rounded(score.role_points),
        compliance=_rounded(score.compliance),
        risk=_rounded(score.risk),
        total=_rounded(score.total),
        inactive=score.inactive,
        excluded_trades=entry.excluded_trades,
        excluded_value=entry.excluded_value / MONEY_UNITS,
        components=tuple(
            ComponentDocument(
                name=each.name,
                section=each.section,
                unit=UNITS[each.name],
                value=_rounded(each.value),
                share=_rounded(each.share),
                points=_rounded(each.points),
                of=each.of,
            )
            for each in score.components
        ),
        inputs=inputs,
        explained=None if explained is None else _explained(explained, match.utc_offset),
    )


_NAMES = frozenset({"team_id", "team_name", "role", "owner"})
"""Fields of an entry that are no inputs."""


def _explained(explained: Explained, utc_offset: int) -> ExplainedDocument:
    return ExplainedDocument(
        total=_pnl(explained.total),
        instruments={str(name): _pnl(pnl) for name, pnl in explained.instruments.items()},
        hours={format_market_time(MarketTime(at), utc_offset): _pnl(pnl) for at, pnl in explained.hours.items()},
    )


def _pnl(pnl: ExplainedPnl) -> PnlDocument:
    return PnlDocument(**{name: value / MONEY_UNITS for name, value in structs.asdict(pnl).items()})


def _finding(finding: Finding, utc_offset: int) -> FindingDocument:
    return FindingDocument(
        kind=finding.kind,
        text=finding.text,
        owners=finding.owners,
        teams=tuple(map(format_team_id, finding.teams)),
        measure=finding.measure,
        threshold=finding.threshold,
        unit=finding.unit,
        since=format_market_time(finding.since, utc_offset),
        until=format_market_time(finding.until, utc_offset),
        trades=tuple(map(format_trade_id, finding.trades)),
        trade_count=finding.trade_count,
        commands=tuple(finding.commands),
        command_count=finding.command_count,
        excludes=finding.excludes,
    )


def _exclusion(exclusion: Exclusion) -> ExclusionDocument:
    return ExclusionDocument(
        owners=exclusion.owners,
        teams=tuple(map(format_team_id, exclusion.teams)),
        kinds=exclusion.kinds,
        trades=exclusion.trades,
        contracts=exclusion.contracts,
        value=exclusion.value / MONEY_UNITS,
    )


# ---- a round --------------------------------------------------------------------------------------------------------


def _ranking(found: Ranking) -> Ranking:
    return Ranking(
        role=found.role, teams=tuple(map(_result, found.teams)), neighbours=tuple(map(_neighbours, found.neighbours))
    )


def _result(result: TeamResult) -> TeamResult:
    return structs.replace(
        result,
        total=_estimate(result.total),
        role_points=_rounded(result.role_points),
        compliance=_rounded(result.compliance),
        risk=_rounded(result.risk),
    )


def _neighbours(pair: Neighbours) -> Neighbours:
    return structs.replace(
        pair,
        lead=None if pair.lead is None else _estimate(pair.lead),
        p_value=_if_known(pair.p_value),
    )


def _estimate(estimate: Estimate) -> Estimate:
    return Estimate(
        mean=_rounded(estimate.mean),
        standard_error=_if_known(estimate.standard_error),
        low=_if_known(estimate.low),
        high=_if_known(estimate.high),
    )


def _if_known(number: float | None) -> float | None:
    return None if number is None else _rounded(number)


def _rounded(number: float) -> float:
    """With the digits of the document; never a 0 with a sign."""
    return round(number, DIGITS) + 0.0
