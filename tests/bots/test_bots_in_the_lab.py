"""The example bots in the lab: each trades there as it says, within its duties, and nothing of it fails."""

import pytest

from openoutcry.bots.auction_trader import AuctionTrader
from openoutcry.bots.index_arbitrageur import IndexArbitrageur
from openoutcry.bots.option_market_maker import OptionMarketMaker
from openoutcry.bots.retail_trader import RetailTrader
from openoutcry.bots.volatility_trader import VolatilityTrader
from openoutcry.lab import run_match

HOUR = 3_600


@pytest.fixture(scope="module")
def played():
    """The last hour of a day, with all of them."""
    bots = [OptionMarketMaker, VolatilityTrader, IndexArbitrageur, AuctionTrader, RetailTrader]
    return run_match(bots, "intern_fast", seed=2, seconds=HOUR)


def test_each_trades_and_none_fails(played):
    assert [(bot.name, bot.failures, bot.stop_reason) for bot in played.bots if bot.failures or bot.stop_reason] == []
    assert [bot.name for bot in played.bots if bot.fills == 0] == []


def test_the_exchange_refuses_few_of_their_requests(played):
    """Sides of quotes that would trade are no fault of the bot: the market was faster."""
    for bot in played.bots:
        refused = {code: number for code, number in bot.refusals.items() if code != "POST_ONLY_WOULD_TRADE"}
        assert sum(refused.values()) <= max(2, bot.asked / 50), (bot.name, refused)


def test_no_sanction_is_raised(played):
    assert {bot.name: bot.highest_level for bot in played.bots if bot.highest_level} == {}
