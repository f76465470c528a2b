"""Requests before the stream is open: wrong names are refused at once, others by `connect`, and none is lost."""

import pytest
from client_stage import CALL, until

from openoutcry.client import AsyncClient, ProtectionRefusedError, SubscriptionRefusedError

WRONG_NAMES = ["tops:SPY", "top", "top:", "", "market:SPY", "trades", "Top:*", "top:" + "X" * 100]
WRONG_GRACES = [2.5, -1, 86_401, "10", None, True]


@pytest.mark.parametrize("is_connected", [False, True])
@pytest.mark.parametrize("name", WRONG_NAMES)
async def test_a_name_that_is_no_channel_is_refused_when_it_is_asked_for(register, name, is_connected):
    api = await register()
    if is_connected:
        await api.connect()
    with pytest.raises(
        SubscriptionRefusedError, match=r"there is no channel .*; there are book:<instrument"
    ) as refused:
        await api.subscribe("top:*", name)
    assert refused.value.code == "INVALID_CHANNEL"


@pytest.mark.parametrize("is_connected", [False, True])
@pytest.mark.parametrize("grace_seconds", WRONG_GRACES)
async def test_a_grace_that_cannot_be_is_refused_when_it_is_asked_for(register, grace_seconds, is_connected):
    api = await register()
    if is_connected:
        await api.connect()
    with pytest.raises(ProtectionRefusedError, match="a whole number from 0 to 86400"):
        await api.cancel_on_disconnect(grace_seconds=grace_seconds)


async def test_connect_names_the_channel_that_there_is_not_and_all_the_rest_holds(register, rival, exchange):
    api = await register()
    tops, guarded, refused = [], [], []
    api.on_top_of_book(tops.append)
    api.on("ack", lambda ack: guarded.append(ack) if ack.op == "cancel_on_disconnect" else None)
    api.on("error", refused.append)
    await api.cancel_on_disconnect(grace_seconds=60)
    await api.subscribe(f"top:{CALL}", "trades:NOTHING", "market", "book:NOWHERE")
    with pytest.raises(SubscriptionRefusedError, match=r"no instrument 'NOTHING'.*; .*no instrument 'NOWHERE'"):
        await api.connect()
    assert (await api.connect()).team_id == api.team_id
    assert len(guarded) == 1
    rival.submit_order(instrument_id=CALL, side="buy", quantity=1, price=11.0)
    await until(lambda: any(top.bid_price == 11.0 for top in tops))


async def test_what_was_refused_is_not_asked_for_again(register, proxy):
    api = await register(proxy.url)
    refused, welcomes = [], []
    await api.subscribe("trades:NOTHING", "market")
    with pytest.raises(SubscriptionRefusedError):
        await api.connect()
    api.on("error", refused.append)
    api.on_welcome(welcomes.append)
    proxy.cut_all()
    await until(lambda: welcomes)
    await api.subscribe("trades:*")  # its answer follows everything that came with the welcome
    assert refused == []


async def test_iteration_tells_of_it_too(exchange):
    async with AsyncClient(exchange.url) as api:
        await api.subscribe("trades:NOTHING")
        with pytest.raises(SubscriptionRefusedError, match="NOTHING"):
            await anext(api.events())


async def test_protection_without_a_key_is_refused_by_connect(exchange):
    async with AsyncClient(exchange.url) as api:
        await api.cancel_on_disconnect()
        await api.subscribe("market")
        with pytest.raises(ProtectionRefusedError, match="send `login` first"):
            await api.connect()
        assert (await api.connect()).team_id is None


def test_the_synchronous_client_says_it_when_it_is_asked_for_events(join):
    api = join()
    api.subscribe("trades:NOTHING", "market")
    with pytest.raises(SubscriptionRefusedError, match="NOTHING"):
        api.events()
    assert [event.type for event in api.events(timeout_seconds=0.05)] == []


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda api: api.on("execution_reports", len), r"'execution_reports': did you mean 'execution_report'\?"),
        (lambda api: api.on("nothing like it", len), "There are new_order_ack, execution_report"),
        (lambda api: api.on_trade(None), r"write on_trade\(f\), without brackets"),
        (lambda api: api.on_message("print"), r"on_message takes a function"),
        (lambda api: api.on("trade", 5), r"on_trade takes a function"),
    ],
)
def test_a_handler_that_could_never_be_called_is_refused_when_it_is_registered(exchange, ask, error):
    with pytest.raises((ValueError, TypeError), match=error):
        ask(AsyncClient(exchange.url))
