"""A team with more open orders than one answer shows. The client gets all of them, whatever changes meanwhile."""

import pytest
from client_stage import CALL, Awaited, until
from served_exchange import ServedExchange

from openoutcry.client import AsyncClient, Client, RetryPolicy
from openoutcry.client.address import Address
from openoutcry.client.errors import NotConnectedError
from openoutcry.client.http.asynchronous_transport import AsyncHttpTransport
from openoutcry.client.http.synchronous_transport import HttpTransport

OPEN_ORDERS = 2_300
PATIENT = RetryPolicy(wait_for_rate_limit=True)
SCENARIO = """
name = "many"
title = "Many open orders"
[registration]
open = true
default_role = "market_maker"
[[instruments]]
symbol = "SPX_CALL_4500_20240315"
[roles.market_maker]
maximum_open_orders = 100000
option_position_limit = 1000000
total_option_exposure = 1000000
orders_per_second = 1000000
orders_burst = 1000000
[rate_limits]
reads_per_second = 20
reads_burst = 1
"""


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    directory = tmp_path_factory.mktemp("many")
    scenario = directory / "many.toml"
    scenario.write_text(SCENARIO, "utf-8")
    with ServedExchange(directory / "data", scenario=str(scenario)) as served:
        yield served


class Meddling:
    """A transport that calls `meddle` before the second page of orders is requested, or before each if `always`."""

    def __init__(self, meddle, always):
        self._meddle = meddle
        self._always = always

    def before(self, path):
        if path.startswith("/orders?after=") and self._meddle is not None:
            meddle = self._meddle
            if not self._always:
                self._meddle = None
            meddle()


class MeddlingTransport(HttpTransport):
    def __init__(self, address, meddling):
        super().__init__(address, 30)
        self._meddling = meddling

    def request(self, method, path, headers, body):
        self._meddling.before(path)
        return super().request(method, path, headers, body)


class AsyncMeddlingTransport(AsyncHttpTransport):
    def __init__(self, address, meddling):
        super().__init__(address, 30)
        self._meddling = meddling

    async def request(self, method, path, headers, body):
        self._meddling.before(path)
        return await super().request(method, path, headers, body)


@pytest.fixture
def team(exchange, request):
    """A client of a team that has `OPEN_ORDERS` open."""
    with Client.register(exchange.url, request.node.name[-60:], retry=PATIENT) as client:
        for _ in range(OPEN_ORDERS // 50):
            orders = [{"instrument_id": CALL, "side": "buy", "quantity": 10, "price": 1.0}] * 50
            assert client.submit_orders(orders).success
        yield client
        client.mass_cancel()


@pytest.fixture(params=[Client, AsyncClient])
async def come_back(request, exchange):
    """`come_back(key, meddle)`: another client of the team, of either kind. It calls `meddle` while it reads pages."""
    clients = []

    def come_back(api_key, meddle=None, *, always=False, retry=None):
        address, meddling = Address.parse(exchange.url), Meddling(meddle, always)
        if request.param is Client:
            client = Awaited(Client(exchange.url, api_key, retry=retry, transport=MeddlingTransport(address, meddling)))
        else:
            transport = AsyncMeddlingTransport(address, meddling)
            client = AsyncClient(exchange.url, api_key, retry=retry, transport=transport)
        clients.append(client)
        return client

    yield come_back
    for client in clients:
        await client.close()


async def test_all_open_orders_are_known_after_connect_though_welcome_shows_the_oldest(team, come_back):
    back = come_back(team.api_key)
    welcome = await back.connect()
    assert (len(welcome.orders), welcome.orders_omitted) == (1_000, OPEN_ORDERS - 1_000)
    known = [order.order_id for order in back.orders.open_orders()]
    assert known == sorted(known, key=lambda order_id: int(order_id.removeprefix("ORD_")))
    assert len(known) == OPEN_ORDERS


async def test_one_call_gathers_all_pages_and_another_asks_for_one(team, come_back):
    back = come_back(team.api_key, retry=PATIENT)
    gathered = await back.get_open_orders()
    ids = [order["order_id"] for order in gathered.data["orders"]]
    assert len(set(ids)) == OPEN_ORDERS
    assert gathered.data["omitted"] == 0
    page = await back.get_open_orders(limit=5, after=ids[9])
    assert [order["order_id"] for order in page.data["orders"]] == ids[10:15]
    assert page.data["omitted"] == OPEN_ORDERS - 15


async def test_what_changes_between_two_pages_is_settled_by_the_events_after_welcome(exchange, team, come_back):
    ids = [order["order_id"] for order in team.get_open_orders().data["orders"]]
    shown, filled, amended, closed = ids[5], ids[0], ids[1_500], ids[2_200]

    def meddle():
        team.cancel_order(shown)
        team.cancel_order(closed)
        team.amend_order(amended, quantity=7)
        team.amend_order(ids[6], price=0.5)
        assert team.submit_order(instrument_id=CALL, side="buy", quantity=3, price=0.9, client_order_id="new").success
        with Client.register(exchange.url, f"seller to {team.team_id}") as seller:
            assert seller.submit_order(instrument_id=CALL, side="sell", quantity=14, price=1.0).success

    back = come_back(team.api_key, meddle)
    await back.connect()
    last_seq = team.get_positions().data["as_of_seq"]
    await until(lambda: back.last_seq == last_seq)
    truth = {
        order["order_id"]: (order["price"], order["quantity"], order["remaining_quantity"], order["status"])
        for order in team.get_open_orders().data["orders"]
    }
    assert {
        order.order_id: (order.price, order.quantity, order.remaining_quantity, order.status)
        for order in back.orders.open_orders()
    } == truth
    assert not {shown, filled, closed} & set(truth)
    assert truth[amended][1] == 7
    assert back.orders.order(filled).status == "filled"
    assert back.orders.order(client_order_id="new").remaining_quantity == 3


async def test_where_the_pages_cannot_be_had_the_rest_appears_with_its_events(team, come_back, caplog):
    def fail():
        raise NotConnectedError("the line is dead")

    ids = [order["order_id"] for order in team.get_open_orders().data["orders"]]
    back = come_back(team.api_key, fail, always=True)
    await back.connect()
    assert [order.order_id for order in back.orders.open_orders()] == ids[:1_000]
    assert "1300 open orders are unknown to the bot until their next events: the line is dead" in caplog.text
    team.amend_order(ids[2_000], quantity=7)
    await until(lambda: back.orders.order(ids[2_000]) is not None)
