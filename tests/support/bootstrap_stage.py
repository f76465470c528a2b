"""An exchange that is opened on a directory as the server opens it, and two teams that trade on it."""

import asyncio

from venues import ALICE, BOB, SCENARIO, order

from openoutcry.bootstrap.server import open_server


def start(directory, scenario=SCENARIO, **options):
    return open_server(scenario, directory, admin_key_hash=b"k" * 32, loop=asyncio.get_running_loop(), **options)


def trade(exchange):
    """Two teams, one trade of 3 contracts; 2 rest."""
    for command in (ALICE, BOB, order(1, "sell", 5), order(2, "buy", 3)):
        exchange.sequencer.submit(command)
    exchange.sequencer.execute_pending()


def streams(exchange):
    return [exchange.private_streams.of_team(team_id).read(0) for team_id in (1, 2)]
