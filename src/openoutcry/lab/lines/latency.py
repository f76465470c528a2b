"""How long what a team sends and gets is on its way: drawn for each team from numbers of its own, in microseconds.

Every model is of round trips, as a bot measures them: from a request to its verdict. Each way takes half.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final, Protocol

from msgspec import Struct

from openoutcry.lab.lines.round_trips import read_round_trips

_MS_US: Final = 1_000
LONGEST_MS: Final = 10_000.0
"""The longest round trip. What a model gives beyond is cut."""


class Latency(Protocol):
    """Of one team."""

    def there(self) -> int:
        """Microseconds that a request takes to the exchange."""

    def back(self) -> int:
        """Microseconds that an answer or messages take to the bot."""


class LatencyModel(Protocol):
    def of_team(self, rng: Random) -> Latency:
        """That of a team with these random numbers, which nothing else draws from."""


class _Constant(Struct, frozen=True):
    one_way_us: int

    def of_team(self, _rng: Random) -> Latency:
        return self

    def there(self) -> int:
        return self.one_way_us

    def back(self) -> int:
        return self.one_way_us


class _LogNormal(Struct, frozen=True):
    median_ms: float
    sigma: float

    def of_team(self, rng: Random) -> Latency:
        return _Drawn(lambda: self.median_ms * rng.lognormvariate(0, self.sigma))


class _Measured(Struct, frozen=True):
    round_trips_ms: tuple[float, ...]

    def of_team(self, rng: Random) -> Latency:
        return _Drawn(lambda: rng.choice(self.round_trips_ms))


class _Drawn:
    """Each journey is half of a round trip that is drawn for it."""

    def __init__(self, draw: "Draw") -> None:
        self._draw = draw

    def there(self) -> int:
        return round(min(self._draw(), LONGEST_MS) * _MS_US / 2)

    back = there


class Draw(Protocol):
    def __call__(self) -> float: ...


def constant(milliseconds: float) -> LatencyModel:
    """Every round trip takes so long. Raises `ValueError` unless it is 0 to `LONGEST_MS`."""
    _check("milliseconds", milliseconds)
    return _Constant(round(milliseconds * _MS_US / 2))


def log_normal(median_ms: float, sigma: float) -> LatencyModel:
    """Half of the round trips are longer than `median_ms`; with sigma 0.5 one in 40 takes more than 2.7 times as long.

    Raises `ValueError` unless the median is 0 to `LONGEST_MS`, and sigma 0 to 5.
    """
    _check("median_ms", median_ms)
    if not 0 <= sigma <= 5:
        raise ValueError(f"sigma is {sigma}: it must be 0 to 5; 0.5 is common")
    return _LogNormal(median_ms, sigma)


def measured(round_trips_ms: Sequence[float]) -> LatencyModel:
    """Each round trip is one of these, by chance. Raises `ValueError` if there are none, or one is out of bounds."""
    if not round_trips_ms:
        raise ValueError("there are no round trips: at least one must have been measured")
    for each in round_trips_ms:
        _check("a round trip", each)
    return _Measured(tuple(map(float, round_trips_ms)))


def _check(what: str, milliseconds: float) -> None:
    if not 0 <= milliseconds <= LONGEST_MS:  # neither is a number that is none
        raise ValueError(f"{what} is {milliseconds}: it must be 0 to {LONGEST_MS:,.0f} milliseconds")


DEFAULT: Final = constant(2)
"""A round trip of 2 ms: a bot on a machine beside the exchange's."""


def latency_of(text: str) -> LatencyModel:
    """As on the command line: milliseconds such as `5`, `lognormal:MEDIAN,SIGMA`, or a file of round trips.

    Raises `ValueError` with a sentence.
    """
    kind, colon, numbers = text.partition(":")
    if colon and kind == "lognormal":
        median, _, sigma = numbers.partition(",")
        try:
            return log_normal(float(median), float(sigma))
        except ValueError as error:
            told = str(error) if "must be" in str(error) else "write lognormal:MEDIAN_MS,SIGMA, such as lognormal:5,0.5"
            raise ValueError(f"{text!r}: {told}") from None
    try:
        milliseconds = float(text)
    except ValueError:
        return measured(read_round_trips(Path(text)))
    return constant(milliseconds)
