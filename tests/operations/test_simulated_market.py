"""What anybody can ask of the simulated market: its headlines, and its prices."""

from types import SimpleNamespace

from day_stage import Listener, scenario_of_a_day

from openoutcry.access.caller import Caller
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.bootstrap.projections import projections_of
from openoutcry.domain.events import NewsPublished
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.operations.market import list_news, show_market
from openoutcry.protocol.queries import NewsQuery

SHORT = "call = 09:00:00\nopening = 09:05:00\nclose = 09:35:00"
MARKET = "[pricing]\n[world]\nnews_gap_least_seconds = 60\nnews_gap_beyond_seconds = 120\n"
ANYBODY = Caller()


def test_headlines_are_listed_and_prices_shown_as_the_world_brings_them(tmp_path):
    heard, time = SimpleNamespace(events=[], phases=[], commands=[]), VirtualTime()
    exchange = open_in_memory(
        scenario_of_a_day(tmp_path, schedule=SHORT, more=MARKET),
        loop=time,
        clock=time,
        projections_of=lambda scenario: (*projections_of(scenario), Listener(heard)),
        seed=5,
    )
    exchange.driver.start_session()
    exchange.driver.stop()
    prices = set()
    while exchange.driver.tick():
        market = show_market(exchange, ANYBODY).data
        underlyings = exchange.sequencer.queries.day().underlyings
        assert market.underlyings == {symbol: price / MONEY_UNITS for symbol, price in underlyings.items()}
        prices.add(market.underlyings["SPX"])
    assert len(prices) > 1_000

    told = [event for event in heard.events if isinstance(event, NewsPublished)]
    shown = list_news(exchange, ANYBODY, NewsQuery()).data.news
    assert len(told) > 3
    assert [(each.news_id, each.headline, each.category) for each in shown] == [
        (f"NEWS_{number}", event.headline, event.category) for number, event in enumerate(told, start=1)
    ]
    assert {each.market_time[-6:] for each in shown} == {"-04:00"}
