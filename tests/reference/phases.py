"""Phases in the reference: the session's, those of single instruments, and what comes next by market time."""

from abc import ABC, abstractmethod
from typing import Final

from openoutcry.domain import commands, events
from openoutcry.domain.day.draws import draw
from openoutcry.domain.day.game_rules import DayRules
from openoutcry.domain.day.marks import UnderlyingMark
from openoutcry.domain.day.news import NewsItem
from openoutcry.domain.day.phases import Phase, PhaseReason
from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.reasons import CancelReason
from openoutcry.domain.types import InstrumentId, MarketTime, Ticks
from reference.auctions import AUCTIONS
from reference.ledger import ReferenceOrder
from reference.state import Coming, ReferenceState
from reference.tape import Tape

MOVES: Final[dict[Phase, str]] = {
    "closed": "pre_open continuous",
    "pre_open": "opening_auction halted closed",
    "continuous": "halted closed",
    "halted": "pre_open reopening_call reopening_auction continuous halted closed",
    "reopening_call": "reopening_auction halted closed",
    "opening_auction": "continuous closed",
    "reopening_auction": "continuous closed",
}
ENDS_CALL: Final[dict[tuple[Phase, Phase], Phase]] = {
    ("pre_open", "continuous"): "opening_auction",
    ("reopening_call", "continuous"): "reopening_auction",
}


def by_way_of(phase: Phase, wanted: Phase) -> Phase:
    """Out of a call one comes by its auction only."""
    return ENDS_CALL.get((phase, wanted), wanted)


class ReferencePhases(ReferenceState, ABC):
    tape: Tape

    def start_session(self, command: commands.StartSession) -> None:
        self.market_time, self.is_ticking = command.timetable[0].at, True
        self.utc_offset, self.word = command.utc_offset, command.random_word
        self.next_batch = 1
        self.effects.clear()
        self.timetable, self.prices, self.breaker_halts = command.timetable, [], 0
        self.coming.clear()
        for line in command.timetable[1:]:
            self._expect(line.at, line.earliest, line.phase, None, belongs_to_timetable=True)
        self.enter_phase(command.timetable[0].phase, "schedule" if command.why is None else "organiser")

    def end_session(self) -> None:
        self.is_ticking = False
        self.coming.clear()
        self.enter_phase("closed", "organiser")

    def advance(self, command: commands.AdvanceMarket) -> None:
        seconds = command.market_time - (self.market_time or 0)
        if seconds:
            self.look_at_duties(command.market_time)
        self.market_time = command.market_time
        self.underlyings |= {underlying.symbol: underlying.price for underlying in command.underlyings}
        self.marks |= {list(self.instruments)[mark.place]: mark for mark in command.marks}
        if seconds:
            self._look_at_breaker(command.market_time)
        for mark in command.marks:
            here = list(self.instruments)[mark.place]
            if self.gathers(here):
                self.tape.touch(here)
        if seconds:
            self._what_comes_due(command)
        if command.underlyings or command.marks:
            prices = tuple(UnderlyingMark(symbol, price) for symbol, price in self.underlyings.items())
            marks = tuple(sorted(self.marks.values(), key=lambda mark: mark.place))
            self.tape.public.append(events.MarksPublished(command.market_time, self.utc_offset or 0, prices, marks))
        for item in command.news:
            self.tell_news(item)
        for sent in command.signals:
            for team in self.teams:
                if team.role == sent.role:
                    self.tape.signalled(team, sent.signal, command.market_time)

    def _what_comes_due(self, command: commands.AdvanceMarket) -> None:
        if self.rulebook.game.batch is not None:
            since_start = command.market_time - self.timetable[0].at
            self.hold_batches(since_start, self.rulebook.game.batch.interval_seconds)
        while (due := self._next_due(command.market_time)) is not None:
            self.coming.remove(due)
            if due.instrument_id is not None:
                self.enter_own_phase(due.instrument_id, due.phase, "schedule")
            elif not due.belongs_to_timetable or due.phase in MOVES[self.phase].split():
                self.enter_phase(due.phase, "schedule")
        self.judge_teams()
        self.pull_quotes()

    def set_phase(self, phase: Phase) -> None:
        if phase != self.phase:
            self.enter_phase(by_way_of(self.phase, phase), "organiser")

    def resume(self) -> None:
        """Back into the opening call while that lasts, else by a reopening call; by hand at once."""
        planned = None
        if self.is_ticking:
            assert self.market_time is not None
            planned = [line.phase for line in self.timetable if line.at <= self.market_time][-1]
        after: dict[Phase | None, Phase] = {None: "continuous", "pre_open": "pre_open"}
        self.enter_phase(after.get(planned, "reopening_call"), "organiser")

    def enter_phase(self, phase: Phase, reason: PhaseReason) -> None:
        previous = self.phase
        if previous == "closed":
            self.trading_session += 1
            for team in self.teams:
                team.claims.clear()
                team.protection.reset(None)
        gathered = [here for here in self.instruments if self.gathers(here)]
        self.phase = phase
        self._begins(None)
        if phase in ("halted", "closed"):
            for here in [here for here, own in self.own.items() if own == "reopening_call"]:
                self.lose_own_phase(here)
        for here in self.instruments:
            if here in gathered or self.gathers(here):
                self.tape.touch(here)
        if phase == "closed":
            self.is_ticking = False
            self.coming.clear()
        if phase == "halted":
            self.prices = self.prices[-1:]
        if phase == "reopening_call":
            self._end_at_random(None)
        self._tell(None, previous, reason)
        if phase == "closed":
            for team in self.teams:
                for order in self.resting_orders(team):
                    self.take_out(order, CancelReason.SESSION_CLOSE)
        if phase == "continuous" and self._trades_at_once:
            crossed = [here for here in self.instruments if here not in self.own and self.fixing(here)]
            for here in crossed:
                self.own[here] = "reopening_auction"
                self._begins(here)
                self._tell(here, "continuous", "schedule")
            for here in crossed:
                self._end_own_auction(here)
        if phase in AUCTIONS:
            for here in self.instruments:
                if here not in self.own:
                    self._hold_auction(here)
            self.enter_phase("continuous", "schedule")

    def enter_own_phase(self, here: InstrumentId, phase: Phase | None, reason: PhaseReason) -> None:
        """None: the session's again."""
        if self.own.get(here) == phase:
            return
        if phase is None and self.phase == "continuous" and self._trades_at_once and self.fixing(here):
            phase = "reopening_auction"
        previous = self.phase_of(here)
        if self.gathers(here):
            self.tape.touch(here)
        if phase is None:
            del self.own[here]
        else:
            self.own[here] = phase
        self._begins(here)
        if self.gathers(here):
            self.tape.touch(here)
        if phase == "reopening_call":
            self._end_at_random(here)
        self._tell(here, previous, reason)
        if phase == "reopening_auction":
            self._end_own_auction(here)

    def lose_own_phase(self, here: InstrumentId) -> None:
        """Without a word: what is told is why."""
        if self.own.pop(here, None) is not None:
            self._begins(here)

    @property
    def _trades_at_once(self) -> bool:
        return self.rulebook.game.batch is None

    @abstractmethod
    def hold_batches(self, seconds: int, interval: int) -> None:
        """Hold the batches that are due in these seconds."""

    @abstractmethod
    def tell_news(self, item: NewsItem) -> None:
        """Tell everybody a headline, now."""

    @abstractmethod
    def look_at_duties(self, until: MarketTime) -> None:
        """Find what each duty was until then, on the marks before."""

    @abstractmethod
    def judge_teams(self) -> None:
        """Sanction, and compare equity with what it must cover."""

    @abstractmethod
    def pull_quotes(self) -> None:
        """Pull the quotes whose theoretical value has moved too far."""

    @abstractmethod
    def take_out(self, order: ReferenceOrder, reason: CancelReason) -> None:
        """End an order with quantity unfilled."""

    @abstractmethod
    def fill_in_auction(self, buy: ReferenceOrder, sell: ReferenceOrder, price: Ticks) -> None:
        """Trade what both have left, at the price of the auction."""

    def _end_own_auction(self, here: InstrumentId) -> None:
        self._hold_auction(here)
        del self.own[here]
        self._begins(here)
        self._tell(here, "reopening_auction", "schedule")

    def _hold_auction(self, here: InstrumentId) -> None:
        """One price for all; who comes first is a matter of price, then time."""
        fixing = self.fixing(here)
        if fixing is None:
            return
        price, volume, _ = fixing
        while volume:
            buy, sell = (self.book_side(here, side)[0] for side in (BUY, SELL))
            volume -= min(buy.remaining, sell.remaining)
            self.fill_in_auction(buy, sell, Ticks(price))

    # ---- market time -----------------------------------------------------------------------------------------

    def _look_at_breaker(self, now: MarketTime) -> None:
        rules = self.rulebook.game.day
        breaker = None if rules is None else rules.breaker
        if rules is None or breaker is None or breaker.underlying not in self.underlyings:
            return
        price = self.underlyings[breaker.underlying]
        self.prices.append((now, price))
        before = [price for at, price in self.prices if at <= now - breaker.window_seconds]
        quiet = now >= self.timetable[-1].at - breaker.quiet_seconds
        if not before or quiet or self.phase != "continuous" or self.breaker_halts == breaker.most_halts:
            return
        if abs(price - before[-1]) / max(before[-1], 1) >= breaker.move_ppm / 1_000_000:
            self.breaker_halts += 1
            until = MarketTime(now + rules.halt_seconds)
            self._halted_until = until
            self.enter_phase("halted", "circuit_breaker")

    _halted_until: MarketTime | None = None
    """When the halt ends that begins now, if it ends by itself."""

    def _begins(self, here: InstrumentId | None) -> None:
        """Another phase of the session, or of one instrument: what was to end the one before it does nothing more."""
        self.phase_numbers[here] = self.phase_numbers.get(here, 0) + 1
        self.coming = [each for each in self.coming if each.belongs_to_timetable or each.instrument_id != here]
        if here is None and self._halted_until is not None:
            self._expect(self._halted_until, self._halted_until, "reopening_call", None)
            self._halted_until = None

    def _end_at_random(self, here: InstrumentId | None) -> None:
        if not self.is_ticking or self.market_time is None:
            return
        rules = self.rulebook.game.day or DayRules()
        place = 0 if here is None else 1 + list(self.instruments).index(here)
        span = rules.reopening_random_seconds
        earliest = self.market_time + rules.reopening_call_seconds - span
        end = earliest + draw(self.word, 1, self.phase_numbers[here], place) % (span + 1)
        self._expect(MarketTime(end), MarketTime(earliest), "reopening_auction", here)

    def _expect(
        self,
        due: MarketTime,
        earliest: MarketTime,
        phase: Phase,
        here: InstrumentId | None,
        *,
        belongs_to_timetable: bool = False,
    ) -> None:
        self.coming.append(Coming(due, earliest, phase, here, belongs_to_timetable))

    def _next_due(self, now: MarketTime) -> Coming | None:
        due = [each for each in self.coming if each.due <= now]
        return min(due, key=lambda each: each.due, default=None)  # the first that was set, of several

    def _next_of(self, here: InstrumentId | None) -> Coming | None:
        ahead = [
            each
            for each in self.coming
            if each.instrument_id == here and (not each.belongs_to_timetable or each.phase in MOVES[self.phase].split())
        ]
        found = min(ahead, key=lambda each: each.due, default=None)
        return self._next_of(None) if found is None and here is not None else found

    def _tell(self, here: InstrumentId | None, previous: Phase, reason: PhaseReason) -> None:
        coming = self._next_of(here)
        self.tape.public.append(
            events.PhaseChanged(
                self.phase if here is None else self.own.get(here, self.phase),
                previous,
                here,
                reason,
                self.trading_session,
                self.market_time,
                self.utc_offset or 0,
                None if coming is None else coming.phase,
                None if coming is None else coming.earliest,
            )
        )
