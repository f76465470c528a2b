"""What a bot has come to: the same after a live run and after a simulation."""

from collections.abc import Mapping, Sized
from typing import Protocol

from msgspec import Struct

from openoutcry.client.bot.counts import Counts
from openoutcry.protocol.responses import AccountInfo, DutyInfo, PnlData, PnlInfo, ScoreData, TeamScoreInfo


class Lived(Protocol):
    """What a run leaves, as `Run` does."""

    @property
    def counts(self) -> Counts: ...
    @property
    def account(self) -> AccountInfo: ...
    @property
    def positions(self) -> Mapping[str, int]: ...
    @property
    def orders(self) -> Sized: ...


class BotSummary(Struct, kw_only=True):
    """Money in currency. `fills`, `contracts`, `refusals` and `failures` are of this run of the bot; the rest is the
    team's, in the session.
    """

    team: str
    role: str
    ended: str
    """Why it has ended."""
    pnl: float | None
    """After fees, with open positions at their marks. None if the exchange does not answer any more."""
    explained: PnlInfo | None
    """What it came from; None where the scenario keeps no score."""
    fills: int
    contracts: int
    refusals: dict[str, int]
    """By code."""
    failures: int
    """How often a handler raised."""
    duties: list[DutyInfo]
    sanctions: int
    """The level of sanctions: 0 none."""
    open_orders: int
    positions: dict[str, int]
    """Those that are not 0."""
    score: TeamScoreInfo | None
    """None where the scenario keeps no score, and before there is one."""
    is_final: bool
    """Whether the score changes no more."""


def summary_of(
    run: Lived,
    ended: str,
    account: AccountInfo | None,
    pnl: PnlData | None,
    score: ScoreData | None,
    positions: dict[str, int] | None = None,
) -> BotSummary:
    """From what the run has counted and what the exchange tells of the team: `GET /account`, `/account/pnl` and
    `/account/score`. They are None where it does not answer, and the latter two where the scenario keeps no score.
    `positions`: None takes those that the bot has seen.
    """
    counts = run.counts
    held = run.positions if positions is None else positions
    earned = None
    if pnl is not None:
        earned = pnl.total.pnl
    elif account is not None:
        earned = account.realized_pnl + account.unrealized_pnl - account.fees_paid
    return BotSummary(
        team=run.account.team_name,
        role=run.account.role,
        ended=ended,
        pnl=earned,
        explained=None if pnl is None else pnl.total,
        fills=counts.fills,
        contracts=counts.contracts,
        refusals=dict(counts.refusals.most_common()),
        failures=counts.failures,
        duties=[] if account is None else account.duties,
        sanctions=0 if account is None else account.sanctions.level,
        open_orders=len(run.orders) if account is None else account.open_orders,
        positions={name: position for name, position in held.items() if position},
        score=None if score is None else score.score,
        is_final=score is not None and score.final,
    )
