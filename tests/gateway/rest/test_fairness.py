"""`GET /fairness`: what is committed to and revealed, and what the organiser does about a lost seed."""

import hashlib

import pytest
from day_stage import scenario_of_a_day
from gateway_stage import start_api, start_exchange
from msgspec import structs

from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.scenarios.model import hashed


@pytest.fixture
async def exchange(tmp_path):
    scenario = structs.replace(scenario_of_a_day(tmp_path), market=MarketRules())
    exchange = start_exchange(tmp_path / "data", hashed(scenario))
    exchange.driver.stop()
    yield exchange
    exchange.close()


@pytest.fixture
def api(exchange):
    return start_api(exchange)


async def shown(api):
    return (await api.get("/fairness")).data


async def register(api, name, nonce=None):
    body = {"team_name": name, "role": "retail"}
    return (await api.post("/teams", body if nonce is None else body | {"nonce": nonce})).data["team_id"]


async def test_anybody_can_check_a_session_with_what_is_told_before_in_and_after_it(exchange, api):
    before = await shown(api)
    assert (before["commitment"], before["nonces"], before["seed"]) == (None, {}, None)
    team = await register(api, "alpha", "b1946ac92492d234")
    await register(api, "beta")
    assert (await shown(api))["nonces"] == {}

    started = exchange.driver.start_session().command
    exchange.driver.stop()
    await register(api, "gamma", "too-late-to-matter")
    running = await shown(api)
    assert (running["commitment"], running["next_commitment"]) == (before["next_commitment"], None)
    assert (running["nonces"], running["seed"]) == ({team: "b1946ac92492d234"}, None)

    await api.organiser.post("/admin/session", {"action": "end"})
    exchange.driver.stop()
    exchange.driver.start()
    exchange.driver.stop()
    after = await shown(api)
    seed = bytes.fromhex(after["seed"])
    assert hashlib.sha256(seed + after["scenario_hash"].encode()).hexdigest() == before["next_commitment"]
    assert after["next_commitment"] not in {None, before["next_commitment"]}
    drawn_from = hashlib.sha256(seed + hashlib.sha256(b"b1946ac92492d234").digest()).digest()
    word = hashlib.sha256(drawn_from + b"2024-03-14").digest()[:8]
    assert started.random_word == int.from_bytes(word, "big")


async def test_a_commitment_is_withdrawn_for_everybody_to_see(api):
    before = await shown(api)
    reply = await api.organiser.post("/admin/fairness/withdraw", {"reason": "A disk broke"})
    assert reply.data == await shown(api)
    assert reply.data["withdrawn"] == 1
    assert reply.data["next_commitment"] != before["next_commitment"]
    [action] = (await api.organiser.get("/admin/actions")).data["actions"]
    assert (action["action"], action["reason"]) == ("withdraw_commitment", "A disk broke")


async def test_nothing_is_withdrawn_while_a_session_runs(exchange, api):
    await api.organiser.post("/admin/session", {"action": "start"})
    exchange.driver.stop()
    reply = await api.organiser.post("/admin/fairness/withdraw")
    assert reply.json["error"]["message"] == "There is no commitment that waits for a session"


async def test_an_exchange_without_a_simulated_market_commits_to_nothing(tmp_path):
    exchange = start_exchange(tmp_path / "data")
    try:
        data = await shown(start_api(exchange))
        assert data.pop("scenario_hash") == exchange.scenario.hash
        assert not any(data.values())
    finally:
        exchange.close()


async def test_nobody_gets_a_role_of_the_exchange_s_own_teams(tmp_path):
    exchange = start_exchange(
        tmp_path / "data", scenario_of_a_day(tmp_path, more="[pricing]\n[cash]\n[world]\n[house]")
    )
    try:
        api = start_api(exchange)
        body = {"team_name": "Shill", "role": "house_maker"}
        for registering, path in ((api, "/teams"), (api.organiser, "/admin/teams")):
            reply = await registering.post(path, body)
            assert reply.refusal == (403, "ROLE_NOT_PERMITTED")
            assert "house_maker" not in reply.error["details"]["allowed"]
            assert "retail" in reply.error["message"]
    finally:
        exchange.close()
