"""What surveillance has found."""

from typing import TYPE_CHECKING, Final

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import not_found
from openoutcry.domain.identifiers import format_team_id, format_trade_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.operations.result import Result
from openoutcry.protocol.responses import ExcludedPairInfo, FindingInfo, SurveillanceData
from openoutcry.protocol.timestamps import format_market_time
from openoutcry.runtime.exchange import Exchange
from openoutcry.runtime.sequencing.unavailable import Unavailable

if TYPE_CHECKING:
    from openoutcry.scoring.surveillance.finding import Exclusion, Finding

_PPM_OF_PERCENT: Final = 10_000


def list_findings(exchange: Exchange, _caller: Caller) -> Result[SurveillanceData]:
    """Raises `Refused` (404) if the scenario is not scored, `Unavailable` if the scores failed and were dropped."""
    if exchange.scenario.scoring is None:
        raise not_found(ErrorCode.NO_SCORES, "Nothing is watched in this scenario: its file has no [scoring]")
    from openoutcry.scoring.scores import Scores  # noqa: PLC0415 - numpy takes long, and most scenarios don't need it

    scores = exchange.projections.running(Scores)
    if scores is None:
        raise Unavailable("The scores failed and were dropped")
    session, watch = scores.match.session, scores.watch
    findings = [_finding(each, session.utc_offset) for each in watch.findings()]
    exclusions = [_excluded(each) for each in watch.exclusions()]
    data = SurveillanceData(session_date=session.date or None, findings=findings, exclusions=exclusions)
    return Result(exchange.clock.now(), data)


def _finding(finding: "Finding", utc_offset: int) -> FindingInfo:
    is_share = finding.unit == "ppm"
    of_unit = _PPM_OF_PERCENT if is_share else 1
    return FindingInfo(
        kind=finding.kind,
        owners=list(finding.owners),
        teams=[format_team_id(team_id) for team_id in finding.teams],
        measure=finding.measure / of_unit,
        threshold=finding.threshold / of_unit,
        unit="percent" if is_share else finding.unit,
        since=format_market_time(finding.since, utc_offset),
        until=format_market_time(finding.until, utc_offset),
        trades=[format_trade_id(trade_id) for trade_id in finding.trades],
        trade_count=finding.trade_count,
        commands=list(finding.commands),
        command_count=finding.command_count,
        excludes=finding.excludes,
        text=finding.text,
    )


def _excluded(exclusion: "Exclusion") -> ExcludedPairInfo:
    return ExcludedPairInfo(
        owners=list(exclusion.owners),
        teams=[format_team_id(team_id) for team_id in exclusion.teams],
        kinds=list(exclusion.kinds),
        trades=exclusion.trades,
        contracts=exclusion.contracts,
        value=exclusion.value / MONEY_UNITS,
    )
