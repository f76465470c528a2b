"""Which of the example bots trade together, by the kind of market."""

from typing import Final

from msgspec import Struct

from openoutcry import Bot
from openoutcry.bots.auction_trader import AuctionTrader
from openoutcry.bots.index_arbitrageur import IndexArbitrageur
from openoutcry.bots.mean_reverter import MeanReverter
from openoutcry.bots.noise_trader import NoiseTrader
from openoutcry.bots.option_market_maker import OptionMarketMaker
from openoutcry.bots.retail_trader import RetailTrader
from openoutcry.bots.textbook_market_maker import TextbookMarketMaker
from openoutcry.bots.trend_follower import TrendFollower
from openoutcry.bots.volatility_trader import VolatilityTrader


class Member(Struct, frozen=True):
    """One bot of a fleet. Its team is called `name`, with a number after it if that name is taken."""

    name: str
    bot: type[Bot]

    @property
    def role(self) -> str | None:
        return self.bot.role


STILL_FLEET: Final = (
    Member("Maker", TextbookMarketMaker),
    Member("Momentum", TrendFollower),
    Member("Reverter", MeanReverter),
    Member("Retail-A", NoiseTrader),
    Member("Retail-B", NoiseTrader),
    Member("Retail-C", NoiseTrader),
)
"""Bots that make a market of their own, where prices of underlyings stand still."""

GAME_FLEET: Final = (
    Member("Maker", OptionMarketMaker),
    Member("Volatility", VolatilityTrader),
    Member("Tracking", IndexArbitrageur),
    Member("Auction", AuctionTrader),
    Member("Retail", RetailTrader),
)
"""Bots of each role of the game, for a simulated market: they trade by its theoretical values and signals."""

FLEETS: Final = {"game": GAME_FLEET, "still": STILL_FLEET}
