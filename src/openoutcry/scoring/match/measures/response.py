"""Response: how far a desk has moved its balanced position against the tracker's error, a minute after each signal."""

from collections import deque
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from openoutcry.domain.scoring.rules import ScoringRules
from openoutcry.domain.simulation.signals import SignalToRole, TrackingError
from openoutcry.domain.types import PPM, MarketTime
from openoutcry.scoring.match.arrays import Integers, Packed, packed, unpacked, widened
from openoutcry.scoring.match.exposures import Exposures
from openoutcry.scoring.match.ledger import Ledger
from openoutcry.scoring.match.marks import Marks
from openoutcry.scoring.match.part import Part
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import ValuedTrade


class Pending(Struct, frozen=True):
    """A signal whose answer is still awaited. `lots`: the balanced position of each team when it came, in 1e-6."""

    due_at: MarketTime
    role: str
    error_ppb: int
    lots: Packed


class ResponseState(Struct):
    pending: list[Pending]
    sums: Packed


class Response(Part):
    """Of the teams of a signal's role that were there when it came. The close ends the time for an answer."""

    name = "response"
    state_type = ResponseState

    def __init__(self, ledger: Ledger, exposures: Exposures, rules: ScoringRules) -> None:
        self._ledger = ledger
        self._exposures = exposures
        self._rules = rules
        self._pending: deque[Pending] = deque()
        self._sums: Integers = np.zeros((2, 0), dtype=np.int64)
        """Of sizes of errors in 1e-9 times responses in ppm, and of the sizes alone."""

    def session_began(self, *_of_session: object) -> None:
        self._pending.clear()
        self._sums = np.zeros_like(self._sums)

    def registered(self, participant: Participant) -> None:
        self._sums = widened(self._sums, 2, participant.row + 1)

    def signalled(self, signal: SignalToRole) -> None:
        now, told = self._ledger.marks.market_time, signal.signal
        if isinstance(told, TrackingError) and now is not None:
            due_at = MarketTime(now + self._rules.response_seconds)
            self._pending.append(Pending(due_at, signal.role, told.error_ppb, packed(self._lots())))

    def second_passed(self, before: Marks, seconds: int, is_continuous: bool) -> None:  # noqa: ARG002 - a part
        now = self._ledger.marks.market_time
        while self._pending and now is not None and self._pending[0].due_at <= now:
            self._answered(self._pending.popleft())

    def session_ended(self) -> None:
        while self._pending:
            self._answered(self._pending.popleft())

    def inputs(self, row: int, excluded: Sequence[ValuedTrade]) -> Mapping[str, int]:  # noqa: ARG002 - has no values
        response, signalled = self._sums[:, row].tolist()
        return {"response_ppb_ppm": response, "signalled_ppb": signalled}

    def _answered(self, signal: Pending) -> None:
        then, size = unpacked(signal.lots), abs(signal.error_ppb)
        sold = (then - self._lots()[: len(then)]) * np.sign(signal.error_ppb)
        shares = np.clip(sold // self._rules.response_lots, 0, PPM)
        of_role = [each.role == signal.role for each in self._ledger.participants[: len(then)]]
        response, signalled = self._sums[:, : len(then)]
        response[of_role] += size * shares[of_role]
        signalled[of_role] += size

    def _lots(self) -> Integers:
        return self._exposures.at(self._ledger.marks).balanced_lots

    def state(self) -> ResponseState:
        return ResponseState(list(self._pending), packed(self._sums))

    def restore(self, state: ResponseState) -> None:
        self._pending, self._sums = deque(state.pending), unpacked(state.sums)
