"""A market maker who protects its quotes on a real server, a taker who sweeps them, and a crash of that server."""

import asyncio

import pytest
from client_stage import CALL, PUT, Awaited, until
from command_line import openoutcry
from served_exchange import ServedExchange

from openoutcry.client import AsyncClient, Client

QUOTES = [
    {"instrument_id": here, "bid_price": 15.0, "bid_quantity": 10, "ask_price": 17.0, "ask_quantity": 10}
    for here in (CALL, PUT)
]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
async def test_a_maker_is_swept_and_its_quotes_are_gone_and_frozen_also_after_a_crash(tmp_path, kind):
    with ServedExchange(tmp_path / "data") as exchange:
        maker, taker = await joined(kind, exchange.url, "maker", "market_maker"), Client.register(exchange.url, "taker")
        heard = []
        maker.on_order_cancelled(lambda event: heard.append((event.type, event.instrument_id, event.reason)))
        maker.on_protection_triggered(lambda event: heard.append((event.type, event.group, event.limit)))
        maker.on_execution_report(lambda event: heard.append((event.type, event.instrument_id, event.quantity)))
        await maker.connect()
        assert (await maker.protect_quotes(quantity=12, interval_seconds=3600)).success
        assert all(result["success"] for result in (await maker.replace_quotes(QUOTES)).data["results"])

        for here, side in ((CALL, "buy"), (PUT, "sell")):
            await asyncio.to_thread(
                taker.submit_order, instrument_id=here, side=side, quantity=6, order_type="market", time_in_force="ioc"
            )

        cancelled = [("order_cancelled", here, "market_maker_protection") for here in (CALL, CALL, PUT, PUT)]
        await until(lambda: len(heard) == 7)
        assert heard == [
            ("execution_report", CALL, 6),
            ("execution_report", PUT, 6),
            *cancelled,
            ("protection_triggered", "SPX", "quantity"),
        ]
        (group,) = (await maker.get_quote_protection()).data["groups"]
        assert (group["frozen"], group["frozen_until"], group["quantity"]) == (True, None, 12)
        api_key = maker.api_key
        await maker.close()
        taker.close()
        exchange.kill()

    with ServedExchange(tmp_path / "data") as exchange:
        maker = AsyncClient(exchange.url, api_key)
        async with maker:
            assert (await maker.get_quote_protection()).data["groups"] == [group]
            results = (await maker.replace_quotes(QUOTES)).data["results"]
            assert [result["error"]["code"] for result in results] == ["QUOTES_FROZEN"] * 2
            assert (await maker.reset_quote_protection("SPX")).data["groups"][0]["frozen"] is False
            assert all(result["success"] for result in (await maker.replace_quotes(QUOTES)).data["results"])
    assert openoutcry("verify", tmp_path / "data").returncode == 0


async def joined(kind, url, name, role):
    if kind is AsyncClient:
        return await AsyncClient.register(url, name, role=role)
    return Awaited(await asyncio.to_thread(Client.register, url, name, role=role))
