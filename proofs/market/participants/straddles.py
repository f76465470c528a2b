"""A delta-hedged book: straddles at the money, bought in one expiry and sold in the next, hedged each second."""

from typing import Final

from proofs.market.stage import INDEX, Seat

SIZE: Final = 20
"""Straddles of each expiry."""
AT_ONCE: Final = 10
LARGEST_DELTA: Final = 1.0


class Straddles:
    role = "hedge_fund"
    milliseconds = 250

    def __init__(self) -> None:
        self._targets: dict[str, int] = {}

    def act(self, seat: Seat) -> None:
        if not self._targets:
            self._targets = _straddles(seat)
        seat.hold(self._targets, AT_ONCE)
        seat.hedge(LARGEST_DELTA)


def _straddles(seat: Seat) -> dict[str, int]:
    """Of the nearest expiry bought, of the next one sold, and so on."""
    spot = seat.shown.underlyings[INDEX]
    terms = [(str(one.instrument_id), one.option) for one in seat.options if one.underlying == INDEX and one.option]
    targets: dict[str, int] = {}
    for number, expiry in enumerate(sorted({option.expiry for _, option in terms})):
        of_expiry = [(name, option.strike) for name, option in terms if option.expiry == expiry]
        strike = min((abs(strike - spot), strike) for _, strike in of_expiry)[1]
        size = -SIZE if number % 2 else SIZE
        targets |= {name: size for name, each in of_expiry if each == strike}
    return targets
