"""Registration, keys, and the organiser's routes."""

from typing import get_args

import msgspec
import pytest
from gateway_stage import CALL, by_invitation, journaled, limit_order, seed_scenario, start_api

from openoutcry.domain.commands import Why
from openoutcry.domain.day.phases import Phase
from openoutcry.protocol.responses import TeamOverviewInfo
from openoutcry.scenarios.model import Registration
from openoutcry.venue.state.limits import VenueLimits


async def test_registration_shows_the_key_once_and_names_the_team(api):
    reply = await api.post("/teams", {"team_name": "Alpha", "role": "hedge_fund"})
    data = reply.data
    assert (data["team_id"], data["team_name"], data["role"]) == ("TEAM_1", "Alpha", "hedge_fund")
    assert len(data["api_key"]) >= 43
    team = api.with_headers(**{"x-api-key": data["api_key"]})
    assert (await team.get("/teams/TEAM_1")).data == {
        "team": {"team_id": "TEAM_1", "team_name": "Alpha", "role": "hedge_fund", "suspended": False}
    }


async def test_a_nonce_is_kept_with_the_team_whoever_registers_it(api, exchange):
    await api.post("/teams", {"team_name": "Alpha", "nonce": "2f7c1e9ab04d6358"})
    await api.post("/teams", {"team_name": "Beta"})
    await api.organiser.post("/admin/teams", {"team_name": "Gamma", "role": "retail", "nonce": "!~"})
    assert exchange.sequencer.queries.nonces() == ["2f7c1e9ab04d6358", None, "!~"]
    for nonce in ("", "x" * 65, "two words", "öffentlich", 7):
        reply = await api.post("/teams", {"team_name": "Delta", "nonce": nonce})
        assert reply.refusal == (400, "MALFORMED_REQUEST")
        assert reply.error["details"]["field"] == "nonce"
    again = await api.post("/teams", {"team_name": "Alpha", "nonce": "another"})
    assert again.refusal == (409, "DUPLICATE_TEAM_NAME")


@pytest.mark.http  # there are no files in memory
async def test_only_the_hash_of_a_key_is_kept(api, exchange):
    team = await api.team("Alpha")
    exchange.sequencer.execute_pending()
    key = team.headers["x-api-key"].encode()
    kept = [path.read_bytes() for path in exchange.journal.directory.parent.rglob("*") if path.is_file()]
    assert kept
    assert not any(key in content for content in kept)


async def test_a_team_without_a_role_gets_the_default_one(api):
    assert (await api.post("/teams", {"team_name": "Alpha"})).data["role"] == "retail"


async def test_the_number_of_teams_is_bounded(open_on):
    api = start_api(open_on(venue_limits=VenueLimits(max_teams=1)))
    await api.team("Alpha")
    assert (await api.post("/teams", {"team_name": "Beta"})).refusal == (422, "TEAM_LIMIT")


async def test_a_join_code_lets_in_only_those_who_have_it(open_on):
    api = start_api(open_on(seed_scenario(registration=by_invitation("öpen"))))
    for join_code in (None, "", "open", "öpenn"):
        reply = await api.post("/teams", {"team_name": "Alpha", "join_code": join_code})
        assert reply.refusal == (403, "JOIN_CODE_INVALID")
    assert (await api.post("/teams", {"team_name": "Alpha", "join_code": "öpen"})).status == 200


async def test_a_team_chooses_only_among_the_roles_it_may(open_on):
    api = start_api(open_on(seed_scenario(registration=by_invitation("code", roles=("retail", "hedge_fund")))))
    reply = await api.post("/teams", {"team_name": "Alpha", "join_code": "code", "role": "market_maker"})
    assert reply.refusal == (403, "ROLE_NOT_PERMITTED")
    assert reply.error["details"]["allowed"] == ["retail", "hedge_fund"]


async def test_a_role_with_a_code_of_its_own_takes_no_other(open_on):
    registration = Registration(
        join_code="code",
        roles=("retail", "market_maker", "hedge_fund"),
        default_role="retail",
        role_codes={"market_maker": "mäkers", "hedge_fund": "funds"},
    )
    api = start_api(open_on(seed_scenario(registration=registration)))

    async def register(name, role, code):
        return await api.post("/teams", {"team_name": name, "role": role, "join_code": code})

    for role, code in (
        ("market_maker", "code"),
        ("market_maker", "funds"),
        ("market_maker", None),
        ("retail", "mäkers"),
        (None, "other"),
    ):
        assert (await register("Alpha", role, code)).refusal == (403, "JOIN_CODE_INVALID")
    for number, (role, code, given) in enumerate(
        (
            ("market_maker", "mäkers", "market_maker"),
            (None, "mäkers", "market_maker"),
            (None, "funds", "hedge_fund"),
            (None, "code", "retail"),
            ("retail", "code", "retail"),
        )
    ):
        assert (await register(f"Team {number}", role, code)).data["role"] == given


async def test_the_organiser_creates_teams_that_may_not_register(api):
    reply = await api.organiser.post("/admin/teams", {"team_name": "Alpha", "role": "hedge_fund", "owner": "Ann"})
    assert (reply.data["team_id"], reply.data["role"]) == ("TEAM_1", "hedge_fund")
    team = api.with_headers(**{"x-api-key": reply.data["api_key"]})
    assert (await team.get("/teams/TEAM_1")).data["team"]["team_name"] == "Alpha"
    # An owner who has teams needs no key here.
    body = {"team_name": "Beta", "role": "retail", "owner": "Ann", "reason": "Her second"}
    assert (await api.organiser.post("/admin/teams", body)).data["team_id"] == "TEAM_2"
    [_, action] = (await api.organiser.get("/admin/actions")).data["actions"]
    assert action["terms"] == {"team_name": "Beta", "role": "retail", "owner": "Ann", "team_id": "TEAM_2"}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"team_name": "alpha", "role": "retail"}, (409, "DUPLICATE_TEAM_NAME")),
        ({"team_name": "Alpha", "role": "retail"}, (409, "DUPLICATE_TEAM_NAME")),
        ({"team_name": "Beta", "role": "king"}, (403, "ROLE_NOT_PERMITTED")),
        ({"team_name": "Beta", "role": "retail", "owner": "ANN"}, (400, "MALFORMED_REQUEST")),
        ({"team_name": "Beta"}, (400, "MALFORMED_REQUEST")),
        ({"team_name": " Beta", "role": "retail"}, (400, "MALFORMED_REQUEST")),
    ],
)
async def test_what_no_registration_could_be_cannot_be_created(api, body, refusal):
    await api.organiser.post("/admin/teams", {"team_name": "Alpha", "role": "retail", "owner": "Ann"})
    reply = await api.organiser.post("/admin/teams", body)
    assert reply.refusal == refusal
    assert len((await api.organiser.get("/admin/teams")).data["teams"]) == 1


async def test_a_rotated_key_dies_and_the_new_one_lives(api, alice):
    new_key = (await alice.post(f"/teams/{alice.team_id}/rotate-key")).data["api_key"]
    assert (await alice.get("/positions")).refusal == (401, "UNAUTHENTICATED")
    renewed = alice.with_headers(**{"x-api-key": new_key})
    assert (await renewed.get("/positions")).status == 200


async def test_a_team_cannot_rotate_the_key_of_another(alice, bob):
    assert (await alice.post(f"/teams/{bob.team_id}/rotate-key")).refusal == (403, "ROLE_NOT_PERMITTED")
    assert (await bob.get("/positions")).status == 200


async def test_teams_that_do_not_exist_are_not_found(alice, api):
    for team_id in ("TEAM_9", "TEAM_0", "9", "x"):
        assert (await alice.get(f"/teams/{team_id}")).refusal == (404, "TEAM_NOT_FOUND")
        assert (await alice.post(f"/teams/{team_id}/rotate-key")).refusal == (404, "TEAM_NOT_FOUND")
        for action in ("suspend", "reinstate", "rotate-key"):
            reply = await api.organiser.post(f"/admin/teams/{team_id}/{action}")
            assert reply.refusal == (404, "TEAM_NOT_FOUND")


@pytest.mark.parametrize("team_id", ["TEAM_0", "TEAM_x", "9"])
async def test_what_is_no_team_s_id_is_named_as_it_was_written_and_not_journaled(api, team_id):
    for action, body in (("suspend", {}), ("reinstate", {}), ("pardon", {}), ("sanction", {"level": 1})):
        reply = await api.organiser.post(f"/admin/teams/{team_id}/{action}", body)
        assert reply.refusal == (404, "TEAM_NOT_FOUND")
        assert reply.error["details"] == {"team_id": team_id}
    assert (await api.organiser.get("/admin/actions")).data["actions"] == []


@pytest.mark.parametrize("trade_id", ["TRD_0", "TRD_x", "9"])
async def test_what_is_no_trade_s_id_is_named_as_it_was_written_and_not_journaled(api, trade_id):
    reply = await api.organiser.post(f"/admin/trades/{trade_id}/bust")
    assert reply.refusal == (404, "TRADE_NOT_FOUND")
    assert reply.error["details"] == {"trade_id": trade_id}
    assert (await api.organiser.get("/admin/actions")).data["actions"] == []


async def test_the_organiser_closes_and_opens_the_session(api, alice):
    await alice.order("buy", 1, 100.0)
    closed = (await api.organiser.post("/admin/phase", {"phase": "closed"})).data
    assert (closed["phase"], closed["trading_session"]) == ("closed", 1)
    assert (await alice.order("buy", 1, 100.0)).refusal == (409, "MARKET_CLOSED")
    assert (await alice.get("/orders")).data["orders"] == []
    opened = (await api.organiser.post("/admin/phase", {"phase": "continuous"})).data
    assert (opened["phase"], opened["trading_session"]) == ("continuous", 2)
    assert (await api.get("/market")).data["phase"] == "continuous"


async def test_an_unknown_phase_is_refused_by_name(api):
    reply = await api.organiser.post("/admin/phase", {"phase": "lunch"})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"] == {"field": "phase", "allowed": list(get_args(Phase))}


async def test_the_organiser_halts_and_resumes_an_instrument(api, alice):
    await alice.order("buy", 1, 100.0)
    [halted] = (await api.organiser.post(f"/admin/instruments/{CALL}/halt")).data["instruments"]
    assert halted["halted"]
    assert (await api.get("/market")).data["halted"] == [CALL]
    assert (await alice.order("buy", 1, 100.0)).refusal == (409, "INSTRUMENT_HALTED")
    assert len((await alice.delete("/orders")).data["cancelled"]) == 1
    [resumed] = (await api.organiser.post(f"/admin/instruments/{CALL}/resume")).data["instruments"]
    assert not resumed["halted"]
    assert (await alice.order("buy", 1, 100.0)).status == 200


async def test_an_instrument_that_does_not_exist_cannot_be_halted(api):
    for action in ("halt", "resume"):
        reply = await api.organiser.post(f"/admin/instruments/NOPE/{action}")
        assert reply.refusal == (404, "INVALID_INSTRUMENT")


async def test_a_suspended_team_may_look_but_not_trade(api, alice):
    placed = (await alice.order("buy", 1, 100.0)).order_id
    reply = await api.organiser.post(f"/admin/teams/{alice.team_id}/suspend", {"request_id": "why"})
    assert reply.json["request_id"] == "why"
    assert reply.data["team"]["suspended"]
    quotes = {"quotes": [{"instrument_id": CALL}]}
    for refused in (
        await alice.order("buy", 1, 100.0),
        await alice.post("/orders/validate", limit_order("buy", 1, 100.0)),
        await alice.delete(f"/orders/{placed}"),
        await alice.delete("/orders"),
        await alice.patch(f"/orders/{placed}", {"quantity": 1}),
        await alice.put("/quotes", quotes),
    ):
        assert refused.refusal == (403, "TEAM_SUSPENDED")
    assert (await alice.get("/account")).data["account"]["suspended"]
    await api.organiser.post(f"/admin/teams/{alice.team_id}/reinstate")
    assert (await alice.order("buy", 1, 100.0)).status == 200


async def test_the_organiser_gives_a_team_a_new_key(api, alice):
    new_key = (await api.organiser.post(f"/admin/teams/{alice.team_id}/rotate-key")).data["api_key"]
    assert (await alice.get("/positions")).status == 401
    assert (await alice.with_headers(**{"x-api-key": new_key}).get("/positions")).status == 200


async def test_the_organiser_sees_all_teams(api, alice, bob):
    teams = (await api.organiser.get("/admin/teams")).data["teams"]
    assert [team["team_name"] for team in teams] == ["alice", "bob"]
    assert set(teams[0]) == {field.name for field in msgspec.structs.fields(TeamOverviewInfo)}


@pytest.mark.http  # there is no journal to read in memory
async def test_who_did_it_and_why_is_journaled_with_what_was_done(api, alice, exchange):
    ann = api.organiser.with_headers(**{"x-admin-name": "Ann Öst".encode()})
    why = {"reason": "She left the room"}
    for path, body in (
        ("/admin/phase", {"phase": "continuous"}),
        (f"/admin/instruments/{CALL}/halt", {}),
        (f"/admin/instruments/{CALL}/resume", {}),
        (f"/admin/teams/{alice.team_id}/suspend", {}),
        (f"/admin/teams/{alice.team_id}/reinstate", {}),
        (f"/admin/teams/{alice.team_id}/rotate-key", {}),
    ):
        assert (await ann.post(path, body | why)).status == 200
        assert journaled(exchange)[-1].command.why == Why("Ann Öst", "She left the room")
        assert (await api.organiser.post(path, body or None)).status == 200
        assert journaled(exchange)[-1].command.why == Why(None, None)


async def test_a_reason_is_one_line_of_at_most_500_characters(api):
    for reason in ("", "x" * 501, "two\nlines", "\u202eback", 7):
        reply = await api.organiser.post("/admin/phase", {"phase": "closed", "reason": reason})
        assert reply.refusal == (400, "MALFORMED_REQUEST")
        assert reply.error["details"] == {"field": "reason"}
    assert (await api.get("/market")).data["phase"] == "continuous"
    assert (await api.organiser.post("/admin/phase", {"phase": "closed", "reason": "x" * 500})).status == 200


@pytest.mark.http
@pytest.mark.parametrize("name", [b"", b"x" * 65, b"two  spaces", b"\x1b[2J", "\u200b".encode()])
async def test_the_organiser_s_name_is_a_name(api, name):
    reply = await api.organiser.with_headers(**{"x-admin-name": name}).post("/admin/phase", {"phase": "closed"})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"] == {"field": "X-Admin-Name"}
    assert (await api.get("/market")).data["phase"] == "continuous"


@pytest.mark.http
async def test_admin_routes_are_closed_to_all_others(api, alice):
    for asks in (api, alice, api.with_headers(**{"x-admin-key": "guessed"}), api.with_headers(**{"x-admin-key": ""})):
        for method, path in (
            ("POST", "/admin/phase"),
            ("GET", "/admin/teams"),
            ("POST", "/admin/teams/TEAM_1/suspend"),
        ):
            assert (await asks.ask(method, path)).refusal == (401, "UNAUTHENTICATED")
