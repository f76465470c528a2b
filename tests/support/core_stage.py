"""A venue with teams, for tests that send it one command after the other."""

from typing import Any

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.events import Event
from openoutcry.domain.instruments import Instrument
from openoutcry.domain.reasons import Accepted, Reject
from openoutcry.domain.rulebook import HistoryLimits, RoleRules, Rulebook
from openoutcry.domain.types import OrderId, Sequence, TeamId, Ticks, TimestampUs
from openoutcry.venue.state.limits import DEFAULT_LIMITS, VenueLimits
from openoutcry.venue.venue import Venue
from reference.workload import CALL, instrument, role


class Stage:
    """The venue under one role's rules (without limits unless given), with as many teams as named."""

    def __init__(
        self,
        *team_names: str,
        rules: RoleRules | None = None,
        instruments: tuple[Instrument, ...] = (),
        history: HistoryLimits | None = None,
        limits: VenueLimits = DEFAULT_LIMITS,
        **rulebook_terms: Any,
    ) -> None:
        rulebook = Rulebook(roles={"trader": rules or role()}, history=history or HistoryLimits(), **rulebook_terms)
        self.venue = Venue(rulebook, instruments or (instrument(CALL),), limits=limits)
        self.queries = self.venue.queries
        self.sequence = Sequence(0)
        for name in team_names:
            self.do(commands.RegisterTeam(name, "trader", name.encode()))

    def do(self, command: commands.Command) -> list[Event]:
        """Execute a command that is to be accepted."""
        verdict = self.venue.validate(command)
        assert isinstance(verdict, Accepted), verdict
        self.sequence = Sequence(self.sequence + 1)
        return self.venue.execute(self.sequence, TimestampUs(1_000_000 + self.sequence), command)

    def refuse(self, command: commands.Command) -> Reject:
        """The refusal of a command that is to be refused."""
        verdict = self.venue.validate(command)
        assert isinstance(verdict, Reject), verdict
        return verdict

    def enter(self, team: int, side: str, quantity: int, ticks: int | None, **terms: object) -> OrderId:
        """Enter an order; its id."""
        command = order(team, side, quantity, ticks, **terms)
        verdict = self.venue.validate(command)
        self.do(command)
        assert isinstance(verdict, Accepted)
        return OrderId(verdict.new_id)


def order(team: int, side: str, quantity: int, ticks: int | None, **terms: object) -> commands.SubmitOrder:
    price = None if ticks is None else Price(Ticks(ticks))
    return commands.SubmitOrder(
        **{  # type: ignore[arg-type]
            "team_id": TeamId(team),
            "instrument_id": CALL,
            "side": side,
            "quantity": quantity,
            "price": price,
            **terms,
        }
    )


TEAMS = ("ann", "bob", "cat")

HISTORY = (
    order(1, "buy", 5, 100),
    order(2, "sell", 7, 100, client_order_id="a"),
    commands.AmendOrder(2, 2, 6),
    order(3, "buy", 3, 98),
)
"""Orders of three teams: they rest, trade and change."""


def venue_after(*history, teams=TEAMS):
    """A venue to which these commands came."""
    stage = Stage(*teams)
    for command in history:
        stage.do(command)
    return stage.venue
