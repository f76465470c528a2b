"""Real servers, killed and started again on the same directory: queries give the same answers as before."""

import shutil

import pytest
from command_line import openoutcry, request
from served_exchange import ServedExchange

CALL = "SPX_CALL_4500_20240315"
PUT = "SPX_PUT_4500_20240315"
SMALL_SEGMENTS = ("--segment-bytes", "4096")


def state_hash(command, directory):
    result = openoutcry(command, directory)
    assert result.returncode == 0, result.stderr + result.stdout
    return result.stdout.split("state hash")[1].split()[0]


def register(exchange, *names):
    teams = {}
    for name in names:
        data = request(exchange, "POST", "/teams", {"team_name": name, "role": "market_maker"})["data"]
        teams[name] = {"X-API-Key": data["api_key"]}
    return teams


def trade(exchange, teams, rounds, first=0):
    """Orders that rest in queues of several at one price, some that trade, some amended, some cancelled."""
    for number in range(first, first + rounds):
        for name, key in teams.items():
            side = "buy" if (number + len(name)) % 2 else "sell"
            price = 16.0 + (number % 5) / 100 * (-1 if side == "buy" else 1)
            order = {"instrument_id": CALL if number % 3 else PUT, "side": side, "quantity": 1 + number % 4}
            placed = request(exchange, "POST", "/orders", {**order, "price": round(price, 2)}, **key)
            if not placed["success"]:
                continue
            if number % 7 == 3:
                request(exchange, "PATCH", f"/orders/{placed['order_id']}", {"quantity": 1}, **key)
            if number % 4 == 1:
                request(exchange, "DELETE", f"/orders/{placed['order_id']}", **key)


def everything(exchange, teams):
    """All that can be asked for, without what tells the moment of the asking."""
    seen = {
        path: request(exchange, "GET", path)["data"]
        for path in (*(f"/{what}/{here}" for what in ("orderbook", "trades") for here in (CALL, PUT)), "/market")
    }
    del seen["/market"]["market_time"]
    for name, key in teams.items():
        for path in ("/orders", "/orders?status=closed&limit=1000", "/positions", "/account", "/fills?limit=1000"):
            seen[name, path] = request(exchange, "GET", path, **key)["data"]
    return seen


@pytest.mark.parametrize("with_snapshot", [True, False], ids=["from a snapshot", "from the whole journal"])
def test_a_killed_server_comes_back_to_what_it_was(tmp_path, with_snapshot):
    data = tmp_path / "data"
    segments = SMALL_SEGMENTS if with_snapshot else ()
    exchange = ServedExchange(data, *segments).__enter__()
    teams = register(exchange, "ann", "robert", "cat")
    trade(exchange, teams, 30)
    if with_snapshot:
        exchange.await_said("snapshot made")
        trade(exchange, teams, 5, first=30)
    before = everything(exchange, teams)
    exchange.kill()
    shutil.copytree(data, tmp_path / "as it was killed")

    with ServedExchange(data, *segments) as exchange:
        assert everything(exchange, teams) == before
        trade(exchange, teams, 5, first=40)
        exchange.end()
        assert ("from_snapshot_at=None" in exchange.stderr) is not with_snapshot
        at_the_end = exchange.state_hash

    assert state_hash("replay", data) == state_hash("verify", data) == at_the_end
    killed = tmp_path / "as it was killed"
    assert state_hash("replay", killed) == state_hash("verify", killed)


def test_orders_keep_their_places_in_the_queue(tmp_path):
    exchange = ServedExchange(tmp_path / "data", *SMALL_SEGMENTS).__enter__()
    teams = register(exchange, "ann", "bob", "cat", "taker")
    offer = {"instrument_id": CALL, "side": "sell", "quantity": 1, "price": 20.0}
    queue = [
        request(exchange, "POST", "/orders", offer, **teams[name])["order_id"]
        for _ in range(4)
        for name in ("cat", "ann", "bob")
    ]
    for _ in range(200):  # refused, but journaled: they fill the segment
        request(exchange, "POST", "/orders", {**offer, "side": "up"}, **teams["taker"])
    exchange.await_said("snapshot made")
    exchange.kill()

    with ServedExchange(tmp_path / "data", *SMALL_SEGMENTS) as exchange:
        taken = {"instrument_id": CALL, "side": "buy", "quantity": len(queue), "price": 20.0, "time_in_force": "ioc"}
        answer = request(exchange, "POST", "/orders", taken, **teams["taker"])
        assert answer["success"], answer
        makers = []
        for name in ("ann", "bob", "cat"):
            fills = request(exchange, "GET", "/fills?limit=1000", **teams[name])["data"]["fills"]
            makers += [(fill["trade_id"], fill["order_id"]) for fill in fills if fill["price"] == 20.0]
    in_order = [order_id for _, order_id in sorted(makers, key=lambda maker: int(maker[0].split("_")[1]))]
    assert in_order == queue


def test_many_kills_in_a_row_lose_nothing(tmp_path):
    data = tmp_path / "data"
    teams, before = {}, None
    for life in range(4):
        exchange = ServedExchange(data, *SMALL_SEGMENTS).__enter__()
        if before is None:
            teams = register(exchange, "ann", "robert", "cat")
        else:
            assert everything(exchange, teams) == before
        trade(exchange, teams, 10, first=life * 10)
        before = everything(exchange, teams)
        exchange.kill()

    with ServedExchange(data, *SMALL_SEGMENTS) as exchange:
        assert everything(exchange, teams) == before
    assert openoutcry("verify", data).returncode == 0
