"""Which callers the gate admits, and which bucket pays for them."""

import pytest
from gateway_stage import ADMIN_KEY, HandClock, rates, start_exchange

from openoutcry.access.caller import NO_TEAM, Caller
from openoutcry.access.gate import Gate
from openoutcry.access.keys import hash_key
from openoutcry.access.rate_limits import Buckets
from openoutcry.access.refusals import Refused
from openoutcry.domain.identifiers import parse_team_id
from openoutcry.domain.reasons import ErrorCode
from openoutcry.operations.teams import register_team
from openoutcry.protocol.requests import TeamRequest

HERE = "192.0.2.1"


@pytest.fixture
async def exchange(tmp_path):
    exchange = start_exchange(tmp_path)
    yield exchange
    exchange.close()


@pytest.fixture
def gate(exchange):
    return Gate(exchange, Buckets(rates(orders=2, anonymous=1), HandClock()))


@pytest.fixture
def registered(exchange):
    return register_team(exchange, Caller(), TeamRequest(team_name="alice", role="retail")).data


def refusal(admit, *arguments):
    with pytest.raises(Refused) as refused:
        admit(*arguments)
    return refused.value


def test_a_key_lets_its_team_in_for_a_token(gate, registered):
    caller, key_hash = Caller(), hash_key(registered.api_key.encode())
    gate.admit_team(caller, key_hash, "orders")
    assert caller.team_id == parse_team_id(registered.team_id)
    assert caller.bucket.standing()[1] == 1
    gate.admit_team(Caller(), key_hash, "orders")
    refused = refusal(gate.admit_team, Caller(), key_hash, "orders")
    assert (refused.reject.code, refused.retry_after_seconds) == (ErrorCode.RATE_LIMIT_EXCEEDED, 0.5)
    gate.admit_team(Caller(), key_hash, "cancels")


def test_an_unknown_key_is_not_admitted(gate):
    caller = Caller()
    assert refusal(gate.admit_team, caller, hash_key(b"a guess"), "orders").reject.code == ErrorCode.UNAUTHENTICATED
    assert (caller.team_id, caller.bucket) == (NO_TEAM, None)


def test_anybody_is_let_in_for_a_token_of_the_address(gate):
    gate.admit_anybody(Caller(), HERE)
    assert refusal(gate.admit_anybody, Caller(), HERE).reject.code == ErrorCode.RATE_LIMIT_EXCEEDED
    gate.admit_anybody(Caller(), "192.0.2.2")


def test_the_organiser_pays_for_nothing_and_a_guess_for_itself(gate):
    for _ in range(3):
        caller = Caller()
        gate.admit_organiser(caller, ADMIN_KEY.encode(), HERE)
        assert (caller.team_id, caller.bucket) == (NO_TEAM, None)
    assert refusal(gate.admit_organiser, Caller(), b"a guess", HERE).reject.code == ErrorCode.UNAUTHENTICATED
    refused = refusal(gate.admit_organiser, Caller(), ADMIN_KEY.encode(), HERE)
    assert refused.reject.code == ErrorCode.RATE_LIMIT_EXCEEDED
