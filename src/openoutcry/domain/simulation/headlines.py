"""Headlines of the simulated news, and what an item of news does to the market."""

from typing import Final, Literal

from msgspec import Struct

from openoutcry.domain.day.news import DEFAULT_ODDS, NewsOdds

Regime = Literal["low", "medium", "high"]
"""Of volatility. Nobody is told which one it is."""

REGIMES: Final[tuple[Regime, ...]] = ("low", "medium", "high")


class Headline(Struct, frozen=True, kw_only=True):
    """One line of news that may come. Its text, category and odds are public."""

    text: str
    category: str
    odds: NewsOdds = DEFAULT_ODDS
    jump_sign: int = 0
    """Which way prices jump, if they do: 1 up, -1 down, 0 as chance has it. The signs, weighted, add up to 0."""
    weight: int = 1
    """How often it comes, beside the others."""


class NewsEffect(Struct, frozen=True, array_like=True, gc=False):
    """What an item of news does, from the market second after it on; None: nothing of that kind. Nobody is told."""

    regime: Regime | None = None
    jump_ppm: int | None = None
    """Of the index's price, up or down."""
