"""`POST /orders/cancel-after`: the answer says when the orders are cancelled, and errors of a request are named."""

from datetime import datetime, timedelta

import pytest


def moment(text):
    return datetime.fromisoformat(text)


async def test_it_says_when_it_would_strike(alice):
    reply = await alice.post("/orders/cancel-after", {"seconds": 30})
    assert moment(reply.data["cancel_at"]) == moment(reply.json["timestamp"]) + timedelta(seconds=30)


async def test_zero_switches_it_off(alice):
    await alice.post("/orders/cancel-after", {"seconds": 30})
    assert (await alice.post("/orders/cancel-after", {"seconds": 0})).data == {"cancel_at": None}


@pytest.mark.parametrize("seconds", [-1, 86_401, 1.5, "10", None])
async def test_invalid_seconds_are_refused_by_name(alice, seconds):
    reply = await alice.post("/orders/cancel-after", {"seconds": seconds})
    assert reply.refusal == (400, "MALFORMED_REQUEST")
    assert reply.error["details"]["field"] == "seconds"


async def test_a_suspended_team_is_told(api, alice):
    await api.organiser.post(f"/admin/teams/{alice.team_id}/suspend")
    assert (await alice.post("/orders/cancel-after", {"seconds": 30})).refusal == (403, "TEAM_SUSPENDED")


async def test_it_needs_a_key(api):
    assert (await api.post("/orders/cancel-after", {"seconds": 30})).refusal == (401, "UNAUTHENTICATED")
