"""Two-sided quotes over REST."""

import math

import pytest
from gateway_stage import CALL, PUT, journaled, rates, seed_scenario, start_api
from msgspec.structs import replace

from openoutcry.scenarios.model import Rate


def quote(bid=None, ask=None, instrument_id=CALL):
    """A side is (price, quantity), or None."""
    bid_price, bid_quantity = bid or (None, None)
    ask_price, ask_quantity = ask or (None, None)
    return {
        "instrument_id": instrument_id,
        "bid_price": bid_price,
        "bid_quantity": bid_quantity,
        "ask_price": ask_price,
        "ask_quantity": ask_quantity,
    }


async def send(team, *quotes, **options):
    return await team.put("/quotes", {"quotes": list(quotes)}, **options)


async def test_a_quote_puts_an_order_on_each_side(alice):
    reply = await send(alice, quote((99.0, 10), (101.0, 10)), quote((1.0, 5), None, PUT))
    first, second = reply.data["results"]
    assert first == {
        "instrument_id": CALL,
        "success": True,
        "bid_order_id": "ORD_67890",
        "ask_order_id": "ORD_67891",
        "error": None,
    }
    assert (second["bid_order_id"], second["ask_order_id"]) == ("ORD_67892", None)
    assert reply.data["as_of_seq"] == 3


async def test_an_unchanged_side_keeps_its_order_and_another_is_replaced(alice):
    await send(alice, quote((99.0, 10), (101.0, 10)))
    [result] = (await send(alice, quote((99.0, 10), (102.0, 10)))).data["results"]
    assert (result["bid_order_id"], result["ask_order_id"]) == ("ORD_67890", "ORD_67892")


async def test_a_null_price_takes_that_side_away(alice):
    await send(alice, quote((99.0, 10), (101.0, 10)))
    [result] = (await send(alice, quote(None, (101.0, 10)))).data["results"]
    assert (result["bid_order_id"], result["ask_order_id"]) == (None, "ORD_67891")
    assert len((await alice.get("/orders")).data["orders"]) == 1


async def test_a_side_that_would_cross_is_refused_alone(alice, bob):
    await bob.order("sell", 1, 99.0)
    [result] = (await send(alice, quote((99.0, 10), (101.0, 10)))).data["results"]
    assert (result["success"], result["bid_order_id"], result["ask_order_id"]) == (False, None, "ORD_67891")
    assert result["error"]["code"] == "POST_ONLY_WOULD_TRADE"
    assert result["error"]["details"]["side"] == "bid"


async def test_a_quantity_without_its_price_is_refused_alone_and_takes_that_side_away(alice):
    await send(alice, quote((99.0, 10), (101.0, 10)))
    [result] = (await send(alice, quote((None, 10), (101.0, 10)))).data["results"]
    assert (result["success"], result["bid_order_id"], result["ask_order_id"]) == (False, None, "ORD_67891")
    assert (result["error"]["code"], result["error"]["details"]) == ("MISSING_PRICE", {"side": "bid"})
    [result] = (await send(alice, quote((None, 0), (101.0, 10)))).data["results"]
    assert (result["success"], result["bid_order_id"]) == (True, None)


async def test_two_refused_sides_are_one_error_that_names_both(alice):
    [result] = (await send(alice, quote((99.001, 10), (101.001, 10)))).data["results"]
    assert (result["error"]["code"], result["error"]["details"]["side"]) == ("INVALID_PRICE", "both")


async def test_an_unknown_instrument_is_refused_alone(alice):
    unknown, known = (await send(alice, quote((1.0, 1), None, "SPX"), quote((1.0, 1)))).data["results"]
    assert unknown["error"]["code"] == "INVALID_INSTRUMENT"
    assert known["success"]


async def test_a_price_without_a_quantity_is_refused(alice):
    [result] = (await send(alice, quote((99.0, None), None))).data["results"]
    assert result["error"]["code"] == "INVALID_QUANTITY"


async def test_one_instrument_cannot_be_quoted_twice_in_one_request(alice):
    reply = await send(alice, quote((99.0, 1)), quote((98.0, 1)))
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == "quotes"


async def test_only_market_makers_quote(bob):
    assert (await send(bob, quote((99.0, 1)))).refusal == (403, "ROLE_NOT_PERMITTED")


FIRST, SECOND = ([quote((bid, 10), (bid + 2, 10), symbol) for symbol in (CALL, PUT)] for bid in (99.0, 98.0))


@pytest.mark.parametrize(
    ("rounds", "tokens"),
    [
        ([FIRST, SECOND], 1.2),
        ([FIRST], 1.0),
        ([[quote((99.0, 10), (101.0, 10))], [quote((99.0, 10), (102.0, 10))]], 1.05),
        ([[quote((99.0, 10))], [quote()]], 1.05),
        ([[quote((99.001, 10))]], 1.05),
        ([[quote((98.0, 10), None, "SPX")]], 1.1),
    ],
    ids=["four sides change", "nothing changes", "one side changes", "a side comes and goes", "refused", "unknown"],
)
async def test_a_request_costs_a_token_and_each_changed_or_refused_side_a_twentieth_more(
    open_on, clock, rounds, tokens
):
    scenario = seed_scenario(rate_limits=rates(orders=Rate(per_second=1.0, burst=1_000)))
    maker = await start_api(open_on(scenario), clock).team("maker")
    await send(maker, *FIRST)
    clock.advance(1_000)
    await send(maker, *rounds[-1])
    clock.advance(1_000)
    # So many times that the header, which shows whole tokens, tells a twentieth of one.
    replies = [await send(maker, *rounds[number % len(rounds)]) for number in range(11)]
    assert replies[-1].headers["x-ratelimit-remaining"] == str(math.floor(1_000 - 11 * tokens))


async def test_a_scenario_says_what_a_changed_side_costs(open_on, clock):
    limits = replace(rates(orders=Rate(per_second=1.0, burst=1_000)), changed_side_tokens=25.0)
    maker = await start_api(open_on(seed_scenario(rate_limits=limits)), clock).team("maker")
    await send(maker, *FIRST)  # four sides
    assert (await send(maker, *FIRST)).headers["x-ratelimit-remaining"] == str(1_000 - 1 - 4 * 25 - 1)


async def test_quotes_beyond_the_bucket_are_owed_and_waited_out(open_on, clock):
    scenario = seed_scenario(rate_limits=rates(orders=Rate(per_second=1.0, burst=1)))
    maker = await start_api(open_on(scenario), clock).team("maker")
    await send(maker, *(quote((99.0, 1), (101.0, 1), symbol) for symbol in (CALL, PUT)))  # 1 - 1.2
    clock.advance(1.19)
    assert (await send(maker, quote((98.0, 1)))).refusal == (429, "RATE_LIMIT_EXCEEDED")
    clock.advance(0.01)
    assert (await send(maker, quote((98.0, 1)))).status == 200


@pytest.mark.http
async def test_only_the_instruments_whose_quotes_change_reach_the_journal(alice, exchange):
    await send(alice, quote((99.0, 10), (101.0, 10)), quote((99.0, 10), None, PUT))
    unknown = quote((1.0, 1), None, "SPX")
    reply = await send(alice, quote((99.0, 10), (101.0, 10)), quote((98.0, 10), None, PUT), unknown)
    unchanged, changed, refused = reply.data["results"]
    assert (unchanged["bid_order_id"], unchanged["ask_order_id"]) == ("ORD_67890", "ORD_67891")
    assert (changed["bid_order_id"], changed["instrument_id"]) == ("ORD_67893", PUT)
    assert refused["error"]["code"] == "INVALID_INSTRUMENT"
    assert reply.headers["x-sequence"] == str(exchange.sequencer.last_sequence)
    command = journaled(exchange)[-1].command
    assert [terms.instrument_id for terms in command.quotes] == [PUT]
