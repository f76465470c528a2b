"""Makes the result of a match from the exchange in which it was played."""

from collections.abc import Mapping, Sequence

from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.types import MONEY_UNITS, Money, TeamId
from openoutcry.lab.recorded.comparison import Differences
from openoutcry.lab.results.record import Record, RecordedDuties
from openoutcry.lab.results.result import BotResult, MatchResult, Tables
from openoutcry.lab.seats import Seat
from openoutcry.runtime.exchange import Exchange
from openoutcry.scoring.formula.score import Score, score
from openoutcry.scoring.scores import Scores


def result_of(
    exchange: Exchange,
    seats: Sequence[Seat],
    starting: Mapping[TeamId, Money],
    record: Record,
    *,
    seed: int,
    is_interrupted: bool,
    against: Differences | None = None,
) -> MatchResult:
    """`starting`: equity of each team before the match."""
    scenario, sequencer = exchange.scenario, exchange.sequencer
    scores = _scores(exchange)
    return MatchResult(
        scenario=scenario.name,
        seed=seed,
        date=str(sequencer.queries.day().session_date),
        is_interrupted=is_interrupted,
        bots=tuple(_bot(exchange, seat, starting[seat.team_id], record, scores.get(seat.team_id)) for seat in seats),
        sequence=sequencer.last_sequence,
        state_hash=sequencer.state_hash(),
        journal_hash=record.hash,
        against=against,
        tables=Tables(
            time_zone=scenario.time_zone,
            names={seat.team_id: seat.name for seat in seats},
            tick_sizes={each.instrument_id: each.tick_size for each in sequencer.queries.instruments()},
            symbols=record.symbols,
            fills=tuple(record.fills),
            orders=tuple(record.orders.values()),
            equity=tuple(record.equity),
            prices=tuple(record.prices),
        ),
    )


def _scores(exchange: Exchange) -> dict[TeamId, Score]:
    """Of all teams. Empty if the scenario is not scored."""
    rules, scores = exchange.scenario.scoring, exchange.projections.running(Scores)
    if rules is None or scores is None:
        return {}
    return {each.entry.team_id: each for each in score(scores.entries(), rules)}


def _bot(
    exchange: Exchange,
    seat: Seat,
    starting: Money,
    record: Record,
    found: Score | None,
) -> BotResult:
    account, counts = exchange.sequencer.queries.account(seat.team_id), seat.lived.counts
    duties = record.duties.get(seat.team_id) or RecordedDuties({})
    return BotResult(
        name=seat.name,
        team_id=format_team_id(seat.team_id),
        role=seat.role,
        pnl=(account.equity - starting) / MONEY_UNITS,
        fees=account.fees_paid / MONEY_UNITS,
        summary=seat.summary(),
        score=found,
        messages=counts.messages,
        asked=counts.asked,
        breaches={str(duty): number for duty, number in duties.breaches.items()},
        highest_level=duties.highest_level,
        tracebacks=tuple(counts.tracebacks),
        stop_reason=seat.stop_reason,
    )
