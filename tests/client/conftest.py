"""A real exchange on real sockets, and both kinds of client, which tests use in the same way."""

import asyncio
import itertools

import pytest
from client_stage import Awaited
from flaky_proxy import FlakyProxy
from served_exchange import ServedExchange

from openoutcry.client import AsyncClient, Client

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def exchange(tmp_path_factory):
    with ServedExchange(tmp_path_factory.mktemp("client") / "data") as served:
        yield served


@pytest.fixture
def proxy(exchange):
    with FlakyProxy(exchange.url) as proxy:
        yield proxy


@pytest.fixture
def team_name():
    return lambda: f"team {next(_numbers)}"


@pytest.fixture
def leave(exchange):
    """`leave(key)` cancels all orders of a team, since all tests share the book."""

    def leave(api_key):
        with Client(exchange.url, api_key) as client:
            client.mass_cancel()

    return leave


@pytest.fixture
def join(exchange, team_name, leave):
    """`join(url, **options)`: a synchronous client of a new team, whose orders are cancelled after the test."""
    clients = []

    def join(url=None, *, role="hedge_fund", **options):
        clients.append(Client.register(url or exchange.url, team_name(), role=role, **options))
        return clients[-1]

    yield join
    for client in clients:
        client.close()
        leave(client.api_key)


@pytest.fixture
def rival(join):
    """A synchronous client of a second team to trade with, without a proxy."""
    return join(role="market_maker")


@pytest.fixture(params=["sync", "async"])
def kind(request):
    return request.param


@pytest.fixture
async def register(exchange, kind, team_name, leave):
    """`await register(url, **options)`: a client of a new team, of either kind, whose orders are cancelled after it."""
    clients = []

    async def register(url=None, *, role="hedge_fund", **options):
        url = url or exchange.url
        if kind == "sync":
            client = Awaited(await asyncio.to_thread(Client.register, url, team_name(), role=role, **options))
        else:
            client = await AsyncClient.register(url, team_name(), role=role, **options)
        clients.append(client)
        return client

    yield register
    for client in clients:
        await client.close()
        leave(client.api_key)
