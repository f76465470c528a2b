"""`GET /admin/teams`: what an organiser watches of each team."""

from datetime import datetime, timedelta

from gateway_stage import CALL, HandClock, rates, role_rules, seed_scenario, start_api
from stream_stage import connected

from openoutcry.domain.commands import NO_KEY, RegisterTeam


async def overview(api, query=""):
    return {team["team_name"]: team for team in (await api.organiser.get("/admin/teams", query=query)).data["teams"]}


async def test_a_team_that_has_done_nothing(api, alice):
    fresh = (await overview(api))["alice"]
    assert (fresh["team_id"], fresh["owner"], fresh["has_key"]) == (alice.team_id, None, True)
    assert (fresh["connections"], fresh["last_seen"], fresh["orders"]) == (0, None, 0)
    assert (fresh["refusals"], fresh["positions"], fresh["sanctions"]["level"]) == ({}, {}, 0)
    account = (await alice.get("/account")).data["account"]
    assert fresh["equity"] == account["cash"]


async def test_orders_positions_equity_and_use_of_limits(api, alice, bob):
    await alice.order("sell", 10, 100.0)
    await bob.order("buy", 4, 100.0)
    await bob.order("buy", 3, 90.0)
    teams = await overview(api)
    maker, fund = teams["alice"], teams["bob"]
    assert (maker["orders"], fund["orders"]) == (1, 2)
    assert (maker["positions"], fund["positions"]) == ({CALL: -4}, {CALL: 4})
    assert maker["limits"]["position"] == {"used": 10.0, "limit": 50.0}
    assert fund["limits"]["open_orders"]["used"] == 1
    for team, name in ((alice, "alice"), (bob, "bob")):
        account = (await team.get("/account")).data["account"]
        for field in ("equity", "duties", "sanctions", "reduce_only"):
            assert teams[name][field] == account[field]
        assert teams[name]["pnl"] == account["realized_pnl"] + account["unrealized_pnl"] - account["fees_paid"]
    assert maker["pnl"] < 0 or fund["pnl"] < 0  # fees, at least


async def test_refusals_of_every_kind_are_counted_by_code(open_on):
    clock = HandClock()
    scenario = role_rules(seed_scenario(rate_limits=rates(orders=6)), "market_maker", maximum_open_orders=1)
    api = start_api(open_on(scenario), clock)
    alice = await api.team("alice")
    await alice.order("buy", 1, 90.0)
    await alice.order("buy", 1, 91.0)  # open orders
    await alice.order("buy", 0, 91.0)
    await alice.post("/orders", {"instrument_id": CALL})  # malformed
    await alice.delete("/orders/ORD_1")
    quote = {"instrument_id": CALL, "bid_price": 89.001, "bid_quantity": 1, "ask_price": 110.0, "ask_quantity": 1}
    await alice.put("/quotes", {"quotes": [quote]})
    for _ in range(3):
        await alice.order("sell", 1, 200.0)
    refusals = (await overview(api))["alice"]["refusals"]
    assert refusals["OPEN_ORDER_LIMIT_EXCEEDED"] >= 1
    for code in ("INVALID_QUANTITY", "MALFORMED_REQUEST", "CANCEL_FAILED", "INVALID_PRICE"):
        assert refusals[code] == 1, refusals
    assert refusals["RATE_LIMIT_EXCEEDED"] >= 1
    assert list(refusals.values()) == sorted(refusals.values(), reverse=True)


async def test_what_an_organiser_is_refused_is_no_team_s(api, alice):
    await api.organiser.post(f"/admin/teams/{alice.team_id}/rotate-key", {"reason": ""})
    await api.organiser.post("/admin/instruments/NOPE/halt")
    await alice.get("/admin/teams")
    assert (await overview(api))["alice"]["refusals"] == {}


async def test_it_tells_when_a_team_was_last_seen(api, alice, clock):
    asked = (await alice.get("/positions")).json["timestamp"]
    clock.advance(90)
    reply = await api.organiser.get("/admin/teams")
    told, seen = (
        datetime.fromisoformat(text) for text in (reply.json["timestamp"], reply.data["teams"][0]["last_seen"])
    )
    assert told - seen == timedelta(seconds=90)
    await alice.get("/positions")
    assert (await overview(api))["alice"]["last_seen"] > asked


async def test_it_tells_who_is_connected(exchange, api, alice, bob):
    async with connected(exchange, alice.headers) as client:
        await client.next()
        teams = await overview(api)
        assert (teams["alice"]["connections"], teams["bob"]["connections"]) == (1, 0)


async def test_a_team_without_a_key_is_marked(exchange, api, alice):
    exchange.sequencer.perform(RegisterTeam("House", "market_maker", NO_KEY))
    assert [team["has_key"] for team in (await overview(api)).values()] == [True, False]


async def test_owners_are_shown_and_pages_go_on(api):
    for number in range(5):
        await api.organiser.post(
            "/admin/teams", {"team_name": f"Team {number}", "role": "retail", "owner": "Ann" if number else None}
        )
    data = (await api.organiser.get("/admin/teams", query="limit=2")).data
    assert ([team["owner"] for team in data["teams"]], data["omitted"]) == ([None, "Ann"], 3)
    assert "market_maker" in data["roles"]
    rest = (await api.organiser.get("/admin/teams", query="after=TEAM_2")).data
    assert ([team["team_id"] for team in rest["teams"]], rest["omitted"]) == (["TEAM_3", "TEAM_4", "TEAM_5"], 0)
    assert (await api.organiser.get("/admin/teams", query="after=TEAM_9")).data["teams"] == []
    assert (await api.organiser.get("/admin/teams", query="after=9")).refusal == (400, "MALFORMED_REQUEST")
    assert (await api.organiser.get("/admin/teams", query="limit=11")).refusal == (400, "MALFORMED_REQUEST")
