"""What a market second consists of, and in which order. When each part of it is due is the driver's to say.

Before the tick, what expires, one instrument in a turn; the tick, with the values of the cash check where these are
due; then the steps of the flow, each at its instant and one in a turn. No part begins while tasks wait in the venue. So
a live exchange and a simulated one, and one that is late, carry out the same commands in the same order.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final

import structlog

from openoutcry.domain.commands import AdvanceMarket, Command, TakeScenarioValues
from openoutcry.domain.day.marks import ScenarioValues
from openoutcry.domain.reasons import Accepted, Verdict
from openoutcry.domain.types import MarketTime
from openoutcry.runtime.sequencing.sequencer import Sequencer
from openoutcry.runtime.session.expiries import Expiries
from openoutcry.runtime.session.made_second import SecondMaker
from openoutcry.runtime.session.market_clock import SECOND_MS
from openoutcry.simulation.flow.step import Step

_log: Final = structlog.get_logger()


class MarketSeconds:
    """The seconds of the session under way, each in turns.

    It keeps what is left of the second under way. A new process begins with the next second; before that it tells the
    values that the last one did not come to tell. Methods raise `Unavailable` as the sequencer does, and whatever marks
    and steps are made with; the turn is then taken again.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        maker: SecondMaker,
        expiries: Expiries | None = None,
    ) -> None:
        self._sequencer = sequencer
        self._maker = maker
        self._expiries = expiries
        self._is_new = True
        """Whether this process has begun no second yet."""
        self._values: tuple[ScenarioValues, ...] = ()
        """Those that are still to be told with the second under way."""
        self._steps: deque[Step] = deque()
        """Those that are left of it."""
        self._decided: deque[Command] = deque()
        """What the first of the steps has decided and is not carried out yet."""

    def start(self) -> None:
        """The first second of a session that has just begun, before any order can come: an instrument without a mark
        has no price band yet. If its marks cannot be made or taken, the tick of the next second tries again.
        """
        market_time = self._market_time()
        assert market_time is not None, "a session has a market time"  # noqa: S101
        self._begin((), ())
        try:
            tick, values, steps = self._maker.make(market_time)
            if tick != AdvanceMarket(market_time):
                self._perform(tick)
            self._begin(values, steps)
            self._tell_values()
        except Exception as error:  # noqa: BLE001 - whatever marks are made with may raise
            _log.warning("a session starts without its first marks or values", reason=type(error).__name__)

    def next_due(self, market_time: MarketTime) -> int:
        """The market time, in milliseconds, at which the next turn is to be taken; it is this market second."""
        if self._values:
            return market_time * SECOND_MS
        if self._steps:
            return market_time * SECOND_MS + self._steps[0].milliseconds
        return (market_time + 1) * SECOND_MS

    def take_turn(self) -> bool:
        """The next turn at once, whatever the clock says; False if the market stands still or is at work."""
        market_time = self._market_time()
        if market_time is None or self._sequencer.has_work:
            return False
        if self._is_new:
            self._go_on(market_time)
        elif self._values:
            self._tell_values()
        elif self._steps:
            self._take_step()
        elif not self._expire_next(MarketTime(market_time + 1)):
            self._tick(MarketTime(market_time + 1))
        return True

    def _go_on(self, market_time: MarketTime) -> None:
        """From the process before this one. Values that it has told change nothing and are not told again."""
        values = self._maker.make(market_time).values
        if values:
            self._sequencer.perform_change(TakeScenarioValues(values))
        self._is_new = False

    def _expire_next(self, market_time: MarketTime) -> bool:
        """Let one instrument expire that does so before the tick to this instant; False if there is none."""
        expiry = None if self._expiries is None else self._expiries.next_expiry(market_time)
        if expiry is not None:
            self._perform(expiry)
        return expiry is not None

    def _tick(self, market_time: MarketTime) -> None:
        # All of it is made before any of it is carried out: whatever it is made with may raise.
        tick, values, steps = self._maker.make(market_time)
        verdict = self._perform(tick)
        assert isinstance(verdict, Accepted), f"a tick was refused: {verdict}"  # noqa: S101
        self._begin(values, steps)
        self._tell_values()

    # ---- after the tick --------------------------------------------------------------------------------------

    def _begin(self, values: tuple[ScenarioValues, ...], steps: Sequence[Step]) -> None:
        self._is_new = False
        self._values = values
        self._steps = deque(steps)
        self._decided.clear()

    def _tell_values(self) -> None:
        if self._values:
            self._perform(TakeScenarioValues(self._values))
            self._values = ()

    def _take_step(self) -> None:
        if not self._decided:
            self._decided.extend(self._steps[0].decide(self._sequencer.queries.shown()))
        while self._decided:
            self._perform(self._decided[0])
            self._decided.popleft()
        self._steps.popleft()

    # ---- the venue -------------------------------------------------------------------------------------------

    def _market_time(self) -> MarketTime | None:
        """None: no session is under way."""
        return self._sequencer.queries.running_market_time()

    def _perform(self, command: Command) -> Verdict:
        return self._sequencer.perform(command)[0].verdict
