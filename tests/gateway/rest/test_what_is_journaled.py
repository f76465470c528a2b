"""What a request adds to the journal: nothing if it changes nothing, and never much for one token."""

import shutil

import pytest
from gateway_stage import CALL, PUT, journaled, rates, seed_scenario, start_api
from msgspec.structs import replace

from openoutcry.domain.types import MAX_QUOTES_PER_REQUEST
from openoutcry.protocol.requests import MAX_BATCH

JOURNAL_BYTES_PER_ORDER_TOKEN = 2_000
JOURNAL_BYTES_PER_CANCEL_TOKEN = 250
WIDEST = "\U0001f4c8" * 64
"""As long as a text of a request may be, in characters that take the most bytes."""

CHAIN = [f"SPX_CALL_{4500 + number}_20240315" for number in range(MAX_QUOTES_PER_REQUEST)]


def quote(instrument_id, bid_price, ask_price):
    return {
        "instrument_id": instrument_id,
        "bid_price": bid_price,
        "bid_quantity": 1_000_000,
        "ask_price": ask_price,
        "ask_quantity": 1_000_000,
    }


@pytest.fixture
async def resting(alice):
    """Alice with an order of 10 at 100.0 and a quote; its path."""
    placed = await alice.order("buy", 10, 100.0)
    await alice.put("/quotes", {"quotes": [quote(PUT, 1.0, 2.0) | {"bid_quantity": 1, "ask_quantity": 1}]})
    return f"/orders/{placed.order_id}"


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "data"),
    [
        ("PATCH", "ORDER", {"quantity": 10}, "", {"kept_priority": True}),
        ("PATCH", "ORDER", {"price": 100.0}, "", {"kept_priority": True}),
        ("PATCH", "ORDER", {"price": 100.0, "quantity": 10}, "", {"kept_priority": True}),
        ("DELETE", "/orders", None, f"instrument_id={CALL}&side=sell", {"cancelled": []}),
        ("POST", "/orders/cancel-after", {"seconds": 0}, "", {"cancel_at": None}),
    ],
)
async def test_what_changes_nothing_is_answered_and_not_journaled(
    exchange, alice, resting, method, path, body, query, data
):
    records, state = journaled(exchange), exchange.sequencer.state_hash()
    reply = await alice.ask(method, path.replace("ORDER", resting), body, query=query)
    assert reply.data == data
    assert "x-sequence" not in reply.headers
    assert journaled(exchange) == records
    assert exchange.sequencer.state_hash() == state
    assert exchange.sequencer.idle == 1


async def test_quotes_that_stay_as_they_are_are_answered_and_not_journaled(exchange, alice, resting):
    same = {"quotes": [quote(PUT, 1.0, 2.0) | {"bid_quantity": 1, "ask_quantity": 1}, {"instrument_id": CALL}]}
    records, state = journaled(exchange), exchange.sequencer.state_hash()
    reply = await alice.put("/quotes", same)
    stands, nothing = reply.data["results"]
    assert (stands["bid_order_id"], stands["ask_order_id"], stands["success"]) == ("ORD_67891", "ORD_67892", True)
    assert (nothing["bid_order_id"], nothing["ask_order_id"], nothing["success"]) == (None, None, True)
    assert "x-sequence" not in reply.headers
    assert journaled(exchange) == records
    assert exchange.sequencer.state_hash() == state


async def test_a_request_that_changes_nothing_pays_all_the_same(open_on, clock):
    exchange = open_on(seed_scenario(rate_limits=rates(orders=2, cancels=2)))
    team = await start_api(exchange, clock).team("team")
    nothing = {"quotes": [{"instrument_id": CALL}]}
    assert [(await team.put("/quotes", nothing)).status for _ in range(3)] == [200, 200, 429]
    assert [(await team.delete("/orders")).status for _ in range(3)] == [200, 200, 429]


async def test_the_next_command_has_the_next_place(exchange, alice):
    await alice.delete("/orders")
    reply = await alice.order("buy", 1, 100.0)
    assert reply.headers["x-sequence"] == "2"
    assert [record.sequence for record in journaled(exchange)] == [1, 2]


async def test_a_refused_registration_is_not_journaled(exchange, api, alice):
    records = journaled(exchange)
    reply = await api.post("/teams", {"team_name": "alice", "role": "retail"})
    assert reply.refusal == (409, "DUPLICATE_TEAM_NAME")
    assert "x-sequence" not in reply.headers
    assert journaled(exchange) == records


@pytest.mark.parametrize("query", [f"instrument_id={'X' * 64}", f"side={'x' * 64}"])
async def test_a_refused_mass_cancel_is_not_journaled(exchange, alice, query):
    records = journaled(exchange)
    assert (await alice.delete("/orders", query=query)).error["code"] in {"INVALID_INSTRUMENT", "INVALID_SIDE"}
    assert journaled(exchange) == records


@pytest.mark.parametrize("name", ["instrument_id", "side"])
async def test_a_parameter_longer_than_any_name_is_malformed(alice, name):
    assert (await alice.delete("/orders", query=f"{name}={'x' * 65}")).refusal == (400, "MALFORMED_REQUEST")


def widest_order(**terms):
    return {
        "instrument_id": CALL,
        "side": WIDEST,
        "quantity": -(2**53 - 1),
        "price": 123456.78901234567,
        "time_in_force": WIDEST,
        "client_order_id": "x" * 64,
        **terms,
    }


@pytest.mark.parametrize(
    ("method", "path", "body", "tokens"),
    [
        ("POST", "/orders", widest_order(), 1),
        ("POST", "/orders", widest_order(instrument_id=WIDEST), 1),
        ("POST", "/orders", widest_order(side="buy", quantity=1, price=1.0), 1),
        ("POST", "/orders/batch", {"orders": [widest_order()] * MAX_BATCH}, MAX_BATCH),
        ("PATCH", "/orders/ORD_999999999999999999", {"quantity": 2**53 - 1, "price": 123456.78901234567}, 1),
        ("PATCH", "ORDER", {"quantity": 10, "price": 123456.78901234567}, 1),
        ("PUT", "/quotes", {"quotes": [quote(symbol, 1.00001, 2.00001) for symbol in CHAIN]}, 6),
        ("PUT", "/quotes", {"quotes": [quote(WIDEST[:-2] + f"{n:02}", 1.0, 2.0) for n in range(50)]}, 6),
    ],
)
async def test_a_token_of_orders_buys_few_bytes_of_journal(open_on, clock, method, path, body, tokens):
    scenario = seed_scenario()
    call = next(each for each in scenario.instruments if each.instrument_id == CALL)
    chain = [replace(call, instrument_id=symbol) for symbol in CHAIN]
    exchange = open_on(replace(scenario, instruments=tuple(chain)))
    team = await start_api(exchange, clock).team("team")
    placed = await team.order("buy", 10, 100.0)
    before = exchange.journal.size_bytes
    await team.ask(method, path.replace("ORDER", f"/orders/{placed.order_id}"), body)
    assert exchange.journal.size_bytes - before <= JOURNAL_BYTES_PER_ORDER_TOKEN * tokens


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "ORDER", None),
        ("DELETE", "/orders/ORD_999999999999999999", None),
        ("DELETE", f"/orders/{'x' * 4000}", None),
        ("DELETE", f"/orders/by-client-id/{'x' * 4000}", None),
        ("DELETE", "/orders", None),
        ("POST", "/orders/cancel-after", {"seconds": 86_400}),
    ],
)
async def test_a_token_of_cancels_buys_few_bytes_of_journal(exchange, alice, resting, method, path, body):
    before = exchange.journal.size_bytes
    await alice.ask(method, path.replace("ORDER", resting), body)
    assert exchange.journal.size_bytes - before <= JOURNAL_BYTES_PER_CANCEL_TOKEN


class NoSnapshots:
    """In place of the process that would make some while this test looks."""

    def build(self):
        return None

    def stop(self):
        pass


async def test_metrics_tell_what_the_data_directory_takes(open_on, clock):
    exchange = open_on(segment_bytes=2_000, snapshot_builder=NoSnapshots())
    api = start_api(exchange, clock)
    team = await api.team("team")
    for _ in range(10_000):
        await team.order("buy", 1, 100.0)
        exchange.journal.settle()  # one segment follows another only when the disk has that
        if exchange.journal.segments > 2:
            break
    directory = exchange.journal.directory.parent
    (directory / "snapshots").mkdir()
    (directory / "snapshots" / "000000000007.snapshot").write_bytes(bytes(1_234))
    shown = dict(
        line.rsplit(" ", 1)
        for line in exchange.metrics.text().decode().splitlines()
        if line.startswith("openoutcry_") and "{" not in line
    )
    sizes = [path.stat().st_size for path in (directory / "journal").iterdir()]
    assert float(shown["openoutcry_journal_bytes"]) == sum(sizes)
    assert float(shown["openoutcry_journal_segments"]) == len(sizes) > 2
    assert float(shown["openoutcry_snapshot_bytes"]) == 1_234
    assert 0 < float(shown["openoutcry_disk_left_bytes"]) <= shutil.disk_usage(directory).total
    exchange.close()
    logs = [path.stat().st_size for path in (directory / "events").iterdir()]
    assert exchange.private_streams.log_bytes == sum(logs) > 0
