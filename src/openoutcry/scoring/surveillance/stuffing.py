"""Bursts of messages about one instrument in one second of the market, of which hardly any fill comes.

Who renews prices sends a few messages about each of many instruments in a second; a burst is many about one.
"""

from typing import Final

from msgspec import Struct

from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.domain.types import MarketTime, Sequence
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.surveillance.finding import MAX_EVENTS, Finding


class Bursts(Struct):
    """Of one team."""

    count: int = 0
    messages: int = 0
    sequences: list[Sequence] = []
    """Of the first bursts, the message with which each became one."""
    since: MarketTime = MarketTime(0)
    until: MarketTime = MarketTime(0)


class StuffingState(Struct):
    messages: dict[tuple[int, int], int] = {}
    """By row and column, in the second under way."""
    fills: dict[tuple[int, int], int] = {}
    large: dict[tuple[int, int], Sequence] = {}
    """Where there are so many messages as to make a burst: the message that did."""
    bursts: dict[int, Bursts] = {}
    """By row."""


class Stuffing:
    def __init__(self, rules: SurveillanceRules) -> None:
        self._rules: Final = rules
        self.state = StuffingState()

    def came(self, row: int, column: int, sequence: Sequence) -> None:
        key, messages = (row, column), self.state.messages
        number = messages[key] = messages.get(key, 0) + 1
        if number == self._rules.burst_messages:
            self.state.large[key] = sequence

    def filled(self, row: int, column: int) -> None:
        fills = self.state.fills
        fills[row, column] = fills.get((row, column), 0) + 1

    def passed(self, now: MarketTime) -> None:
        """The second is over."""
        state = self.state
        for key, sequence in state.large.items():
            messages = state.messages[key]
            if messages <= state.fills.get(key, 0) * self._rules.burst_messages:
                continue
            bursts = state.bursts.get(key[0])
            if bursts is None:
                bursts = state.bursts[key[0]] = Bursts(since=now)
            bursts.count += 1
            bursts.messages += messages
            bursts.until = now
            if len(bursts.sequences) < MAX_EVENTS:
                bursts.sequences.append(sequence)
        state.messages.clear()
        state.fills.clear()
        state.large.clear()

    def findings(self, participants: list[Participant]) -> list[Finding]:
        rules = self._rules
        return [
            Finding(
                kind="stuffing",
                owners=(participants[row].owner,),
                teams=(participants[row].team_id,),
                measure=bursts.count,
                threshold=rules.bursts,
                unit="bursts",
                since=bursts.since,
                until=bursts.until,
                trades=(),
                trade_count=0,
                commands=tuple(bursts.sequences),
                command_count=bursts.count,
                excludes=False,
                text=f"team {participants[row].team_name} sent {bursts.count:,} times {rules.burst_messages} messages"
                f" or more about one instrument within a market second, {bursts.messages:,} in all, with few fills.",
            )
            for row, bursts in sorted(self.state.bursts.items())
            if bursts.count >= rules.bursts
        ]
