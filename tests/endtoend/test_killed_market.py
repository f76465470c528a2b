"""A live session of the simulated market with two bots over sockets, killed three times in the middle: prices, news,
signals and phases are those of an undisturbed run, and the flow's commands come out again from the bots'.
"""

import datetime as dt
import itertools
import json
import threading

from command_line import openoutcry, register
from journals import read_all
from market_stage import CALL_SECONDS, half_hour
from served_exchange import PATIENCE_SECONDS, ServedExchange

from openoutcry.domain.commands import AdvanceMarket, ReplaceQuotes, SkipIds, SubmitOrder
from openoutcry.domain.events import PhaseChanged
from openoutcry.domain.reasons import Accepted
from openoutcry.lab.simulated_days import simulate_days
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.venue.venue import Venue

SEED = 7
SPEED = 60
MINUTES = 5
KILLED_AT = (CALL_SECONDS // 2, CALL_SECONDS + 60, CALL_SECONDS + 180)
"""Market seconds after the call begins."""


class Bot(threading.Thread):
    """Buys and sells a lot of SPY and an option again and again, whatever comes of it, until it is told to end."""

    def __init__(self, exchange, headers, side):
        super().__init__(daemon=True)
        self.exchange, self.headers, self.side = exchange, headers, side
        self.ended = threading.Event()
        self.accepted = 0

    def run(self):
        for number in itertools.count():
            price = round(450 + number % 5 / 100, 2)
            body = {"instrument_id": "SPY", "side": self.side, "quantity": 1 + number % 3, "price": price}
            try:
                status, _ = self.exchange.ask("POST", "/orders", body, **self.headers)
            except (OSError, json.JSONDecodeError):  # the server is being killed
                return
            self.accepted += status == 200
            if self.ended.wait(0.02):
                return

    def end(self):
        self.ended.set()
        self.join(PATIENCE_SECONDS)


def begin(exchange):
    """Start the session, and then register two teams: who registers later has no part in its seed."""
    key = (exchange.data / "admin.key").read_text().strip()
    status, answer = exchange.ask("POST", "/admin/session", {"action": "start"}, **{"X-Admin-Key": key})
    assert status == 200, answer
    return [register(exchange, name, role="arbitrage_desk") for name in ("ann", "bob")]


def wait_until(exchange, reached):
    """Return once the market is there: its phase, or its clock."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 5):
        _, answer = exchange.ask("GET", "/market")
        if reached(answer["data"]):
            return
        pause.wait(0.2)
    raise AssertionError(f"the market never came there: {answer}")


def has_come(second):
    instant = (dt.datetime(2024, 3, 14, 9, 25) + dt.timedelta(seconds=second)).isoformat()  # noqa: DTZ001 - of the text
    return lambda market: market["market_time"][: len(instant)] >= instant


def is_over(market):
    return market["phase"] == "closed"


def ticks_of(records):
    return [record.command for record in records if isinstance(record.command, AdvanceMarket)]


def phases_of(folder, records):
    """With their market times, by a venue that does all of it again."""
    kept = DataDirectory(folder).kept_scenario()
    venue, seen = Venue(kept.rulebook, kept.instruments), []
    for record in records:
        if type(venue.validate(record.command)) is Accepted:
            events = venue.execute(record.sequence, record.time, record.command)
            seen += [(event.market_time, event.phase) for event in events if isinstance(event, PhaseChanged)]
    return seen


def test_a_market_killed_three_times_is_that_of_an_undisturbed_run(tmp_path):
    scenario = half_hour(tmp_path, speed=SPEED, minutes=MINUTES)
    data, keys, bots = tmp_path / "live", [], []
    for reached in (*map(has_come, KILLED_AT), is_over):
        with ServedExchange(data, "--seed", str(SEED), scenario=str(tmp_path / "half_hour.toml")) as exchange:
            keys = keys or begin(exchange)
            now = [Bot(exchange, key, side) for key, side in zip(keys, ("buy", "sell"), strict=True)]
            for bot in now:
                bot.start()
            wait_until(exchange, reached)
            if reached is not is_over:
                exchange.kill()
            for bot in now:
                bot.end()
            bots += now
    accepted = sum(bot.accepted for bot in bots)

    simulate_days(scenario, tmp_path / "calm", seed=SEED, admin_key_hash=bytes(32), date=dt.date(2024, 3, 14))
    live, calm = ([*read_all(folder / "journal")[0]] for folder in (data, tmp_path / "calm"))
    assert ticks_of(live) == ticks_of(calm)
    assert phases_of(data, live) == phases_of(data, calm)
    assert sum(isinstance(record.command, SkipIds) for record in live) == len(KILLED_AT)
    assert accepted > 0
    fair = openoutcry("fairness", "verify", data)
    assert fair.returncode == 0, fair.stdout + fair.stderr
    traders = {record.command.team_id for record in live if isinstance(record.command, SubmitOrder | ReplaceQuotes)}
    assert traders == {1, 2, 3, 4}, "house, retail flow and both bots"
