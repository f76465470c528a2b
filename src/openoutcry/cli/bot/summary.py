"""What bots have come to, as a table: after a live run and after a simulation."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console

from openoutcry.cli.demonstration.tables import Column
from openoutcry.cli.score.tables import money, points, show_table
from openoutcry.client.bot.summary import BotSummary
from openoutcry.protocol.responses import DutyInfo, PnlInfo

_PARTS: Final = tuple(name for name in PnlInfo.__struct_fields__ if name != "pnl")
_FINER: Final = frozenset({"gamma", "theta", "vega", "settlement", "rest"})
"""Parts that go first where there is no room."""
_POSITIONS_SHOWN: Final = 10


def show_summaries(console: Console, summaries: Sequence[BotSummary]) -> None:
    """A row for each bot, and below it what has no place in a table."""
    show_table(console, list(_columns(summaries)))
    for each in summaries:
        console.print()
        if len(summaries) > 1:
            console.print(f"team      {each.team}")
        for line in _lines(each):
            console.print(line)


def _columns(summaries: Sequence[BotSummary]) -> Iterator[Column]:
    def numbers(heading: str, cells: list[str], rank: int = 0) -> Column:
        return Column(heading=heading, cells=cells, rank=rank)

    yield Column(heading="team", cells=[each.team for each in summaries], is_number=False)
    yield Column(heading="role", cells=[each.role for each in summaries], is_number=False, rank=1)
    yield numbers("P&L", ["-" if each.pnl is None else money(each.pnl) for each in summaries])
    if any(each.explained is not None for each in summaries):
        for part in _PARTS:
            cells = ["-" if each.explained is None else money(getattr(each.explained, part)) for each in summaries]
            yield numbers(part, cells, rank=3 if part in _FINER else 2)
    yield numbers("fills", [f"{each.fills:,}" for each in summaries])
    yield numbers("contracts", [f"{each.contracts:,}" for each in summaries], rank=1)
    yield numbers("refused", [f"{sum(each.refusals.values()):,}" for each in summaries])
    if any(each.failures for each in summaries):
        yield numbers("failures", [f"{each.failures:,}" for each in summaries])
    if any(each.score is not None for each in summaries):
        yield numbers("score/70", ["-" if each.score is None else points(each.score.score) for each in summaries])


def _lines(summary: BotSummary) -> Iterator[str]:
    yield f"ended     {summary.ended}"
    if summary.refusals:
        yield f"refused   {', '.join(f'{code} {number:,}' for code, number in summary.refusals.items())}"
    for duty in summary.duties:
        yield f"duty      {_duty(duty)}"
    if summary.sanctions:
        yield f"sanctions level {summary.sanctions}"
    if summary.positions:
        shown = [f"{name} {position:+,}" for name, position in list(summary.positions.items())[:_POSITIONS_SHOWN]]
        omitted = len(summary.positions) - len(shown)
        yield f"position  {', '.join(shown)}{f', and {omitted} more' if omitted else ''}"
    if summary.open_orders:
        yield f"orders    {summary.open_orders} are still open"
    score = summary.score
    if score is not None and score.inactive is not None:
        yield f"score     inactive: {score.inactive}"
    elif score is not None:
        yield f"score     rank {score.rank} as {summary.role}{'' if summary.is_final else ', so far'}"


def _duty(duty: DutyInfo) -> str:
    measured = "" if duty.measured is None else f", {duty.measured:g} where {duty.required:g} is required"
    return f"{duty.duty.replace('_', ' ')}: {duty.state.replace('_', ' ')}{measured}"
