"""A bot that is started again is the same team. Its key is in a file that only its owner can read."""

import asyncio
import stat

import pytest
from client_stage import CALL
from served_exchange import ServedExchange

from openoutcry.client import AsyncClient, Client, RegistrationRefusedError

BUY = {"instrument_id": CALL, "side": "buy", "quantity": 1, "price": 6.0}


@pytest.fixture
def come(exchange, kind, tmp_path):
    """`await come(name)`: a client of the team with this name and its key file. The test closes it."""

    async def come(name, *, url=exchange.url, file="team.key", **options):
        arguments = {"key_file": tmp_path / file, **options}
        if kind == "sync":
            return await asyncio.to_thread(Client.register_or_resume, url, name, **arguments)
        return await AsyncClient.register_or_resume(url, name, **arguments)

    return come


async def end(client):
    if (closing := client.close()) is not None:
        await closing


async def test_the_first_start_registers_and_the_next_is_the_same_team(come, team_name, tmp_path):
    name = team_name()
    first = await come(name, role="market_maker")
    await end(first)
    second = await come(name, role="market_maker")
    assert (second.team_id, second.api_key) == (first.team_id, first.api_key)
    await end(second)
    assert stat.S_IMODE((tmp_path / "team.key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["team.key"]


async def test_a_key_that_was_rotated_is_found_too(come, team_name):
    name = team_name()
    first = await come(name)
    if (rotating := first.rotate_key()) is not None and asyncio.iscoroutine(rotating):
        await rotating
    await end(first)
    second = await come(name)
    assert (second.team_id, second.api_key) == (first.team_id, first.api_key)
    await end(second)


async def test_an_exchange_that_began_anew_gets_a_new_team_in_the_same_file(come, team_name, tmp_path):
    name = team_name()
    await end(await come(name))
    with ServedExchange(tmp_path / "other") as other:
        fresh = await come(name, url=other.url)
        again = await come(name, url=other.url)
        assert fresh.api_key == again.api_key
        await end(fresh)
        await end(again)


async def test_a_name_that_is_taken_says_what_the_file_has_to_do_with_it(come, team_name):
    name = team_name()
    await end(await come(name))
    with pytest.raises(RegistrationRefusedError, match=r"key_file '.*other.key' does not exist yet") as refused:
        await come(name, file="other.key")
    assert refused.value.code == "DUPLICATE_TEAM_NAME"


async def test_a_file_of_something_else_is_never_written_over(come, team_name, tmp_path):
    await end(await come(team_name()))
    with pytest.raises(ValueError, match="give each team a file of its own"):
        await come(team_name())
    (tmp_path / "notes.txt").write_text("not a key")
    with pytest.raises(ValueError, match="holds no key of a team"):
        await come(team_name(), file="notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "not a key"


async def test_where_no_key_could_be_kept_no_team_is_registered(come, team_name):
    name = team_name()
    with pytest.raises(FileNotFoundError):
        await come(name, file="no such folder/team.key")
    await end(await come(name))


async def test_the_end_of_a_block_takes_the_orders_of_a_bot_that_asked_for_protection(exchange, kind, team_name):
    for is_protected in (True, False):
        if kind == "sync":
            with Client.register(exchange.url, team_name()) as api:
                if is_protected:
                    api.cancel_on_disconnect(grace_seconds=3600)
                await asyncio.to_thread(api.submit_order, BUY)
        else:
            async with await AsyncClient.register(exchange.url, team_name()) as api:
                if is_protected:
                    await api.cancel_on_disconnect(grace_seconds=3600)
                await api.submit_order(BUY)
        with Client(exchange.url, api.api_key) as witness:
            assert len(witness.get_open_orders().data["orders"]) == (0 if is_protected else 1)
            witness.mass_cancel()


def test_a_block_ends_also_where_the_exchange_is_gone(tmp_path, caplog):
    with ServedExchange(tmp_path / "data") as served:
        api = Client.register(served.url, "left alone")
        api.cancel_on_disconnect()
        api.connect()
    with api:
        pass
    assert "the orders are left to cancel_on_disconnect" in caplog.text
