"""News: a headline, and what it says of its effect, which nobody is told."""

from typing import Final

from msgspec import Struct


class NewsOdds(Struct, frozen=True, array_like=True, gc=False):
    """Chances of each effect of a headline, in percent, together 100."""

    regime_shift: int = 40
    price_jump: int = 30
    no_effect: int = 30


DEFAULT_ODDS: Final = NewsOdds()


class NewsItem(Struct, frozen=True, array_like=True, gc=False):
    """A headline as everybody is told it."""

    text: str
    category: str
    odds: NewsOdds = DEFAULT_ODDS
