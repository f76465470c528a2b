"""What came of a match: of each bot, of the exchange, and in tables."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from openoutcry.client.bot.summary import BotSummary
from openoutcry.lab.recorded.comparison import Differences
from openoutcry.lab.results.extra import require_polars
from openoutcry.lab.results.record import RecordedFill, RecordedOrder
from openoutcry.scoring.formula.score import Score

if TYPE_CHECKING:
    import polars as pl


class BotResult(Struct, frozen=True, kw_only=True):
    """Of one bot. Money is in currency."""

    name: str
    team_id: str
    role: str
    pnl: float
    """Equity at the last marks, less what it began with; fees are in it."""
    fees: float
    """That it has paid."""
    summary: BotSummary
    """As a live run tells it."""
    score: Score | None
    """As `openoutcry score` makes it. None: the scenario is not scored."""
    messages: int
    """That the bot got."""
    asked: int
    """Requests that it made."""
    breaches: dict[str, int]
    """How often it came to breach each duty."""
    highest_level: int
    """Of sanctions."""
    tracebacks: tuple[str, ...]
    """Of the first failures of its handlers."""
    stop_reason: str | None
    """Why it ended before the match did. None: it did not."""

    @property
    def explained(self) -> dict[str, float] | None:
        """Where the P&L comes from: `delta`, `gamma`, `theta`, `vega`, `edge`, `fees`, `settlement`, `rest`, which sum
        to it. None: the scenario is not scored.
        """
        parts = self.summary.explained
        return None if parts is None else {name: at for name, at in structs.asdict(parts).items() if name != "pnl"}

    @property
    def fills(self) -> int:
        return self.summary.fills

    @property
    def contracts(self) -> int:
        """Traded, or lots."""
        return self.summary.contracts

    @property
    def refusals(self) -> dict[str, int]:
        """By code."""
        return self.summary.refusals

    @property
    def failures(self) -> int:
        """How often a handler raised."""
        return self.summary.failures


class Tables(Struct, frozen=True, kw_only=True):
    """What the frames are made of, in the exchange's units."""

    time_zone: str
    names: dict[int, str]
    """Of teams, by their ids."""
    tick_sizes: dict[str, int]
    symbols: tuple[str, ...]
    fills: tuple[RecordedFill, ...]
    orders: tuple[RecordedOrder, ...]
    equity: tuple[tuple[int, tuple[int, ...]], ...]
    prices: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class MatchResult:
    """The frames need polars, from the extra `[lab]`; without it they raise `PolarsMissing`."""

    scenario: str
    seed: int
    date: str
    """ISO date of the session."""
    is_interrupted: bool
    """Whether it was ended before the close."""
    bots: tuple[BotResult, ...]
    """In the order in which they were given."""
    sequence: int
    """How many commands there were."""
    state_hash: str
    journal_hash: str
    """SHA-256 of all commands with their times and verdicts: the same for every match that went the same way."""
    tables: Tables
    against: Differences | None = None
    """Of a match against a recording: what came otherwise there. None: it was none."""

    def __repr__(self) -> str:
        """One line, such as `<MatchResult intern 2024-03-14 seed 7: Maker +1,204.50, Taker -310.00>`."""
        bots = ", ".join(f"{bot.name} {bot.pnl:+,.2f}" for bot in self.bots)
        ended = " interrupted" if self.is_interrupted else ""
        return f"<MatchResult {self.scenario} {self.date} seed {self.seed}{ended}: {bots or 'no bots'}>"

    def __getitem__(self, name: str) -> BotResult:
        """The bot of this name. Raises `KeyError`."""
        for bot in self.bots:
            if bot.name == name:
                return bot
        raise KeyError(f"no bot {name!r} has played: there are {', '.join(bot.name for bot in self.bots)}")

    @cached_property
    def fills(self) -> "pl.DataFrame":
        """Each fill of a bot: when, who, what, at what price, and its fees."""
        require_polars()
        from openoutcry.lab.results.frames import fills_of  # noqa: PLC0415 - polars is an extra

        return fills_of(self.tables)

    @cached_property
    def orders(self) -> "pl.DataFrame":
        """Each order that a bot submitted and the exchange accepted, with what became of it. Quotes are none."""
        require_polars()
        from openoutcry.lab.results.frames import orders_of  # noqa: PLC0415 - polars is an extra

        return orders_of(self.tables)

    @cached_property
    def equity(self) -> "pl.DataFrame":
        """Equity and P&L of each bot at each market minute."""
        require_polars()
        from openoutcry.lab.results.frames import equity_of  # noqa: PLC0415 - polars is an extra

        return equity_of(self.tables)

    @cached_property
    def prices(self) -> "pl.DataFrame":
        """The underlyings at each market second, a column each."""
        require_polars()
        from openoutcry.lab.results.frames import prices_of  # noqa: PLC0415 - polars is an extra

        return prices_of(self.tables)

    @cached_property
    def scores(self) -> "pl.DataFrame":
        """Each component of each bot's score. Empty if the scenario is not scored."""
        require_polars()
        from openoutcry.lab.results.frames import scores_of  # noqa: PLC0415 - polars is an extra

        return scores_of(self.bots)
