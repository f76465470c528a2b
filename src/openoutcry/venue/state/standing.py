"""How a team stands with the rules of the game: its duties as they were last found, and its level of sanctions."""

from collections import deque

from openoutcry.domain.day.duties import DUTY_UNITS, REDUCE_ONLY_LEVEL, Duty, DutyState
from openoutcry.domain.day.game_rules import CoverageRules, RoleDuties
from openoutcry.domain.types import MarketTime


class DutyRecord:
    """One duty of a team. Seconds are market seconds; `measured` and `required` have `DUTY_UNITS`."""

    __slots__ = ("duty", "measured", "outside_seconds", "required", "since", "state")

    def __init__(self, duty: Duty, required: int) -> None:
        self.duty: Duty = duty
        self.required = required
        self.state: DutyState = "exempt"
        self.measured: int | None = None
        self.since: MarketTime | None = None
        """When the state began; None before the first second that was looked at."""
        self.outside_seconds = 0
        """How many in a row it has been breached. Those that are exempt neither add to them nor end them."""


class Standing:
    """What is counted of a team from second to second, and what came of it."""

    __slots__ = (
        "barred_session",
        "clean_seconds",
        "duties",
        "excused",
        "is_short",
        "level",
        "level_seconds",
        "level_since",
        "rules",
        "shares",
    )

    def __init__(self, rules: RoleDuties) -> None:
        self.rules = rules
        self.duties: tuple[DutyRecord, ...] = _records(rules)
        self.level = 0
        self.level_since: MarketTime | None = None
        """When the level was last changed."""
        self.level_seconds = 0
        """For how long the team has been at its level."""
        self.clean_seconds = 0
        """For how long no second was outside a duty."""
        self.is_short = False
        """Whether equity did not cover what it must, at the last mark."""
        self.barred_session: int | None = None
        """The trading session in which equity fell below 0, last: in it, the team enters no more orders."""
        self.shares: deque[tuple[int, int]] = deque(maxlen=_samples_kept(rules.coverage))
        """Of each sample of the window: how many options were covered, of how many that counted."""

        self.excused: deque[tuple[MarketTime, int]] = deque()
        """Stretches in which protection had frozen quotes and no coverage was asked for: their end and their length."""

    @property
    def is_reduce_only(self) -> bool:
        """Whether the team may only make its positions smaller."""
        return self.is_short or self.level == REDUCE_ONLY_LEVEL

    def is_barred_in(self, trading_session: int) -> bool:
        """Whether the team enters no more orders."""
        return self.barred_session == trading_session

    def begin_anew(self) -> None:
        """Nothing counts any more of what was found of its duties."""
        self.shares.clear()
        for record in self.duties:
            record.outside_seconds = 0


def _records(rules: RoleDuties) -> tuple[DutyRecord, ...]:
    records: list[DutyRecord] = []
    if rules.coverage is not None:
        records.append(DutyRecord("quote_coverage", rules.coverage.required_ppm))
    if rules.delta is not None:
        records.append(DutyRecord("portfolio_delta", rules.delta.limit * DUTY_UNITS))
    if rules.balance is not None:
        records.append(DutyRecord("spx_spy_balance", rules.balance.tolerance_ppm))
    return tuple(records)


def _samples_kept(rules: CoverageRules | None) -> int:
    return 1 if rules is None else max(rules.window_seconds // rules.sample_seconds, 1)
