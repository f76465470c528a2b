"""Messages beside fills. Replacements of quotes are left out: a market maker's duty makes them."""

from typing import Final

from msgspec import Struct

from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.types import MarketTime
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.surveillance.finding import Finding


class MessagesState(Struct):
    """By row."""

    messages: list[int] = []
    """Orders, amendments and cancellations, refused ones too."""
    fills: list[int] = []
    since: list[MarketTime | None] = []
    """The market time of the first message; None: there was none, or no market time."""
    until: MarketTime = MarketTime(0)
    is_counting: bool = False
    """Whether a session is under way."""


class Messages:
    def __init__(self, rules: SurveillanceRules) -> None:
        self._rules: Final = rules
        self.state = MessagesState()

    def registered(self) -> None:
        self.state.messages.append(0)
        self.state.fills.append(0)
        self.state.since.append(None)

    def began(self) -> None:
        rows = len(self.state.messages)
        self.state = MessagesState([0] * rows, [0] * rows, [None] * rows, is_counting=True)

    def ended(self) -> None:
        self.state.is_counting = False

    def came(self, row: int, now: MarketTime | None) -> None:
        state = self.state
        if not state.is_counting:
            return
        if not state.messages[row]:
            state.since[row] = now
        state.messages[row] += 1

    def filled(self, row: int) -> None:
        self.state.fills[row] += self.state.is_counting

    def passed(self, now: MarketTime) -> None:
        self.state.until = now

    def findings(self, participants: list[Participant]) -> list[Finding]:
        rules, found = self._rules, []
        for participant in participants:
            row = participant.row
            messages, fills = self.state.messages[row], self.state.fills[row]
            ratio = messages // max(fills, 1)
            if messages < rules.messages or ratio < rules.messages_per_fill:
                continue
            found.append(
                Finding(
                    kind="messages",
                    owners=(participant.owner,),
                    teams=(participant.team_id,),
                    measure=ratio,
                    threshold=rules.messages_per_fill,
                    unit="messages a fill",
                    since=self.state.since[row] or MarketTime(0),
                    until=self.state.until,
                    trades=(),
                    trade_count=fills,
                    commands=(),
                    command_count=messages,
                    excludes=False,
                    text=f"team {participant.team_name} sent {messages:,} messages about single orders and had"
                    f" {fills:,} fills.",
                )
            )
        return found
