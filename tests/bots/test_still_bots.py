"""The example bots of a market whose prices stand still: what they make of the prices that they see."""

from itertools import pairwise
from random import Random
from statistics import correlation, mean

import pytest
from bot_stage import EXAMPLE, PUT, Acting
from msgspec import structs
from venues import CALL

from openoutcry.bots.mean_reverter import MeanReverter
from openoutcry.bots.noise_trader import NoiseTrader
from openoutcry.bots.textbook_market_maker import Opinion, TextbookMarketMaker
from openoutcry.bots.trend_follower import TrendFollower
from openoutcry.client.bot.line import Amend, Cancel, Quote, Submit, Verdict
from openoutcry.protocol.requests import OrderRequest
from openoutcry.protocol.responses import ApiError, QuoteResult
from openoutcry.protocol.stream import PositionUpdate, TopOfBook


def top(bid, ask, instrument_id=CALL):
    return structs.replace(
        EXAMPLE[TopOfBook], instrument_id=instrument_id, bid_price=bid, bid_quantity=10, ask_price=ask, ask_quantity=10
    )


def holding(position, instrument_id=CALL):
    return structs.replace(EXAMPLE[PositionUpdate], instrument_id=instrument_id, position=position)


def orders_of(acting):
    return [question.order for question in acting.line.asked if isinstance(question, Submit)]


def quotes_of(acting):
    (question,) = (each for each in acting.line.asked if isinstance(each, Quote))
    return {quote.instrument_id: quote for quote in question.request.quotes}


# ---- the maker


def test_the_maker_quotes_around_the_textbook_s_value():
    maker = Acting(TextbookMarketMaker)
    call, put = (maker.bot.worth(maker.bot.instruments[name]) for name in (CALL, PUT))
    assert call == pytest.approx(put) == pytest.approx(145.6, abs=0.1), "at the money, 60 days from the expiry"
    maker.line.pass_seconds(0.5)
    quotes = quotes_of(maker)
    assert quotes.keys() == {CALL, PUT}
    assert quotes[CALL].bid_price < call < quotes[CALL].ask_price
    assert (quotes[CALL].bid_quantity, quotes[CALL].ask_quantity) == (10, 10)


def test_its_values_lie_on_the_right_side_of_intrinsic():
    maker = Acting(TextbookMarketMaker)
    call, put = (maker.bot.worth(structs.replace(maker.bot.instruments[name], strike=4_300.0)) for name in (CALL, PUT))
    assert call > 200 > put > 0
    assert call - put == pytest.approx(200)
    spot = structs.replace(maker.bot.instruments[CALL], strike=None, expiry=None, kind="spot")
    assert maker.bot.worth(spot) == 4_500
    assert maker.bot.worth(structs.replace(spot, underlying="GOLD")) is None


def test_the_maker_moves_its_prices_against_its_position_and_stops_at_its_limit():
    quotes = {}
    for position in (0, 30, 50):
        maker = Acting(TextbookMarketMaker)
        maker.hear(holding(position))
        maker.line.pass_seconds(0.5)
        quotes[position] = quotes_of(maker)[CALL]
    assert quotes[30].ask_price < quotes[0].ask_price
    assert quotes[30].bid_price < quotes[0].bid_price
    assert (quotes[50].bid_price, quotes[50].ask_quantity) == (None, 10)


@pytest.mark.parametrize(("better", "side"), [((1.0, 2.0), "buy"), ((300.0, 301.0), "sell")])
def test_the_maker_trades_where_somebody_shows_a_better_price(better, side):
    maker = Acting(TextbookMarketMaker)
    maker.hear(top(*better))
    maker.line.pass_seconds(0.5)
    error = ApiError(code="POST_ONLY_WOULD_TRADE", message="it would trade")
    results = [QuoteResult(instrument_id=name, success=False, error=error) for name in quotes_of(maker)]
    maker.line.answer(Verdict(quotes=results), of=[isinstance(each, Quote) for each in maker.line.asked].index(True))
    (order,) = orders_of(maker)
    assert (order.instrument_id, order.side, order.quantity, order.time_in_force) == (CALL, side, 10, "ioc")


def test_the_maker_s_opinion_has_trends_and_comes_home_so_that_others_can_earn_from_it():
    opinion, rng, shares = Opinion(), Random(1), []
    for _ in range(20_000):
        opinion.step(rng)
        shares.append(opinion.share)
    changes = [later - earlier for earlier, later in pairwise(shares)]
    assert correlation(changes[:-1], changes[1:]) > 0.5, "what rises goes on rising, for a while"
    assert correlation(shares[:-200], shares[200:]) < 0.1, "and where it stood is forgotten"
    assert mean(map(abs, shares)) * 4_500 * 0.5 > 2 * TextbookMarketMaker.half_spread * 40, (
        "it moves an option further than its spread"
    )


# ---- those who take the maker's prices


def prices_come(acting, *middles):
    """Tops of book a look apart, without the answers to what was asked meanwhile."""
    for middle in middles:
        acting.line.questions.clear()
        acting.hear(top(middle - 0.5, middle + 0.5))
        acting.line.pass_seconds(0.5)


@pytest.mark.parametrize(("step", "side", "price"), [(1.0, "buy", 109.5), (-1.0, "sell", 90.5)])
def test_the_follower_trades_with_a_trend_and_closes_when_it_fades(step, side, price):
    follower = Acting(TrendFollower)
    prices_come(follower, *(100 + step * number for number in range(10)))
    (order,) = orders_of(follower)
    assert (order.side, order.quantity, order.time_in_force) == (side, 3, "ioc")
    assert order.price == price, "what the other side shows"
    follower.hear(holding(2 if side == "buy" else -2))
    prices_come(follower, *[100 + step * 9] * 100)
    (order,) = orders_of(follower)
    assert (order.side, order.quantity) == ("sell" if side == "buy" else "buy", 2)


def test_the_follower_holds_no_more_than_it_may():
    follower = Acting(TrendFollower)
    follower.hear(holding(29))
    prices_come(follower, *range(100, 110))
    assert [order.quantity for order in orders_of(follower)] == [1]
    follower.hear(holding(30))
    prices_come(follower, 111)
    assert orders_of(follower) == []


@pytest.mark.parametrize(("jump", "side", "price"), [(110.0, "sell", 110.17), (90.0, "buy", 89.83)])
def test_the_reverter_offers_what_is_dear_inside_the_spread_and_bids_for_what_is_cheap(jump, side, price):
    reverter = Acting(MeanReverter)
    prices_come(reverter, 100.0, 100.2, jump)
    (order,) = orders_of(reverter)
    assert (order.side, order.quantity, order.price, order.time_in_force) == (side, 4, price, "day")


def test_the_reverter_works_one_order_in_each_instrument():
    reverter = Acting(MeanReverter)
    prices_come(reverter, 100.0, 100.2, 110.0)
    reverter.line.accept("ORD_1", of=[isinstance(each, Submit) for each in reverter.line.asked].index(True))
    prices_come(reverter, 112.0)
    (amend,) = (each for each in reverter.line.asked if isinstance(each, Amend))
    assert amend.terms.price == 112.17
    prices_come(reverter, 100.0)
    assert reverter.line.asked == [Cancel("ORD_1")]


# ---- noise


def test_noise_is_small_orders_at_the_market_or_at_the_own_best_price():
    noise = Acting(NoiseTrader)
    noise.hear(top(99.0, 101.0))
    orders: list[OrderRequest] = []
    for _ in range(200):
        noise.line.pass_seconds(0.25)
        orders += orders_of(noise)
        noise.line.questions.clear()
    assert {order.instrument_id for order in orders} == {CALL}, "where something is shown"
    assert {(order.side, order.price) for order in orders} == {
        ("buy", 99.0), ("sell", 101.0), ("buy", None), ("sell", None)
    }  # fmt: skip
    assert {order.quantity for order in orders} == {1, 2, 3, 4, 5}


def test_noise_that_holds_enough_only_reduces():
    noise = Acting(NoiseTrader)
    noise.hear(top(99.0, 101.0), holding(-30))
    for _ in range(50):
        noise.line.pass_seconds(0.25)
    assert {order.side for order in orders_of(noise)} == {"buy"}
