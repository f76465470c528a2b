"""What the organiser tells everybody."""

from typing import final

from msgspec import Struct

from openoutcry.domain.commands.why import Why
from openoutcry.domain.day.news import NewsOdds


@final
class PublishNews(Struct, frozen=True, array_like=True, tag="publish_news"):
    """Tell everybody a headline. The odds of its effects are public; what it does to prices is not in this command."""

    headline: str
    category: str
    odds: NewsOdds
    why: Why | None = None


@final
class Announce(Struct, frozen=True, array_like=True, tag="announce"):
    """Tell everybody something that is not part of the market."""

    text: str
    why: Why | None = None
