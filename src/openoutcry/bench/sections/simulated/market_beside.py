"""Verdicts at a steady rate, beside a simulated market at speed 30 and without one."""

import http.client
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from openoutcry.bench import targets
from openoutcry.bench.failures import MeasurementFailed
from openoutcry.bench.load.open_loop import OpenLoop, OpenLoopRound
from openoutcry.bench.load.orders import NumberedOrders, keys_for
from openoutcry.bench.measures import is_stated, percentile, ratios, spread
from openoutcry.bench.report import Claim, Section, microseconds
from openoutcry.bench.servers import Server, serve_exchange
from openoutcry.bench.stage import Stage

TEAMS: Final = 100
PER_SECOND: Final = 2_000
WITH: Final = "beside the market"
WITHOUT: Final = "without it"

PRICE: Final = 400
"""Far below that of the tracker: what is sold is bought by the house, or by who bids this."""

_SCENARIO: Final = """
name = "beside"
title = "A day at speed 30 with room for the load of the bench"

[session]
date = 2024-03-14

[registration]
open = true
roles = ["participant"]
default_role = "participant"

[schedule]
call = 09:30:00
speed = 30

[underlyings]
SPX = 4500

[chain]
[pricing]
{market}
[rules]
self_trade_prevention = "none"

[roles.participant]
maker_fee = 0.25
taker_fee = 0.25
option_position_limit = 0
spot_position_limit = 1000000
total_option_exposure = 0
maximum_order_size = 10000
maximum_open_orders = 10000
may_quote = true
may_rest_both_sides = true
starting_cash = 1000000000
orders_per_second = 1000000
orders_burst = 1000000

[rate_limits]
reads_per_second = 1000000
reads_burst = 1000000
anonymous_per_second = 1000000
anonymous_burst = 1000000
"""
_MARKETS: Final = {
    WITH: "[world]\n[signals.volatility_forecast]\n[signals.tracking_error]\n[house]\n[retail_flow]\n",
    WITHOUT: "",
}


def market_beside(stage: Stage) -> Section:
    section = Section(f"Verdicts at {PER_SECOND:,} orders/s, {TEAMS} teams, market time at 30", ("what", "p50", "p99"))
    rounds: dict[str, list[OpenLoopRound]] = {name: [] for name in _MARKETS}
    with ExitStack() as stack:
        loops = {name: _loop(stack.enter_context(_exchange(stage, market))) for name, market in _MARKETS.items()}
        for loop in loops.values():
            loop.run(PER_SECOND, stage.effort.open_loop_seconds)
        for turn in stage.turns(list(loops)):
            for name in turn:
                rounds[name].append(loops[name].run(PER_SECOND, stage.effort.open_loop_seconds))
    last = {name: [percentile(sorted(one.verdicts), 0.99) / 1_000 for one in of] for name, of in rounds.items()}
    for name, measured in rounds.items():
        middle = spread([percentile(sorted(one.verdicts), 0.5) / 1_000 for one in measured])
        section.rows.append((name, microseconds(middle.median), microseconds(spread(last[name]).median)))
    section.figures["p99_us"] = last
    if all(is_stated([one.load for one in measured]) for measured in rounds.values()):
        section.claims.append(Claim(targets.MARKET_BESIDE, ratios(last[WITH], last[WITHOUT])))
    else:
        section.claims.append(Claim(targets.MARKET_BESIDE, None, "the generator was too busy"))
    return section


def _loop(exchange: Server) -> OpenLoop:
    keys = keys_for(exchange, TEAMS)
    return OpenLoop(exchange, keys, has_streams=False, orders_of=partial(NumberedOrders, instrument="SPY", price=PRICE))


@contextmanager
def _exchange(stage: Stage, market: str) -> Iterator[Server]:
    """A session is under way on it."""
    with tempfile.TemporaryDirectory() as temporary:
        scenario, data = Path(temporary) / "beside.toml", Path(temporary) / "data"
        scenario.write_text(_SCENARIO.format(market=market), encoding="utf-8")
        with serve_exchange(data, stage.cores.server, str(scenario)) as exchange:
            _start_session(exchange, (data / "admin.key").read_text().strip())
            yield exchange


def _start_session(exchange: Server, key: str) -> None:
    connection = http.client.HTTPConnection(exchange.host, exchange.port, timeout=60)
    headers = {"Content-Type": "application/json", "X-Admin-Key": key}
    connection.request("POST", "/admin/session", json.dumps({"action": "start"}), headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise MeasurementFailed(f"the session did not start: {told.decode()}")
