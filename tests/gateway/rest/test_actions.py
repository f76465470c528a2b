"""`GET /admin/actions`: what organisers did, who, when and why; the same live, after a restart and from a snapshot."""

from gateway_stage import CALL, start_api, start_exchange
from recovery_stage import build

from openoutcry.bootstrap.projections import projections_of
from openoutcry.domain.commands import HaltInstrument, RegisterTeam, ReinstateTeam, Why
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.sequenced import Sequenced
from openoutcry.protocol.translation.actions import SHOWN
from openoutcry.runtime.actions import ORGANISERS_COMMANDS, Actions
from openoutcry.runtime.recovery.rerun import rerun

HALT = f"/admin/instruments/{CALL}/halt"


async def actions_of(api, query=""):
    return (await api.organiser.get("/admin/actions", query=query)).data


async def test_it_tells_what_was_done_by_whom_why_and_what_became_of_it(api, alice, exchange):
    ann = api.organiser.with_headers(**{"x-admin-name": "Ann"})
    halted = await ann.post(HALT, {"reason": "A rumour"})
    await api.organiser.post("/admin/instruments/NOPE/halt")
    await api.organiser.post(f"/admin/teams/{alice.team_id}/suspend")

    data = await actions_of(api)

    assert [each["action"] for each in data["actions"]] == ["halt_instrument", "halt_instrument", "suspend_team"]
    first, second, third = data["actions"]
    assert first == {
        "sequence": int(halted.headers["x-sequence"]),
        "timestamp": halted.json["timestamp"],
        "action": "halt_instrument",
        "terms": {"instrument_id": CALL},
        "by": "Ann",
        "reason": "A rumour",
        "error": None,
    }
    assert (second["error"]["code"], second["by"], second["reason"]) == ("INVALID_INSTRUMENT", None, None)
    assert third["terms"] == {"team_id": alice.team_id}
    assert (data["omitted"], data["forgotten"]) == (0, 0)


async def test_what_a_team_does_for_itself_is_no_organiser_s_action(api, alice):
    await alice.order("buy", 1, 100.0)
    await alice.post(f"/teams/{alice.team_id}/rotate-key")
    assert (await actions_of(api))["actions"] == []


async def test_a_key_is_never_shown(api, alice):
    await api.organiser.post(f"/admin/teams/{alice.team_id}/rotate-key")
    [action] = (await actions_of(api))["actions"]
    assert action["terms"] == {"team_id": alice.team_id}


async def test_it_is_read_page_by_page(api):
    for _ in range(5):
        await api.organiser.post(HALT)
    first = await actions_of(api, "limit=2")
    assert (len(first["actions"]), first["omitted"]) == (2, 3)
    rest = await actions_of(api, f"after={first['actions'][-1]['sequence']}")
    assert (len(rest["actions"]), rest["omitted"]) == (3, 0)
    everything = await actions_of(api)
    assert first["actions"] + rest["actions"] == everything["actions"]


async def test_a_restart_changes_nothing_with_a_snapshot_or_without(tmp_path):
    exchange = start_exchange(tmp_path, segment_bytes=600)
    ann = start_api(exchange).organiser.with_headers(**{"x-admin-name": "Ann"})
    for _ in range(5):
        await ann.post(HALT, {"reason": "A rumour"})
        await ann.post("/admin/instruments/NOPE/halt")
    before = await actions_of(ann)
    assert len(before["actions"]) == 10
    for with_snapshot in (False, True):
        exchange.close()
        if with_snapshot:
            assert build(tmp_path, projections_of).commands > 0
        exchange = start_exchange(tmp_path, segment_bytes=600)
        assert await actions_of(start_api(exchange)) == before
    captured = exchange.projections.capture(exchange.sequencer.last_sequence)
    exchange.close()
    assert rerun(tmp_path, projections_of=projections_of).projections == captured


async def test_an_exchange_whose_list_failed_says_so(open_on):
    api = start_api(open_on(projections_of=lambda _scenario: ()))
    reply = await api.organiser.get("/admin/actions")
    assert reply.refusal == (503, "SERVICE_UNAVAILABLE")


def test_a_bound_keeps_the_newest_and_counts_the_others():
    actions = Actions(most=2)
    for sequence in range(1, 6):
        why = None if sequence == 3 else Why()
        actions.apply(Sequenced(sequence, sequence, HaltInstrument(CALL, why), Accepted()), [])
    again = Actions(most=2)
    again.restore(memoryview(actions.capture()))
    for each in (actions, again):
        page, omitted = each.page(0, 10)
        assert ([action.sequence for action in page], omitted, each.forgotten) == ([4, 5], 0, 2)
    assert again.capture() == actions.capture()


def test_every_command_of_an_organiser_can_be_shown():
    assert set(SHOWN) == ORGANISERS_COMMANDS >= {RegisterTeam, ReinstateTeam}
    for kind, fields in SHOWN.items():
        assert set(fields) <= set(kind.__struct_fields__) - {"key_hash", "why", "random_word"}


async def test_it_tells_what_an_instrument_was_settled_at_and_the_odds_of_news(api):
    await api.organiser.post("/admin/news", {"headline": "Rates", "category": "bank"})
    await api.organiser.post("/admin/settle", {"instrument_id": "NOPE", "settlement_price": 1})
    settled = {"instrument_id": CALL, "settlement_price": 12.5, "underlying_price": 4512.5}
    await api.organiser.post("/admin/settle", settled)
    news, refused, done = (await actions_of(api))["actions"]
    odds = {"regime_shift": 40, "price_jump": 30, "no_effect": 30}
    assert news["terms"] == {"headline": "Rates", "category": "bank", "odds": odds}
    assert (refused["error"]["code"], refused["terms"]["settlement_price"]) == ("INVALID_INSTRUMENT", None)
    assert done["terms"] == settled
