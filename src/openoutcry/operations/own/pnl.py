"""The query of a team's own P&L explained."""

from msgspec import structs

from openoutcry.access.caller import Caller
from openoutcry.access.echoes import echo
from openoutcry.access.refusals import not_found
from openoutcry.domain.reasons import ErrorCode
from openoutcry.domain.types import MONEY_UNITS, InstrumentId
from openoutcry.operations.leaderboard import scores_of
from openoutcry.operations.result import Result
from openoutcry.protocol.queries import PnlQuery
from openoutcry.protocol.responses import HourPnlInfo, InstrumentPnlInfo, PnlData, PnlInfo
from openoutcry.protocol.timestamps import format_market_time
from openoutcry.runtime.exchange import Exchange


def show_pnl(exchange: Exchange, caller: Caller, query: PnlQuery) -> Result[PnlData]:
    """As of now. Raises as `scores_of`; `Refused` (404) for an instrument that the session does not have."""
    scores_of(exchange)
    # Only where there are scores: numpy takes long.
    from openoutcry.scoring.match.explained import ExplainedPnl  # noqa: PLC0415
    from openoutcry.scoring.scores import Scores  # noqa: PLC0415

    scores = exchange.projections.running(Scores)
    assert scores is not None, "there are scores"  # noqa: S101
    asked = query.instrument_id
    explained = scores.explained(caller.team_id, None if asked is None else InstrumentId(asked))
    if explained is None:
        named = echo(asked or "")
        raise not_found(
            ErrorCode.INVALID_INSTRUMENT,
            f"The session has no instrument {named!r}; GET /instruments lists all",
            instrument_id=named,
        )

    def shown(pnl: ExplainedPnl) -> dict[str, float]:
        return {name: money / MONEY_UNITS for name, money in structs.asdict(pnl).items()}

    session = scores.match.session
    if not session.number:
        return Result(
            exchange.clock.now(),
            PnlData(as_of=None, session_date=None, total=PnlInfo(**shown(explained.total)), instruments=[], hours=[]),
        )
    data = PnlData(
        as_of=format_market_time(session.market_time, session.utc_offset),
        session_date=session.date,
        total=PnlInfo(**shown(explained.total)),
        instruments=[
            InstrumentPnlInfo(instrument_id=instrument_id, **shown(pnl))
            for instrument_id, pnl in explained.instruments.items()
        ],
        hours=[
            HourPnlInfo(begins_at=format_market_time(begins_at, session.utc_offset), **shown(pnl))
            for begins_at, pnl in explained.hours.items()
        ],
    )
    return Result(exchange.clock.now(), data)
