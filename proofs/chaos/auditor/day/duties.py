"""Duties on deltas and the ladder of sanctions, counted by market time, second after second.

It knows two duties, that of the portfolio's delta and that of balance between index and tracker, and no others.
"""

from collections import defaultdict
from typing import Final

from openoutcry.domain.commands import AdvanceMarket, ContinueWork, Pardon, RegisterTeam, Sanction, StartSession
from openoutcry.domain.day.game_rules import BalanceRules, DeltaRules, SanctionRules
from openoutcry.domain.identifiers import format_team_id
from openoutcry.domain.reasons import Reject
from openoutcry.protocol.stream import DutyStatus, PositionUpdate, PrivateMessage
from openoutcry.scenarios.model import Scenario
from proofs.chaos.auditor.day.timeline import Timeline
from proofs.chaos.auditor.findings import Findings
from proofs.chaos.auditor.history import History

CLAIM: Final = "duties and sanctions follow market time"
TOP: Final = 3
UNIT: Final = 1_000_000
Told = tuple[str, int]
"""State of the duty, and level."""


class Ladder:
    """One team's."""

    def __init__(self, role_rules: DeltaRules | BalanceRules, rules: SanctionRules) -> None:
        self.told: list[Told] = []
        """What the team must have been told."""
        self.is_unknown = False
        """Whether it cannot be said from here on what comes when."""
        self.level = 0
        self.role_rules: Final = role_rules
        self._rules = rules
        self._state = "exempt"
        self._outside = self._at_level = self._clean = 0

    def pass_second(self, *, is_outside: bool, is_trading: bool) -> None:
        counts = is_trading and self.level != TOP
        if counts:
            self._outside = self._outside + 1 if is_outside else 0
        state = "exempt" if not counts else "breached" if is_outside else "met"
        if state != self._state:
            self._state = state
            self._tell()
        self._at_level += 1
        self._clean = 0 if counts and is_outside else self._clean + 1

    def judge(self) -> None:
        if self.level == TOP:
            if self._at_level >= self._rules.reduce_only_seconds:
                clean = self._clean
                self.put_at(TOP - 1)
                self._clean = clean
        elif self._outside >= self._rules.breach_seconds:
            self.put_at(self.level + 1)
        elif self.level and self._clean >= self._rules.decay_seconds:
            outside = self._outside
            self.put_at(self.level - 1)
            self._outside = outside

    def put_at(self, level: int) -> None:
        self.level = level
        self._outside = self._at_level = self._clean = 0
        self._tell()

    def _tell(self) -> None:
        self.told.append((self._state, self.level))


class DutyCheck:
    """`streams`: each team's events, by its id."""

    def __init__(
        self,
        scenario: Scenario,
        history: History,
        timeline: Timeline,
        streams: dict[str, list[PrivateMessage]],
        findings: Findings,
    ) -> None:
        rules = scenario.rulebook.game
        assert rules.sanctions is not None, "a simulated day has them"  # noqa: S101
        self._duties = {
            role: duties.delta or duties.balance
            for role, duties in rules.roles.items()
            if duties.delta is not None or duties.balance is not None
        }
        self._sanctions = rules.sanctions
        self._numbers = scenario.index
        self._history = history
        self._timeline = timeline
        self._streams = streams
        self._findings = findings
        self._ladders: dict[str, Ladder] = {}
        self._registered = 0
        self._positions: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._updates = sorted(
            (
                (event.sequence, event.seq, team_id, event.instrument_id, event.position)
                for team_id, stream in streams.items()
                for event in stream
                if isinstance(event, PositionUpdate)
            ),
            reverse=True,
        )

    def run(self) -> None:
        accepted = [record for record, _ in self._history.steps if not isinstance(record.verdict, Reject)]
        is_at_work = self._ticks_at_work()
        now = 0
        for record in accepted:
            command = record.command
            match command:
                case RegisterTeam():
                    self._registered += 1
                    duty = self._duties.get(command.role)
                    if duty is not None:
                        self._ladders[format_team_id(self._registered)] = Ladder(duty, self._sanctions)  # type: ignore[arg-type]
                case StartSession():
                    now = command.timetable[0].at
                case AdvanceMarket():
                    if command.market_time > now:  # at the start of a session there are marks, and no second has passed
                        self._pass_second(int(record.sequence))
                    now = command.market_time
                case Sanction() | Pardon():
                    ladder = self._ladders.get(format_team_id(command.team_id))
                    if ladder is not None:
                        ladder.is_unknown |= record.sequence in is_at_work
                        self._put_at(ladder, command.level if isinstance(command, Sanction) else 0)
                case _:
                    pass
        for team_id, ladder in self._ladders.items():
            if team_id in self._streams:
                told = [(event.state, event.level) for event in self._streams[team_id] if isinstance(event, DutyStatus)]
                told = told[: len(ladder.told)] if ladder.is_unknown else told
                self._findings.equal(CLAIM, team_id, expected=ladder.told, told=told)

    def _pass_second(self, sequence: int) -> None:
        """The second before this tick, on positions, marks and phase as they were in it."""
        while self._updates and self._updates[-1][0] < sequence:
            _, _, team_id, instrument_id, position = self._updates.pop()
            self._positions[team_id][instrument_id] = position
        is_trading = self._timeline.session_before(sequence) == "continuous"
        for team_id, ladder in self._ladders.items():
            if not ladder.is_unknown:
                is_outside = self._is_outside(team_id, ladder.role_rules, sequence)
                ladder.pass_second(is_outside=is_outside, is_trading=is_trading)
                ladder.judge()

    def _is_outside(self, team_id: str, rules: DeltaRules | BalanceRules, sequence: int) -> bool:
        index = tracker = 0
        ratio = self._numbers.ratio
        for instrument_id, position in self._positions[team_id].items():
            mark = self._history.mark_at(instrument_id, sequence - 1) if position else None
            if mark is None:
                continue
            if self._history.instruments[instrument_id].underlying == self._numbers.tracker:
                tracker += position * mark.delta
            else:
                index += position * mark.delta * ratio
        unit = UNIT * ratio
        if isinstance(rules, DeltaRules):
            return abs(index + tracker) > rules.limit * unit
        both = abs(index) + abs(tracker)
        if not both or both < rules.measured_from * unit:
            return False
        return abs(index + tracker) * UNIT > rules.tolerance_ppm * both

    @staticmethod
    def _put_at(ladder: Ladder, level: int) -> None:
        if not ladder.is_unknown:
            ladder.put_at(level)

    def _ticks_at_work(self) -> set[int]:
        """Commands that came while the work of a tick was not done: whether a team was judged by then is not known."""
        at_work: set[int] = set()
        since_tick: list[int] = []
        for record, _ in self._history.steps:
            if isinstance(record.command, AdvanceMarket):
                since_tick = []
            elif isinstance(record.command, ContinueWork):
                at_work.update(since_tick)
                since_tick = []
            else:
                since_tick.append(int(record.sequence))
        return at_work
