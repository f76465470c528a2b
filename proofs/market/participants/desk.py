"""An arbitrage desk on its signal: the tracker against options on the index that move as the index does."""

from typing import Final

from proofs.market.stage import INDEX, TRACKER, Seat

SIZE: Final = 20
"""Contracts of each option."""
OPTIONS: Final = 4
AT_ONCE: Final = 10
LEAST_ERROR: Final = 0.00055
"""Of the index. Its signal comes earlier; but both ways, both spreads cost some three quarters of that."""
LEAST_DELTA: Final = 0.85
"""Of an option."""
LARGEST_DELTA: Final = 2.0
"""Of the portfolio; beyond it the tracker is traded."""


class Desk:
    role = "arbitrage_desk"
    milliseconds = 250

    def __init__(self) -> None:
        self._side = 0
        """1 while the tracker is held, -1 while it is sold short."""
        self._wanted = 0
        """The same, of the last signal, until the error is gone."""
        self._targets: dict[str, int] = {}

    def act(self, seat: Seat) -> None:
        underlyings = seat.shown.underlyings
        error = 10 * underlyings[TRACKER] / underlyings[INDEX] - 1
        for signal in seat.signals:
            self._wanted = -1 if signal.direction == "SPY_RICH" else 1
        seat.signals.clear()
        if error * self._wanted >= 0:
            self._wanted = 0
        if error * self._side >= 0 and self._side:
            self._side, self._targets = 0, dict.fromkeys(self._targets, 0)
        if self._wanted and not self._side and abs(error) >= LEAST_ERROR:
            self._side = self._wanted
            self._targets = dict.fromkeys(self._targets, 0) | dict.fromkeys(_options(seat, self._side), SIZE)
        seat.hold(self._targets, AT_ONCE)
        seat.hedge(LARGEST_DELTA)


def _options(seat: Seat, side: int) -> list[str]:
    """Calls while the tracker is short, else puts: those deepest in the money, nearest expiry first."""
    wanted = "call" if side < 0 else "put"
    deep = [
        (one.option.expiry, -abs(seat.delta_of(one.instrument_id)), str(one.instrument_id))
        for one in seat.options
        if one.underlying == INDEX
        and one.option is not None
        and one.option.option_type == wanted
        and abs(seat.delta_of(one.instrument_id)) >= LEAST_DELTA
    ]
    return [name for _, _, name in sorted(deep)[:OPTIONS]]
