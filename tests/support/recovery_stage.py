"""An exchange on a directory whose segments are small, so that a few commands seal several of them."""

import asyncio
import random

from journals import SyncsAtOnce
from venues import CALL, SCENARIO

from openoutcry.bootstrap.projections import projections_of as projections_of_scenario
from openoutcry.bootstrap.server import open_server
from openoutcry.domain.commands import (
    AmendOrder,
    CancelOrder,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReplaceQuotes,
    SubmitOrder,
)
from openoutcry.domain.reasons import Accepted
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.recovery.snapshots.builder import build_next
from openoutcry.runtime.recovery.snapshots.files import list_snapshots

SEGMENT_BYTES = 600
PATIENCE_SECONDS = 60
TEAMS = 3


class NoSnapshots:
    """A builder for tests that build by themselves."""

    def build(self):
        return None

    def stop(self):
        return


class StillClock:
    """For runs that are to be the same to the microsecond."""

    def now(self):
        return 1_700_000_000_000_000

    def elapsed(self):
        return 0


def start(directory, scenario=SCENARIO, *, builder=None, segment_bytes=SEGMENT_BYTES, **options):
    return open_server(
        scenario,
        directory,
        admin_key_hash=b"k" * 32,
        loop=asyncio.get_running_loop(),
        segment_bytes=segment_bytes,
        snapshot_builder=builder or NoSnapshots(),
        **{"start_helper": SyncsAtOnce, **options},
    )


def trade(exchange, steps, seed=1):
    """Teams come, and trade at random: orders, amendments, cancels, quotes; some refused."""
    perform, chance = exchange.sequencer.perform, random.Random(seed)
    for number in range(len(exchange.sequencer.queries.teams()) + 1, TEAMS + 1):
        perform(RegisterTeam(f"team {number}", "market_maker", bytes([number]) * 32))
    open_orders = []
    for step in range(steps):
        team = chance.randint(1, TEAMS)
        dice = chance.random()
        ticks = 1_000 + chance.randint(-5, 5)
        if dice < 0.6 or not open_orders:
            sequenced, _ = perform(
                SubmitOrder(
                    team,
                    CALL,
                    chance.choice(("buy", "sell")),
                    chance.randint(1, 9),
                    Price(ticks),
                    client_order_id=f"{seed}-{step}" if step % 3 else None,
                )
            )
            if type(sequenced.verdict) is Accepted:
                open_orders.append((team, sequenced.verdict.new_id))
        elif dice < 0.8:
            perform(CancelOrder(*open_orders.pop(chance.randrange(len(open_orders)))))
        elif dice < 0.9:
            perform(AmendOrder(*chance.choice(open_orders), chance.randint(1, 9)))
        else:
            perform(ReplaceQuotes(team, (QuoteTerms(CALL, Price(ticks - 3), 2, Price(ticks + 3), 2),)))


def streams(exchange):
    """Every team's whole private stream."""
    teams = exchange.sequencer.queries.teams()
    return {team.team_id: read_all_of(exchange.private_streams.of_team(team.team_id)) for team in teams}


def read_all_of(stream):
    lines = []
    while more := stream.read(len(lines)):
        lines += more
    return lines


def queues(exchange):
    """The resting orders of every book, in their order."""
    markets = exchange.sequencer._venue._state.markets
    return {
        name: [[o.order_id for o in side.orders()] for side in market.book.sides] for name, market in markets.items()
    }


async def traded_directory(path, steps=60, seed=1, **options):
    """A directory with several sealed segments, closed; the state's hash, the streams and queues at its end."""
    exchange = start(path, **options)
    trade(exchange, steps, seed)
    seen = exchange.sequencer.state_hash(), streams(exchange), queues(exchange)
    exchange.close()
    return seen


def build(path, projections_of=projections_of_scenario, **options):
    return build_next(DataDirectory(path), projections_of, **options)


def snapshots(path):
    return list_snapshots(DataDirectory(path).snapshots)


async def until(condition):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - the condition is another thread's or process's
            await asyncio.sleep(0.005)
