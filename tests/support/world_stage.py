"""A simulated market for tests: rules with news and signals, seeds, and worlds drawn of them."""

import hashlib
from functools import cache
from typing import Final

from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import ForecastRules, MarketRules, TrackingRules
from openoutcry.simulation.world.drawing import draw
from openoutcry.simulation.world.world import World

SECONDS: Final = 19_800
OPENING: Final = 45_000_000
RATIO: Final = 10

RULES: Final = MarketRules(
    headlines=(
        Headline(text="Rates cut by surprise", category="macro", jump_sign=1),
        Headline(text="Bank asks for help", category="credit", jump_sign=-1),
        Headline(text="Nobody knows", category="rumour", weight=2),
    ),
    forecast=ForecastRules(),
    tracking=TrackingRules(),
)


def seed_of(number: int) -> bytes:
    """What `--seed N` stands for."""
    return hashlib.sha256(str(number).encode()).digest()


@cache
def world_of(number: int, seconds: int = SECONDS) -> World:
    """The default game's world of this seed."""
    return draw(RULES, seed_of(number), seconds, OPENING, RATIO)
