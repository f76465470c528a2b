"""What P&L explained leaves unexplained of a hedged book: with today's expiry in its last minutes, and without."""

from typing import Final

from msgspec import structs

from openoutcry.bootstrap.projections import scores_of
from openoutcry.domain.events import Event
from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.sequenced import Sequenced
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.scenarios.model import Scenario
from openoutcry.scoring.match.explained import ExplainedPnl

LAST_SECONDS: Final = 900

Parts = dict[str, int]
"""Of a P&L, in money units, by their names."""


class Explanation:
    """A projection: the scores of the match, and a look at the P&L of its only team before the last seconds begin."""

    name: Final = "explanation"
    shape: Final = ""
    commands: Final = ALL_COMMANDS

    def __init__(self, scenario: Scenario) -> None:
        self._scores = scores_of(scenario, scenario.scoring or ScoringRules())
        self._before: dict[str, Parts] | None = None

    def apply(self, sequenced: Sequenced, events: list[Event]) -> None:
        self._scores.apply(sequenced, events)
        session = self._scores.match.session
        if self._before is None and session.number and session.market_time >= session.close_at - LAST_SECONDS:
            self._before = self._told()

    def capture(self) -> bytes:
        return b""

    def restore(self, state: memoryview) -> None:  # noqa: ARG002 - a projection is given one
        raise AssertionError("a match in memory is never restored")

    def figures(self) -> dict[str, float]:
        """Sizes of the rest and of all parts in currency, and the one in percent of the other."""
        now, before = self._told(), self._before or {}
        today = self._scores.match.session.date.replace("-", "")
        late, else_ = _nothing(), _nothing()
        for name, parts in now.items():
            earlier = before.get(name, _nothing())
            if name.endswith(today):
                _add(late, {part: money - earlier[part] for part, money in parts.items()})
                _add(else_, earlier)
            else:
                _add(else_, parts)
        figures: dict[str, float] = {}
        for named, parts in (("but for today's last minutes", else_), ("today's last minutes", late)):
            rest, gross = abs(parts["rest"]), sum(abs(parts[part]) for part in parts if part not in ("pnl", "rest"))
            figures[f"{named}: rest"] = rest / 10_000
            figures[f"{named}: 2 % of gross"] = gross / 50 / 10_000
            figures[f"{named}: rest in % of gross"] = 100 * rest / max(gross, 1)
        return figures

    def _told(self) -> dict[str, Parts]:
        (participant,) = self._scores.match.ledger.participants
        explained = self._scores.explained(participant.team_id)
        assert explained is not None, "a participant's P&L is explained"  # noqa: S101
        return {name: structs.asdict(pnl) for name, pnl in explained.instruments.items()}


def _nothing() -> Parts:
    return dict.fromkeys(ExplainedPnl.__struct_fields__, 0)


def _add(parts: Parts, more: Parts) -> None:
    for part, money in more.items():
        parts[part] += money
