"""The API design document, run as it is written: its scenarios, its flows, its tables, field by field, over sockets."""

import re
from datetime import datetime, timedelta

from seed_stage import CALL, PUT

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")

ORDER = {"instrument_id": CALL, "side": "buy", "quantity": 10, "price": 100.0}


def without_time(message):
    """The message, once its timestamp was found to be one."""
    assert TIMESTAMP.fullmatch(message["timestamp"]), message
    return {name: value for name, value in message.items() if name != "timestamp"}


def shown(message, *names):
    """Those fields of a message that the document shows."""
    return {name: message[name] for name in names}


# ---- Scenario 1: Successful Order ----------------------------------------------------------------------------------


async def test_scenario_1_successful_order(floor):
    seller = await floor.register("Seller")
    await seller.accepted("sell", 10, 100.0)
    bot = await floor.register("Bot")
    async with bot.connected() as bot:
        # 1. Bot submits order; 2. API returns immediately.
        response = await bot.submit_order(ORDER | {"request_id": "req_12345"})
        assert without_time(response) == {
            "success": True,
            "request_id": "req_12345",
            "order_id": "ORD_67890",
            "data": None,
            "error": None,
        }
        # 3. WebSocket: Order enters book.
        acknowledged = await bot.event()
        assert without_time(acknowledged) == {
            "type": "new_order_ack",
            "order_id": "ORD_67890",
            "instrument_id": "SPX_CALL_4500_20240315",
            "side": "buy",
            "price": 100.0,
            "quantity": 10,
            # Beside what the document shows:
            "client_order_id": None,
            "remaining_quantity": 10,
            "time_in_force": "day",
            "seq": 1,
            "sequence": 4,
        }
        # 4. WebSocket: Order fills.
        executed = await bot.event()
        assert without_time(executed) == {
            "type": "execution_report",
            "order_id": "ORD_67890",
            "trade_id": "TRD_11111",
            "price": 100.0,
            "quantity": 10,
            "liquidity_type": "taker",
            "fees": 0.30,
            # Beside what the document shows:
            "client_order_id": None,
            "instrument_id": "SPX_CALL_4500_20240315",
            "side": "buy",
            "cumulative_quantity": 10,
            "remaining_quantity": 0,
            "average_price": 100.0,
            "order_status": "filled",
            "seq": 2,
            "sequence": 4,
        }
        # The table of event types: after trades.
        updated = await bot.event()
        assert shown(updated, "type", "instrument_id", "position", "seq") == {
            "type": "position_update",
            "instrument_id": "SPX_CALL_4500_20240315",
            "position": 10,
            "seq": 3,
        }
        # A command is stamped once: its verdict and all its events carry that time.
        assert {m["timestamp"] for m in (acknowledged, executed, updated)} == {response["timestamp"]}


async def test_an_order_that_nobody_meets_is_acknowledged_and_waits(floor):
    bot = await floor.register("Bot")
    async with bot.connected() as bot:
        order_id = await bot.accepted("buy", 10, 100.0)
        acknowledged = await bot.event()
        assert shown(acknowledged, "type", "order_id") == {"type": "new_order_ack", "order_id": order_id}
        assert (await bot.get("/orders"))["data"]["orders"][0]["status"] == "open"


async def test_the_timestamp_is_the_server_s_own_in_utc(floor):
    response = await floor.anonymous().get("/market")
    stamped = datetime.fromisoformat(response["timestamp"])
    assert stamped.utcoffset() == timedelta(0)
    assert shown(response["data"], "session_date", "phase") == {"session_date": "2024-01-15", "phase": "continuous"}


# ---- Scenario 2: Validation Failure --------------------------------------------------------------------------------


async def test_scenario_2_validation_failure(floor):
    maker = await floor.register("Maker", "market_maker")
    bot = await floor.register("Bot")
    await maker.accepted("sell", 45, 100.0)
    await bot.accepted("buy", 45, 100.0)
    nobody = floor.anonymous()
    async with (
        bot.connected("?after_seq=3") as bot,
        maker.connected("?after_seq=3") as maker,
        nobody.connected() as public,
    ):
        await public.subscribe(f"book:{CALL}", f"book:{PUT}", "trades:*", "market")
        # 1. Bot submits invalid order; 2. API returns immediately.
        status, response = await bot.request("POST", "/orders", ORDER | {"quantity": 100, "request_id": "req_12346"})
        assert without_time(response) == {
            "success": False,
            "request_id": "req_12346",
            "order_id": None,
            "data": None,
            "error": {
                "code": "POSITION_LIMIT_EXCEEDED",
                "message": "Order would exceed position limit of 50",
                "details": {
                    "current_position": 45,
                    "order_quantity": 100,
                    "limit": 50,
                    # Beside what the document shows: working orders count too.
                    "open_quantity": 0,
                },
            },
        }
        assert status == 422
        # 3. No WebSocket messages sent, to anyone: what comes next is of the order after it.
        order_id = await bot.accepted("buy", 5, 99.0)
        next_event = await bot.event()
        assert shown(next_event, "type", "order_id", "seq") == {
            "type": "new_order_ack",
            "order_id": order_id,
            "seq": 4,
        }
        next_public = await public.event()
        assert shown(next_public, "type", "book_seq", "prev_book_seq") == {
            "type": "book_update",
            "book_seq": 3,
            "prev_book_seq": 2,
        }
        await maker.accepted("sell", 1, 101.0)
        assert shown(await maker.event(), "type", "seq") == {"type": "new_order_ack", "seq": 4}


async def test_working_orders_count_towards_the_position_limit(floor):
    bot = await floor.register("Bot")
    await bot.accepted("buy", 45, 100.0)
    response = await bot.submit_order(ORDER | {"quantity": 6})
    assert response["error"]["details"] == {
        "current_position": 0,
        "order_quantity": 6,
        "limit": 50,
        "open_quantity": 45,
    }


# ---- Scenario 3: Query Operations ----------------------------------------------------------------------------------


async def test_scenario_3_query_operations(floor):
    other, bot = await floor.register("Other", "market_maker"), await floor.register("Bot")
    await other.accepted("sell", 3, 100.0)
    assert await bot.accepted("buy", 10, 100.0) == "ORD_67890"
    await other.accepted("sell", 7, 101.0)
    await bot.accepted("buy", 7, 101.0)
    await other.accepted("buy", 5, 80.0, PUT)
    await bot.accepted("sell", 5, 80.0, PUT)

    orders = await bot.get("/orders")
    order = orders["data"]["orders"][0]
    assert without_time(orders) == {
        "success": True,
        "request_id": orders["request_id"],
        "order_id": None,
        "data": {"orders": [order], "as_of_seq": 9, "forgotten": 0, "omitted": 0},
        "error": None,
    }
    assert orders["request_id"].startswith("req_")
    assert shown(order, "order_id", "instrument_id", "side", "price", "remaining_quantity") == {
        "order_id": "ORD_67890",
        "instrument_id": "SPX_CALL_4500_20240315",
        "side": "buy",
        "price": 100.0,
        "remaining_quantity": 7,
    }

    positions = await bot.get("/positions")
    holdings = positions["data"].pop("holdings")
    assert without_time(positions) == {
        "success": True,
        "request_id": positions["request_id"],
        "order_id": None,
        "data": {"positions": {"SPX_CALL_4500_20240315": 10, "SPX_PUT_4500_20240315": -5}, "as_of_seq": 9},
        "error": None,
    }
    assert holdings.keys() == positions["data"]["positions"].keys()


# ---- Communication Flow: Order Cancellation ------------------------------------------------------------------------


async def test_a_cancel_that_succeeds_is_answered_and_told(floor):
    bot = await floor.register("Bot")
    async with bot.connected() as bot:
        order_id = await bot.accepted("buy", 10, 100.0)
        await bot.event()
        status, response = await bot.request("DELETE", f"/orders/{order_id}")
        assert (status, response["success"], response["order_id"]) == (200, True, order_id)
        assert shown(await bot.event(), "type", "order_id", "cancelled_quantity", "reason") == {
            "type": "order_cancelled",
            "order_id": order_id,
            "cancelled_quantity": 10,
            "reason": "user_requested",
        }


async def test_a_cancel_that_fails_is_answered_alike_for_every_cause_and_told_to_nobody(floor):
    owner, bot = await floor.register("Owner"), await floor.register("Bot")
    others = await owner.accepted("buy", 10, 100.0)
    done = await bot.accepted("buy", 1, 99.0)
    await bot.request("DELETE", f"/orders/{done}")
    async with owner.connected("?after_seq=1") as owner, bot.connected("?after_seq=2") as bot:
        answers = [
            await bot.request("DELETE", f"/orders/{order_id}") for order_id in (others, done, "ORD_1", "nonsense")
        ]
        assert [(status, answer["success"], answer["error"]["code"]) for status, answer in answers] == [
            (409, False, "CANCEL_FAILED")
        ] * 4
        assert len({answer["error"]["message"] for _, answer in answers}) == 1
        # No WebSocket message: the next one is of the next order.
        for team, seq in ((owner, 2), (bot, 3)):
            order_id = await team.accepted("buy", 1, 98.0)
            assert shown(await team.event(), "type", "order_id", "seq") == {
                "type": "new_order_ack",
                "order_id": order_id,
                "seq": seq,
            }


# ---- Design Principles and Benefits --------------------------------------------------------------------------------


async def test_a_fill_reaches_both_sides_once_each(floor):
    maker, taker = await floor.register("Maker"), await floor.register("Taker")
    async with maker.connected() as maker, taker.connected() as taker:
        await maker.accepted("sell", 4, 100.0)
        await taker.accepted("buy", 4, 100.0)
        of_maker, of_taker = await maker.events(3), await taker.events(3)
    for events, liquidity_type, fees in ((of_maker, "maker", 0.04), (of_taker, "taker", 0.12)):
        assert [event["type"] for event in events] == ["new_order_ack", "execution_report", "position_update"]
        assert shown(events[1], "trade_id", "liquidity_type", "fees") == {
            "trade_id": "TRD_11111",
            "liquidity_type": liquidity_type,
            "fees": fees,
        }


async def test_if_the_websocket_disconnects_the_api_still_works_and_nothing_is_lost(floor):
    bot = await floor.register("Bot")
    async with bot.connected() as connected:
        await connected.accepted("buy", 1, 99.0)
        assert (await connected.event())["seq"] == 1
    second = await bot.accepted("buy", 1, 98.0)
    third = await bot.accepted("buy", 1, 97.0)
    async with bot.connected("?after_seq=1") as connected:
        events = await connected.events(2)
    assert [(event["seq"], event["order_id"]) for event in events] == [(2, second), (3, third)]


async def test_every_answer_has_the_one_format(floor):
    for method, path, status, code in (
        ("GET", "/orders", 401, "UNAUTHENTICATED"),
        ("GET", "/nowhere", 404, "ROUTE_NOT_FOUND"),
        ("PUT", "/orders", 405, "METHOD_NOT_ALLOWED"),
    ):
        found, response = await floor.anonymous().request(method, path)
        assert found == status
        assert list(response) == ["success", "request_id", "order_id", "data", "error", "timestamp"]
        assert list(response["error"]) == ["code", "message", "details"]
        assert (response["success"], response["error"]["code"]) == (False, code)
