"""The organiser plans the start of a session, and sets the speed of one."""

from datetime import UTC, datetime, timedelta

import pytest
from gateway_stage import start_exchange

from openoutcry.access.caller import Caller
from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.market import show_market
from openoutcry.operations.organiser.session import conduct_session, set_phase, set_speed
from openoutcry.protocol.requests import NEXT_MINUTE, PhaseRequest, SessionRequest, SpeedRequest
from openoutcry.scenarios.loader import load_scenario

NOBODY = Caller()


@pytest.fixture
async def exchange(tmp_path):
    exchange = start_exchange(tmp_path, load_scenario("intern"))
    yield exchange
    exchange.close()


def now(exchange):
    return datetime.fromtimestamp(exchange.sequencer.time / 1_000_000, UTC)


def plan(exchange, at):
    return conduct_session(exchange, NOBODY, SessionRequest(action="start", at=at))


async def test_a_start_is_planned_for_an_instant_to_come(exchange):
    tomorrow = now(exchange) + timedelta(days=1)
    assert datetime.fromisoformat(plan(exchange, tomorrow.isoformat()).data.starts_at) == tomorrow


@pytest.mark.parametrize("away", [timedelta(seconds=-1), timedelta(days=-3_650), timedelta(days=367)])
async def test_a_start_in_the_past_or_too_far_away_is_refused(exchange, away):
    with pytest.raises(Refused) as refused:
        plan(exchange, (now(exchange) + away).isoformat())
    assert refused.value.reject.code == ErrorCode.MALFORMED_REQUEST
    assert "and within 366 days" in refused.value.reject.message


@pytest.mark.parametrize("edge", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00Z"])
async def test_an_instant_at_the_edge_of_the_calendar_leaves_no_trace(exchange, edge):
    with pytest.raises(Refused):
        plan(exchange, edge)
    assert show_market(exchange, NOBODY).data.starts_at is None


async def test_while_the_market_is_open_by_hand_no_session_is_planned(exchange):
    set_phase(exchange, NOBODY, PhaseRequest(phase="pre_open"))
    with pytest.raises(Refused) as refused:
        plan(exchange, NEXT_MINUTE)
    assert refused.value.reject.code == ErrorCode.MARKET_CLOSED
    assert "close it before" in refused.value.reject.message
    set_phase(exchange, NOBODY, PhaseRequest(phase="closed"))
    assert plan(exchange, NEXT_MINUTE).reject is None


async def test_while_a_session_is_under_way_the_next_one_may_be_planned(exchange):
    conduct_session(exchange, NOBODY, SessionRequest(action="start"))
    assert plan(exchange, NEXT_MINUTE).reject is None


@pytest.mark.parametrize("speed", [0.0001, 0, -1, 1_001])
async def test_a_speed_that_cannot_be_is_refused_with_the_range(exchange, speed):
    conduct_session(exchange, NOBODY, SessionRequest(action="start"))
    with pytest.raises(Refused) as refused:
        set_speed(exchange, NOBODY, SpeedRequest(speed=speed))
    assert refused.value.reject.message == f"speed must be from 0.001 to 1000 market seconds a second, not {speed}"
    assert refused.value.reject.details == {"field": "speed", "minimum": 0.001, "maximum": 1_000}


async def test_the_slowest_and_the_fastest_speed_are_taken(exchange):
    conduct_session(exchange, NOBODY, SessionRequest(action="start"))
    for speed in (0.001, 1_000):
        assert set_speed(exchange, NOBODY, SpeedRequest(speed=speed)).data.speed == speed
