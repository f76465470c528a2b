"""News of a session: when they come, which headline, and what it does. Nothing of it depends on the regime but where a
shift leads, which `regimes` finds out.
"""

import math
from typing import Final, NamedTuple

from openoutcry.domain.simulation.headlines import Headline, NewsEffect
from openoutcry.domain.simulation.world_rules import MarketRules, WorldRules
from openoutcry.domain.types import PPM
from openoutcry.simulation.world.chance import Chance

MICROSECONDS: Final = 1_000_000
LARGEST_JUMP_PPM: Final = 500_000
"""A drawn jump is cut to it: half the price."""
_PERCENT: Final = 100


class News(NamedTuple):
    """An item of news at work from `second` on: the price of that second has its jump, its regime is the new one."""

    second: int
    headline: int | None
    """Its place among the rules' headlines; None: the organiser's."""
    shift_odds_percent: int
    """How likely it shifts the regime, as far as anybody is told by the odds of a headline."""
    effect: NewsEffect | None
    """None: a shift of the regime, to the one that `shift_chance` leads to."""
    shift_chance: int
    """0 to 999,999: which of the regimes that may follow it is."""


def draw_news(rules: MarketRules, chance: Chance, after: int, seconds: int) -> list[News]:
    """News later than the second `after` and before the close, the last of `seconds`, in order."""
    if not rules.headlines:
        return []
    drawn: list[News] = []
    instant = after * MICROSECONDS
    while True:
        instant += _gap(rules.world, chance)
        second = -(-instant // MICROSECONDS)
        if second >= seconds:
            return drawn
        drawn.append(_item(rules, chance, second))


def _gap(rules: WorldRules, chance: Chance) -> int:
    """In microseconds."""
    beyond = chance.exponential(rules.news_gap_beyond_seconds * MICROSECONDS)
    return rules.news_gap_least_seconds * MICROSECONDS + max(round(beyond), 1)


def _item(rules: MarketRules, chance: Chance, second: int) -> News:
    """Takes as many words whatever comes of them."""
    place = _by_weight(rules.headlines, chance)
    headline, odds = rules.headlines[place], rules.headlines[place].odds
    kind, shift_chance = chance.below(_PERCENT), chance.below(PPM)
    jump = _jump_ppm(rules.world, headline, chance)
    effect: NewsEffect | None
    if kind < odds.regime_shift:
        effect = None
    elif kind < odds.regime_shift + odds.price_jump:
        effect = NewsEffect(jump_ppm=jump)
    else:
        effect = NewsEffect()
    return News(second, place, odds.regime_shift, effect, shift_chance)


def _by_weight(headlines: tuple[Headline, ...], chance: Chance) -> int:
    left = chance.below(sum(headline.weight for headline in headlines))
    for place, headline in enumerate(headlines):
        left -= headline.weight
        if left < 0:
            return place
    raise AssertionError("a chance below the sum of weights is within one of them")


def _jump_ppm(rules: WorldRules, headline: Headline, chance: Chance) -> int:
    """Log-normal, with the sign of the headline."""
    spread = rules.jump_spread_ppm / PPM
    size = rules.jump_ppm * math.exp(spread * chance.normal() - spread * spread / 2)
    rises = chance.below(2)
    return (headline.jump_sign or 2 * rises - 1) * min(round(size), LARGEST_JUMP_PPM)
