"""What the organiser tells everybody."""

from typing import final

from msgspec import Struct

from openoutcry.domain.commands.why import Why
from openoutcry.domain.day.news import NewsOdds
from openoutcry.domain.simulation.headlines import NewsEffect


@final
class PublishNews(Struct, frozen=True, array_like=True, tag="publish_news"):
    """Tell everybody a headline. The odds of its effects are public.

    `effect`: what it does to the simulated market from the next market second on; nobody is told. None: nothing.
    """

    headline: str
    category: str
    odds: NewsOdds
    effect: NewsEffect | None = None
    why: Why | None = None


@final
class Announce(Struct, frozen=True, array_like=True, tag="announce"):
    """Tell everybody something that is not part of the market."""

    text: str
    why: Why | None = None
