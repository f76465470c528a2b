"""`POST /admin/news` with an effect: what is taken, and that nobody but organisers is ever told of it."""

import json

import msgspec
import pytest
from gateway_stage import journaled, seed_scenario, start_api
from msgspec import structs
from stream_stage import connected

from openoutcry.domain import commands
from openoutcry.domain.commands import PhaseAt
from openoutcry.domain.simulation.headlines import NewsEffect
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.gateway.rest.routes import ROUTES
from openoutcry.scenarios.model import under_rulebook

SIMULATED = under_rulebook(
    seed_scenario(market=MarketRules()), structs.replace(seed_scenario().rulebook, opening_phase="closed")
)
HEADLINE = {"headline": "Central bank raises rates"}
START = commands.StartSession(
    "2024-01-15", 0, (PhaseAt("continuous", 1_000, 1_000), PhaseAt("closed", 9_000, 9_000)), 1_000, 7
)


def odds(*, shift, jump):
    return {"regime_shift": shift, "price_jump": jump, "no_effect": 100 - shift - jump}


@pytest.fixture
async def exchange(open_on):
    exchange = open_on(SIMULATED)
    exchange.sequencer.perform(START)
    return exchange


@pytest.fixture
async def api(exchange):
    return start_api(exchange)


@pytest.mark.parametrize(
    ("asked", "effect"),
    [
        ({"regime": "high"}, NewsEffect("high", None)),
        ({"jump_percent": -0.5}, NewsEffect(None, -5_000)),
        ({"regime": "low", "jump_percent": 20}, NewsEffect("low", 200_000)),
        ({"jump_percent": 0.0001}, NewsEffect(None, 1)),
        ({"jump_percent": 1, "odds": odds(shift=0, jump=1)}, NewsEffect(None, 10_000)),
        ({"odds": odds(shift=0, jump=0)}, NewsEffect()),
        # The rest of the world is drawn anew all the same: the time that it takes tells nothing.
        ({"regime": None, "jump_percent": None}, NewsEffect()),
        ({}, NewsEffect()),
    ],
)
async def test_the_effect_is_in_the_command_and_kept_for_the_session(exchange, api, asked, effect):
    assert (await api.organiser.post("/admin/news", HEADLINE | asked)).status == 200
    assert journaled(exchange)[-1].command.effect == effect
    assert exchange.sequencer.queries.day().effects == ((1_000, effect),)


async def test_a_headline_outside_of_a_session_has_no_effect(open_on):
    exchange = open_on(SIMULATED)
    assert (await start_api(exchange).organiser.post("/admin/news", HEADLINE)).status == 200
    assert journaled(exchange)[-1].command.effect is None


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({"regime": "wild"}, "regime", "low, medium, high"),
        ({"regime": 1}, "regime", "str"),
        ({"jump_percent": 0}, "jump_percent", "at least 0.0001"),
        ({"jump_percent": 0.00004}, "jump_percent", "at least 0.0001"),
        ({"jump_percent": 20.001}, "jump_percent", "20"),
        ({"jump_percent": -21}, "jump_percent", "-20"),
        ({"jump_percent": "high"}, "jump_percent", "float"),
        ({"jump_percent": -1, "odds": odds(shift=40, jump=0)}, "odds", "price_jump has a chance of 0"),
        ({"regime": "high", "odds": odds(shift=0, jump=60)}, "odds", "regime_shift has a chance of 0"),
        ({"regime": "low", "jump_percent": 1, "odds": odds(shift=100, jump=0)}, "odds", "leave jump_percent out"),
    ],
)
async def test_what_is_no_effect_is_refused_by_its_field(exchange, api, asked, field, said):
    reply = await api.organiser.post("/admin/news", HEADLINE | asked)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == field
    assert said in reply.error["message"]
    assert exchange.sequencer.last_sequence == 1


@pytest.mark.parametrize("asked", [{"regime": "high"}, {"jump_percent": 1.5}])
async def test_without_a_simulated_market_news_move_nothing(open_on, asked):
    reply = await start_api(open_on()).organiser.post("/admin/news", HEADLINE | asked)
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert "no simulated market" in reply.error["message"]


async def test_news_with_an_effect_need_a_session_under_way(exchange, api):
    exchange.sequencer.perform(commands.EndSession())
    reply = await api.organiser.post("/admin/news", HEADLINE | {"regime": "high"})
    assert reply.refusal == (409, "MARKET_CLOSED")
    assert (await api.organiser.post("/admin/news", HEADLINE)).status == 200


async def test_the_organiser_s_list_of_actions_shows_the_effect(api):
    await api.organiser.post("/admin/news", HEADLINE)
    await api.organiser.post("/admin/news", HEADLINE | {"regime": "high", "jump_percent": -1.25})
    quiet, loud = (await api.organiser.get("/admin/actions")).data["actions"]
    assert loud["terms"] == quiet["terms"] | {"regime": "high", "jump_percent": -1.25}


async def test_no_public_route_and_no_message_tells_the_effect(exchange, api):
    """The same headline with an effect and without: but for ids and times all that is told of both is the same."""
    alice = await api.team("alice")
    loud = HEADLINE | {"regime": "high", "jump_percent": 17.1717}
    async with connected(exchange, alice.headers) as hers:
        await hers.ask("subscribe", channels=["market", "underlyings", "greeks:*", "trades:*"])
        quiet_reply = await api.organiser.post("/admin/news", HEADLINE)
        loud_reply = await api.organiser.post("/admin/news", loud)
        hers.say({"op": "ping"})
        messages = []
        while (message := await hers.next()).type != "ack":
            messages.append(msgspec.to_builtins(message))
    told_quiet, told_loud = (message for message in messages if message["type"] == "news")
    assert without_ids(told_loud) == without_ids(told_quiet)
    assert without_ids(loud_reply.data["news"]) == without_ids(quiet_reply.data["news"])

    routes = [row for row in ROUTES if row.method == "GET" and row.access != "organiser" and "{" not in row.path]
    assert len(routes) > 8
    for row in routes:
        for who in (api, alice):
            body = (await who.get(row.path)).body
            assert b"17.1717" not in body
            assert b"171717" not in body
            assert b"jump_percent" not in body
            assert b'"regime"' not in body
    assert "17.1717" not in json.dumps(messages)
    assert exchange.sequencer.queries.day().effects == ((1_000, NewsEffect()), (1_000, NewsEffect("high", 171_717)))


def without_ids(news):
    return {name: value for name, value in news.items() if name not in ("news_id", "timestamp", "sequence")}
