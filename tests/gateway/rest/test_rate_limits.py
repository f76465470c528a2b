"""Rate limits as clients see them: which bucket pays, what answers say, how long to wait."""

import pytest
from gateway_stage import ADMIN_KEY, CALL, Api, limit_order, rates, seed_scenario, start_api

from openoutcry.scenarios.model import Rate


async def test_answers_tell_the_state_of_the_bucket_that_paid(open_on, clock):
    scenario = seed_scenario(rate_limits=rates(orders=Rate(per_second=2.0, burst=4), reads=9, cancels=7))
    team = await start_api(open_on(scenario), clock).team("alpha")

    def limits(reply):
        return [int(reply.headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")]

    assert limits(await team.order("buy", 1, 100.0)) == [4, 3, 1]
    assert limits(await team.order("buy", 1, 100.005)) == [4, 2, 1]
    assert limits(await team.post("/orders", {})) == [4, 1, 2]
    assert limits(await team.patch("/orders/ORD_1", {"quantity": 1})) == [4, 0, 2]
    assert limits(await team.get("/orders")) == [9, 8, 1]
    assert limits(await team.post("/orders/validate", limit_order("buy", 1, 1.0))) == [9, 7, 1]
    assert limits(await team.delete("/orders")) == [7, 6, 1]
    assert limits(await team.delete("/orders/ORD_1")) == [7, 5, 1]
    clock.advance(1.0)
    assert limits(await team.order("buy", 1, 100.0)) == [4, 1, 2]


@pytest.mark.parametrize("path", ["/orders", "/orders/validate"])
async def test_a_request_too_many_is_told_how_long_to_wait(open_on, clock, path):
    rate = Rate(per_second=0.4, burst=2)
    team = await start_api(open_on(seed_scenario(rate_limits=rates(orders=rate, reads=rate))), clock).team("alpha")
    for _ in range(2):
        assert (await team.post(path, limit_order("buy", 1, 100.0))).status == 200
    clock.advance(1.0)
    reply = await team.post(path, limit_order("buy", 1, 100.0))
    assert reply.refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert reply.error["details"] == {"limit": 2, "window_seconds": 5.0, "retry_after_seconds": 1.5}
    assert reply.headers["retry-after"] == "2"
    assert reply.headers["x-ratelimit-remaining"] == "0"
    clock.advance(1.5)
    assert (await team.post(path, limit_order("buy", 1, 100.0))).status == 200


async def test_a_batch_pays_for_each_of_its_orders_or_submits_none(open_on, clock):
    team = await start_api(open_on(seed_scenario(rate_limits=rates(orders=5))), clock).team("alpha")
    orders = [limit_order("buy", 1, 100.0)] * 4
    assert (await team.post("/orders/batch", {"orders": orders})).headers["x-ratelimit-remaining"] == "1"
    clock.advance(0.4)
    reply = await team.post("/orders/batch", {"orders": orders})
    assert reply.refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert len((await team.get("/orders")).data["orders"]) == 4


async def test_a_batch_larger_than_the_bucket_is_told_to_be_smaller(open_on, clock):
    team = await start_api(open_on(seed_scenario(rate_limits=rates(orders=5))), clock).team("alpha")
    reply = await team.post("/orders/batch", {"orders": [limit_order("buy", 1, 100.0)] * 7})
    assert reply.refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert "send fewer" in reply.error["message"]
    assert reply.headers["retry-after"] == "1"


async def test_addresses_share_nothing_and_a_key_takes_its_own_bucket(open_on, clock):
    api = start_api(open_on(seed_scenario(rate_limits=rates(anonymous=2))), clock)
    team = await api.team("alpha")
    assert (await api.get("/market")).status == 200
    for path in ("/market", f"/orderbook/{CALL}", "/health"):
        assert (await api.get(path)).refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert (await api.post("/teams", {"team_name": "Beta"})).refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert (await Api(api.app, address="192.0.2.2").get("/market")).status == 200
    assert (await team.get("/market")).headers["x-ratelimit-limit"] == "1000000"


DOCUMENTS = ["/metrics", "/docs", "/docs/swagger-ui-bundle.js", "/openapi.json", "/docs/openapi.json", "/asyncapi.json"]


@pytest.mark.parametrize("path", DOCUMENTS)
async def test_documents_are_paid_by_the_address_too(open_on, clock, path):
    api = start_api(open_on(seed_scenario(rate_limits=rates(anonymous=2))), clock)
    assert [(await api.get(path)).status for _ in range(2)] == [200, 200]
    reply = await api.get(path)
    assert reply.refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert reply.headers["retry-after"] == "1"
    clock.advance(1.0)
    assert (await api.get(path)).status == 200


async def test_a_client_that_scrapes_once_a_second_never_notices(open_on, clock):
    api = start_api(open_on(seed_scenario()), clock)
    for _ in range(300):
        assert (await api.get("/metrics")).status == 200
        clock.advance(1.0)


async def test_a_team_that_is_out_of_orders_can_still_cancel_and_read(open_on, clock):
    team = await start_api(open_on(seed_scenario(rate_limits=rates(orders=1))), clock).team("alpha")
    placed = (await team.order("buy", 1, 100.0)).order_id
    assert (await team.order("buy", 1, 100.0)).status == 429
    assert (await team.get("/orders")).status == 200
    assert (await team.delete(f"/orders/{placed}")).status == 200


async def test_teams_do_not_share_their_buckets(open_on, clock):
    api = start_api(open_on(seed_scenario(rate_limits=rates(orders=1))), clock)
    alpha, beta = await api.team("alpha"), await api.team("beta")
    await alpha.order("buy", 1, 100.0)
    assert (await alpha.order("buy", 1, 100.0)).status == 429
    assert (await beta.order("buy", 1, 100.0)).status == 200


async def test_wrong_organisers_keys_are_paid_by_their_address_until_none_is_looked_at(open_on, clock):
    api = start_api(open_on(seed_scenario(rate_limits=rates(anonymous=2))), clock)
    guess = api.with_headers(**{"x-admin-key": "a guess"})
    for remaining in ("1", "0"):
        reply = await guess.get("/admin/teams")
        assert reply.refusal == (401, "UNAUTHENTICATED")
        assert reply.headers["x-ratelimit-remaining"] == remaining
    for key in ("a guess", ADMIN_KEY):
        reply = await api.with_headers(**{"x-admin-key": key}).get("/admin/teams")
        assert reply.refusal == (429, "RATE_LIMIT_EXCEEDED")
        assert reply.headers["retry-after"] == "1"
    assert (await Api(api.app, {"x-admin-key": ADMIN_KEY}, address="192.0.2.2").get("/admin/teams")).status == 200
    clock.advance(1.0)
    assert (await api.organiser.get("/admin/teams")).status == 200


async def test_an_address_that_others_drain_does_not_shut_the_organiser_out(open_on, clock):
    """As behind a proxy, where everybody has the same one."""
    api = start_api(open_on(seed_scenario(rate_limits=rates(anonymous=1))), clock)
    assert (await api.get("/market")).status == 200
    assert (await api.get("/market")).refusal == (429, "RATE_LIMIT_EXCEEDED")
    assert (await api.organiser.get("/admin/teams")).status == 200


async def test_a_request_without_an_organisers_key_is_no_guess(open_on, clock):
    api = start_api(open_on(seed_scenario(rate_limits=rates(anonymous=1))), clock)
    for _ in range(3):
        assert (await api.get("/admin/teams")).refusal == (401, "UNAUTHENTICATED")
    assert (await api.get("/market")).status == 200


async def test_the_right_organisers_key_costs_nothing(open_on, clock):
    api = start_api(open_on(seed_scenario(rate_limits=rates(anonymous=1))), clock)
    for _ in range(3):
        reply = await api.organiser.get("/admin/teams")
        assert reply.status == 200
        assert "x-ratelimit-limit" not in reply.headers
