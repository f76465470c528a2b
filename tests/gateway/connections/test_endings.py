"""A connection that is cut off is gone at once, with everything that the client has not read."""

import asyncio
import socket

import pytest
import uvloop

from openoutcry.gateway.connections.endings import cut_off

SENT = 10_000_000


def read_to_the_end(client):
    while client.recv(65_536):
        pass


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_reader_that_is_cut_off_gets_a_reset_and_nothing_is_kept_for_it(new_loop):
    async def serve():
        made = asyncio.get_running_loop().create_future()

        class Talker(asyncio.Protocol):
            def connection_made(self, transport):
                transport.write(bytes(SENT))
                made.set_result(transport)

        server = await asyncio.get_running_loop().create_server(Talker, "127.0.0.1", 0)
        with socket.create_connection(server.sockets[0].getsockname()) as client:
            cut_off(await made)
            await asyncio.sleep(0)
            with pytest.raises(ConnectionResetError):
                read_to_the_end(client)
        server.close()
        await server.wait_closed()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(serve())
