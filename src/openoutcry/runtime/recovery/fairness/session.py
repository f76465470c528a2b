"""One session of a journal, beside what is drawn and decided anew from its seed."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Final

from openoutcry.domain.commands import (
    AdvanceMarket,
    Command,
    EndSession,
    ExpireInstrument,
    PlanSession,
    RegisterTeam,
    RotateKey,
    SettleInstrument,
    StartSession,
    TakeScenarioValues,
)
from openoutcry.domain.day.marks import ScenarioValues
from openoutcry.domain.fairness import session_seed
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MarketTime
from openoutcry.runtime.recovery.fairness.differences import Difference, of_marks, of_signals
from openoutcry.runtime.recovery.fairness.flow import FlowAudit
from openoutcry.runtime.recovery.fairness.headlines import moved_by_headlines
from openoutcry.runtime.recovery.fairness.report import Finding, SessionFindings, Tally
from openoutcry.runtime.recovery.fairness.start import Commitment, judge_commitment, judge_start
from openoutcry.runtime.recovery.fairness.worlds import ComparedWorlds
from openoutcry.runtime.session.expiries import Expiries
from openoutcry.runtime.session.made_second import MadeSecond, SecondMaker
from openoutcry.runtime.session.market import MarketOf, Simulated
from openoutcry.scenarios.model import Scenario, SessionPlan
from openoutcry.simulation.flow.step import Step
from openoutcry.venue.venue import Venue

ALSO_BY_ITSELF: Final = frozenset(
    {StartSession, PlanSession, RegisterTeam, RotateKey, ExpireInstrument, SettleInstrument}
)
"""Commands that an organiser may give, and that also come without one."""


class RevealedSeed:
    """What a session was drawn from, if its seed is the one that was revealed."""

    def __init__(self, venue: Venue, revealed: bytes) -> None:
        self._queries = venue.queries
        self._revealed = revealed

    def seed_of_next(self) -> bytes:
        return session_seed(self._revealed, self._queries.nonces())

    def seed_of_session(self) -> bytes:
        return session_seed(self._revealed, self._queries.nonces()[: self._queries.fairness().teams])


class SessionAudit:
    """Sees every command from the session's start to that of the next one, while the venue has the state before it."""

    def __init__(
        self,
        scenario: Scenario,
        plan: SessionPlan,
        venue: Venue,
        flow: FlowAudit,
        number: int,
        start: StartSession,
    ) -> None:
        self._scenario = scenario
        self._plan = plan
        self._venue = venue
        self._flow = flow
        self._number = number
        self._start = start
        self._findings: list[Finding] = []
        self._maker: SecondMaker | None = None
        """None: nothing that is drawn can be checked."""
        self._expiries: Expiries | None = None
        self._is_revealed = False
        self._has_ticked = False
        self._values: tuple[ScenarioValues, ...] = ()
        """That are to come before the next tick."""
        self._steps: tuple[Step, ...] | None = None
        """Of the market second that begins with the command just seen."""
        self._marks: Final = Tally("marks")
        self._news: Final = Tally("news")
        self._settled: Final = Tally("settlement")
        self._by_organiser: Counter[str] = Counter()
        self._headlines: Finding | None = None
        self._starts = 0

    def draw(self, commitment: Commitment | None, revealed: bytes | None, folder: Path, market_of: MarketOf) -> None:
        """Check what the session starts with, and draw its world; the venue has the state before it. `folder`: of the
        kept worlds.
        """
        queries, scenario = self._venue.queries, self._scenario
        promised = queries.fairness().next_commitment
        self._findings.append(judge_commitment(commitment, promised, revealed, scenario.hash))
        if revealed is None:
            return
        self._is_revealed = True
        seeds = RevealedSeed(self._venue, revealed)
        nonces = sum(nonce is not None for nonce in queries.nonces())
        self._findings += judge_start(scenario, self._plan, self._start, seeds.seed_of_next(), nonces)
        worlds = ComparedWorlds(folder, self._start.world_digest)
        market = market_of(scenario, self._plan, queries, Simulated(seeds, worlds))
        assert market.draw_world is not None, "the market is simulated"  # noqa: S101
        market.draw_world(self._start.date)
        self._findings.append(worlds.finding)
        if worlds.finding.kind != "failed":
            self._maker = market.maker
            self._expiries = Expiries(scenario, self._plan, self._venue, market.prices_at)

    def see(self, record: Sequenced) -> None:
        """Any command after the start."""
        self._begin_steps()
        command, is_accepted = record.command, type(record.verdict) is Accepted
        if is_accepted and _is_by_hand(command):
            self._by_organiser[str(type(command).__struct_config__.tag)] += 1
        if self._maker is None:
            return
        if type(command) in (ExpireInstrument, SettleInstrument) and not _is_by_hand(command) and is_accepted:
            self._see_expiry(record)
        if type(command) is AdvanceMarket and is_accepted:
            self._expect_no_values(record)
            self._flow.end(record)
            self._see_tick(record, command, self._maker)
        elif type(command) is TakeScenarioValues and is_accepted:
            self._see_values(record, command)
        else:
            self._flow.see(record)
            if type(command) is EndSession and is_accepted:
                self._values = ()
                self._flow.drop()

    def restart(self) -> None:
        """The exchange was started again: steps that were left of its second were not taken."""
        self._begin_steps()
        self._starts += self._venue.queries.day().is_running
        self._flow.drop()

    def end(self) -> None:
        """Nothing more of the session comes: another one begins, or the journal ends; the venue has the state then."""
        self._headlines = moved_by_headlines(self._scenario, self._plan, self._venue.queries.day())
        left = None if self._expiries is None else self._expiries.next_settlement()
        if left is not None:
            self._settled.fault(f"{left.instrument_id} was not settled after the session")

    def found(self, *, is_over: bool) -> SessionFindings:
        """All that was found, once nothing more of the session comes. `is_over`: it has ended in this journal."""
        findings = list(self._findings)
        if not self._is_revealed:
            text = "the seed is not revealed: what is drawn from it cannot be checked"
            findings.append(Finding("failed" if is_over else "note", "seed", text))
        if self._maker is not None or self._marks.faults:
            findings.append(self._marks.finding("marks and values"))
            findings.append(self._news.finding("items of news and signals"))
        if self._maker is not None:
            findings.append(self._settled.finding("expiries and settlements"))
            findings.append(self._flow.tally.finding("commands of the house and the retail flow"))
        if self._flow.in_the_middle:
            count = "1 command" if self._flow.in_the_middle == 1 else f"{self._flow.in_the_middle} commands"
            text = f"{count} of others came in the middle of a step of the flow, as when the journal takes nothing"
            findings.append(Finding("note", "pauses", text))
        if self._starts:
            times = "once" if self._starts == 1 else f"{self._starts} times"
            findings.append(Finding("note", "starts", f"the exchange was started {times} while the session ran"))
        if self._by_organiser:
            told = ", ".join(f"{count} {name}" for name, count in sorted(self._by_organiser.items()))
            findings.append(Finding("note", "organiser", f"gave commands by hand: {told}"))
        if self._headlines is not None:
            findings.append(self._headlines)
        return SessionFindings(self._start.date, self._number, self._is_revealed, tuple(findings))

    # ---- market seconds ----------------------------------------------------------------------------------------

    def _begin_steps(self) -> None:
        """The tick is carried out: its steps may come, unless the session is over by it."""
        if self._steps is not None:
            self._flow.begin(self._steps if self._venue.queries.day().is_running else ())
            self._steps = None

    def _see_tick(self, record: Sequenced, command: AdvanceMarket, maker: SecondMaker) -> None:
        now = self._venue.queries.day().market_time
        assert now is not None, "a session has a market time"  # noqa: S101
        if command.market_time != now + 1 and (self._has_ticked or command.market_time != now):
            self._marks.fault(f"command {record.sequence}: market seconds are left out after {now}")
        self._has_ticked = True
        self._expect_expired(record, command.market_time)
        try:
            made = maker.make(command.market_time)
        except Exception as error:  # noqa: BLE001 - whatever it is made with may raise; then nothing can be compared
            self._maker = None
            self._marks.fault(f"command {record.sequence}: marks cannot be made anew: {error}")
            self._flow.drop()
            return
        self._compare(record, command, made)
        self._values, self._steps = made.values, tuple(made.steps)

    def _compare(self, record: Sequenced, command: AdvanceMarket, made: MadeSecond) -> None:
        tick = made.tick
        self._note(self._marks, record, of_marks(command.underlyings, tick.underlyings))
        self._note(self._marks, record, of_marks(command.marks, tick.marks))
        self._marks.compared += len(tick.underlyings) + len(tick.marks)
        self._note(self._news, record, of_signals(command.signals, tick.signals))
        self._news.compared += len(tick.news) + len(tick.signals) + (tick.regime is not None)
        if command.regime != tick.regime:
            self._news.fault(f"command {record.sequence}: begins the regime {command.regime}, not {tick.regime}")
        if command.news != tick.news:
            told, expected = ([item.text for item in each.news] for each in (command, tick))
            self._news.fault(f"command {record.sequence}: told {told}, not {expected}")

    def _see_expiry(self, record: Sequenced) -> None:
        """An option comes to its end at the close, and is settled at the average of its fixings."""
        expiries, command = self._expiries, record.command
        assert expiries is not None, "it comes with the maker"  # noqa: S101
        now = self._venue.queries.day().market_time
        assert now is not None, "a session has a market time"  # noqa: S101
        self._settled.compared += 1
        if isinstance(command, ExpireInstrument):
            is_due = expiries.next_expiry(MarketTime(now + 1)) == command
        else:
            is_due = any(settlement == command for settlement in expiries.settlements(dt.date.max))
        if not is_due:
            self._settled.fault(f"command {record.sequence}: {command} does not follow from the prices and the rules")

    def _expect_expired(self, record: Sequenced, market_time: MarketTime) -> None:
        """Before the tick to the close, what comes to its end with it has expired."""
        assert self._expiries is not None, "it comes with the maker"  # noqa: S101
        left = self._expiries.next_expiry(market_time)
        if left is not None:
            self._settled.fault(f"command {record.sequence}: before it {left.instrument_id} did not expire")

    def _see_values(self, record: Sequenced, command: TakeScenarioValues) -> None:
        self._note(self._marks, record, of_marks(command.values, self._values))
        self._marks.compared += len(self._values)
        self._values = ()

    def _expect_no_values(self, record: Sequenced) -> None:
        if self._values:
            self._values = ()
            self._marks.fault(f"command {record.sequence}: before it the values of the cash check are missing")

    def _note(self, tally: Tally, record: Sequenced, difference: Difference) -> None:
        tally.rounded += difference.rounded
        if difference.text is not None:
            tally.fault(f"command {record.sequence}: {difference.text}")


def _is_by_hand(command: Command) -> bool:
    """Whether an organiser gave it: what also comes without one then tells of it."""
    if type(command) in ALSO_BY_ITSELF:
        return getattr(command, "why", None) is not None
    return "why" in command.__struct_fields__
