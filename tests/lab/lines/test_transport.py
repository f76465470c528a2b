"""Teams that call an exchange in their own process, and listen to it."""

import asyncio
import json
import math

import pytest
import structlog
from gateway_stage import CALL
from operations_stage import limit_order, register
from venues import SCENARIO

from openoutcry.access.caller import Caller
from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.commands import NO_KEY, RegisterTeam
from openoutcry.domain.reasons import ErrorCode
from openoutcry.gateway.rest.routes import ROUTES
from openoutcry.lab.lines.transport import Transport
from openoutcry.operations import teams
from openoutcry.operations.market import list_instruments
from openoutcry.operations.order_changes import cancel_order
from openoutcry.operations.order_entry import submit_batch, submit_order
from openoutcry.operations.organiser.instruments import halt_instrument
from openoutcry.operations.own.orders import list_orders, show_order
from openoutcry.operations.protection import set_cancel_after
from openoutcry.operations.quotes import replace_quotes
from openoutcry.protocol.channels import parse_channel
from openoutcry.protocol.queries import OrdersQuery
from openoutcry.protocol.requests import (
    BatchRequest,
    CancelAfterRequest,
    OrderRequest,
    QuotesRequest,
    ReasonRequest,
)
from openoutcry.runtime.clock import SystemClock
from openoutcry.runtime.streams.limits import StreamLimits

TURNS = 10


async def turns():
    for _ in range(TURNS):
        await asyncio.sleep(0)


@pytest.fixture
async def exchange():
    exchange = open_in_memory(SCENARIO, loop=asyncio.get_running_loop(), clock=SystemClock())
    yield exchange
    exchange.close()


@pytest.fixture
def alice(exchange):
    return Transport(exchange, register(exchange, "alice"))


@pytest.fixture
def bob(exchange):
    return Transport(exchange, register(exchange, "bob", "hedge_fund"))


class Heard:
    def __init__(self):
        self.messages = []

    def __call__(self, message):
        self.messages.append(json.loads(message))

    @property
    def types(self):
        return [message["type"] for message in self.messages]


async def test_results_come_back_as_they_are_and_refusals_among_them(alice):
    placed = alice.ask(submit_order, limit_order("buy", 5, 100.0))
    assert placed.sequence is not None
    assert [order.order_id for order in alice.ask(list_orders, OrdersQuery()).data.orders] == [placed.order_id]
    assert alice.ask(cancel_order, placed.order_id).reject is None
    assert alice.ask(cancel_order, placed.order_id).reject.code == ErrorCode.CANCEL_FAILED


async def test_what_an_operation_raises_is_a_refusal(alice):
    no_price = OrderRequest(instrument_id=CALL, side="buy", quantity=1)
    assert alice.ask(submit_order, no_price).reject.code == ErrorCode.MISSING_PRICE
    assert alice.ask(show_order, "ORD_1").reject.code == ErrorCode.ORDER_NOT_FOUND
    bug = alice.ask(submit_order, OrdersQuery()).reject
    assert (bug.code, "reference" in bug.details) == (ErrorCode.INTERNAL_ERROR, True)


@pytest.mark.parametrize(
    ("unsound", "told"),
    [
        ({"quantity": 5.0}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"quantity": "5"}, "quantity"),
        ({"quantity": 10**30}, "quantity"),
        ({"price": math.nan}, "finite"),
        ({"price": -math.inf}, "finite"),
        ({"price": 1e300}, "price"),
        ({"side": ["buy"]}, "side"),
        ({"time_in_force": None}, "time_in_force"),
        ({"post_only": "yes"}, "post_only"),
        ({"client_order_id": "a b"}, "client_order_id"),
        ({"instrument_id": "x" * 65}, "instrument_id"),
        ({"instrument_id": "\ud800"}, "JSON"),
        ({"instrument_id": object()}, "JSON"),
    ],
)
async def test_what_the_wire_would_not_let_through_is_refused(exchange, alice, unsound, told):
    terms = {"instrument_id": CALL, "side": "buy", "quantity": 5, "price": 100.0}
    before = exchange.sequencer.last_sequence
    reject = alice.ask(submit_order, OrderRequest(**(terms | unsound))).reject
    assert (reject.code, told in reject.message) == (ErrorCode.MALFORMED_REQUEST, True)
    assert exchange.sequencer.last_sequence == before
    assert alice.ask(submit_order, OrderRequest(**terms)).reject is None


@pytest.mark.parametrize("name", [None, ["ORD_1"], "x" * 65, "\ud800"])
async def test_a_name_is_a_short_text(alice, name):
    assert alice.ask(cancel_order, name).reject.code == ErrorCode.MALFORMED_REQUEST
    assert alice.ask(halt_instrument, name, ReasonRequest()).reject.code == ErrorCode.MALFORMED_REQUEST


async def test_no_list_is_longer_or_shorter_than_on_the_wire(alice):
    order = limit_order("buy", 1, 100.0)
    assert alice.ask(submit_batch, BatchRequest(orders=[order] * 51)).reject.code == ErrorCode.MALFORMED_REQUEST
    assert alice.ask(replace_quotes, QuotesRequest(quotes=[])).reject.code == ErrorCode.MALFORMED_REQUEST
    assert alice.ask(set_cancel_after, CancelAfterRequest(seconds=10**15)).reject.code == ErrorCode.MALFORMED_REQUEST


async def test_a_caller_without_a_team_cannot_ask_as_one(exchange, alice):
    nobody = Transport(exchange, Caller())
    of_teams = {route.operation for route in ROUTES if route.access == "team"}
    operations = {each for each in of_teams if each.__module__ != teams.__name__}  # those look at their caller
    assert submit_order in operations
    for operation in operations:
        assert nobody.ask(operation).reject.code == ErrorCode.UNAUTHENTICATED, operation
    assert nobody.ask(list_instruments).reject is None
    for team_id in (-1, 99):
        with pytest.raises(ValueError, match="there is no team"):
            Transport(exchange, Caller(team_id))
    assert alice.ask(submit_order, limit_order("buy", 1, 100.0)).reject is None


async def test_a_team_hears_its_events_and_nobody_elses(alice, bob):
    heard_by_alice, heard_by_bob = Heard(), Heard()
    alice.ask(submit_order, limit_order("sell", 1, 101.0))
    await turns()
    alice.listen(heard_by_alice)
    bob.listen(heard_by_bob)
    alice.ask(submit_order, limit_order("sell", 5, 100.0))
    bob.ask(submit_order, limit_order("buy", 2, 100.0))
    await turns()
    assert heard_by_alice.types == ["new_order_ack", "execution_report", "position_update"]
    assert heard_by_bob.types == heard_by_alice.types
    assert heard_by_alice.messages[0]["seq"] == 2


async def test_public_channels_are_heard_by_anybody(exchange, alice, bob):
    alice.ask(submit_order, limit_order("sell", 5, 100.0))
    heard = Heard()
    channels = [parse_channel(f"{kind}:{CALL}") for kind in ("book", "trades")]
    Transport(exchange, Caller()).listen(heard, channels)
    await turns()
    assert heard.types == ["book_snapshot"]
    bob.ask(submit_order, limit_order("buy", 2, 100.0))
    await turns()
    assert sorted(heard.types[1:]) == ["book_update", "trade"]


async def test_a_listener_can_call_operations_at_once(exchange, alice, bob):
    def cancel_what_is_left(message):
        event = json.loads(message)
        if event["type"] == "execution_report":
            assert alice.ask(cancel_order, event["order_id"]).reject is None

    alice.listen(cancel_what_is_left)
    alice.ask(submit_order, limit_order("sell", 5, 100.0))
    heard = Heard()
    alice.listen(heard)
    bob.ask(submit_order, limit_order("buy", 2, 100.0))
    await turns()
    assert heard.types[-1] == "order_cancelled"
    assert alice.ask(list_orders, OrdersQuery()).data.orders == []


async def test_after_the_end_nothing_is_heard(exchange, alice):
    heard = Heard()
    end = alice.listen(heard, [parse_channel(f"book:{CALL}")])
    await turns()
    end()
    alice.ask(submit_order, limit_order("sell", 5, 100.0))
    await turns()
    assert heard.types == ["book_snapshot"]


async def test_a_team_without_a_key_has_nothing_to_hear_and_trades_on(exchange):
    sequenced, _ = exchange.sequencer.perform(RegisterTeam("house", "market_maker", NO_KEY))
    house, heard = Transport(exchange, Caller(sequenced.verdict.new_id)), Heard()
    for _ in range(2):
        assert house.ask(submit_order, limit_order("sell", 1, 100.0)).reject is None
        await turns()
        house.listen(heard)
    assert heard.messages == []
    assert exchange.private_streams._streams == {}


async def test_a_listener_that_raises_ends_alone(alice, bob):
    def fail(_message):
        raise ZeroDivisionError

    alice.listen(fail)
    heard_by_alice, heard_by_bob = Heard(), Heard()
    alice.listen(heard_by_alice)
    bob.listen(heard_by_bob)
    for _ in range(2):
        alice.ask(submit_order, limit_order("sell", 1, 100.0))
        bob.ask(submit_order, limit_order("buy", 1, 100.0))
        await turns()
    assert heard_by_alice.types == heard_by_bob.types == ["new_order_ack", "execution_report", "position_update"] * 2


async def test_it_may_end_itself_over_a_message(exchange, alice):
    heard = []

    def hear_once(message):
        heard.append(message)
        end()

    end = alice.listen(hear_once)
    for _ in range(3):
        alice.ask(submit_order, limit_order("sell", 1, 100.0))
    await turns()
    assert len(heard) == 1


async def test_the_limits_of_the_exchange_hold_for_listeners():
    limits = StreamLimits(recent_events=2, book_backlog_bytes=1)
    exchange = open_in_memory(SCENARIO, loop=asyncio.get_running_loop(), clock=SystemClock(), stream_limits=limits)
    alice = Transport(exchange, register(exchange, "alice"))
    heard_in_private, heard_in_public = Heard(), Heard()
    Transport(exchange, Caller()).listen(heard_in_public, [parse_channel(f"book:{CALL}")])
    alice.listen(heard_in_private)
    await turns()
    with structlog.testing.capture_logs() as log:
        for _ in range(3):
            alice.ask(submit_order, limit_order("sell", 1, 100.0))
        await turns()
    assert heard_in_private.types == []
    assert [str(entry["exc_info"]) for entry in log] == ["only the newest 2 events of a team are kept"]
    assert heard_in_public.types == ["book_snapshot", "book_snapshot"]
    exchange.close()


async def test_a_closed_exchange_takes_nothing(alice, exchange):
    exchange.close()
    exchange.close()
    refusal = alice.ask(submit_order, limit_order("buy", 5, 100.0)).reject
    assert (refusal.code, refusal.message) == (ErrorCode.SERVICE_UNAVAILABLE, "the journal is closed")


@pytest.mark.parametrize("kind", ["book", "top", "trades"])
async def test_of_an_unknown_instrument_nothing_is_heard_and_nothing_else_either(alice, kind):
    heard = Heard()
    with pytest.raises(ValueError, match="there is no instrument 'NOPE'"):
        alice.listen(heard, [parse_channel(f"{kind}:NOPE")])
    alice.ask(submit_order, limit_order("sell", 1, 100.0))
    await turns()
    assert heard.messages == []
