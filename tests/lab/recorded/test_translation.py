"""Ids that a recording names are those of the same orders, teams and trades here, whatever others do in between."""

import random
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venues import CALL, SCENARIO

from openoutcry.bootstrap.in_memory import open_in_memory
from openoutcry.domain.commands import (
    AmendOrder,
    BustTrade,
    CancelOrder,
    MassCancel,
    Price,
    QuoteTerms,
    RegisterTeam,
    ReplaceQuotes,
    SubmitOrder,
)
from openoutcry.domain.events import OrderExecuted
from openoutcry.domain.reasons import Accepted
from openoutcry.journal.memory_files import MemoryFiles
from openoutcry.journal.reader import JournalReader
from openoutcry.lab.recorded.background import Background
from openoutcry.lab.recorded.comparison import Comparison
from openoutcry.lab.recorded.recording import Recording
from openoutcry.lab.virtual.time import VirtualTime
from openoutcry.runtime.data_directory import DataDirectory
from openoutcry.runtime.projections import ALL_COMMANDS
from openoutcry.runtime.recovery.rerun import rerun, rerun_until

TEAMS = 3


class Traded:
    """A projection: the two orders of each trade."""

    name, shape, commands = "traded", "", ALL_COMMANDS

    def __init__(self):
        self.orders = {}

    def apply(self, _sequenced, events):
        for event in events:
            if isinstance(event, OrderExecuted):
                self.orders.setdefault(event.trade_id, []).append((event.team_id, event.order_id))

    def capture(self):
        return b""

    def restore(self, state):
        """Nothing is kept."""


class Stage:
    """An exchange in memory on virtual time."""

    def __init__(self, begins=None, *watching, **options):
        self.time = VirtualTime() if begins is None else VirtualTime(begins)
        self.files, self.traded = MemoryFiles(), Traded()
        self.exchange = open_in_memory(
            SCENARIO,
            loop=self.time,
            clock=self.time,
            files=self.files,
            projections_of=lambda _: (self.traded, *watching),
            **options,
        )
        self.queries = self.exchange.sequencer.queries

    def perform(self, command):
        return self.exchange.sequencer.perform(command)[0].verdict

    def save(self, path):
        """End it; what it leaves is a data directory."""
        self.exchange.close()
        directory = DataDirectory(path)
        directory.create()
        directory.keep_scenario(SCENARIO)
        self.files.save(directory.journal)
        return path


def command_of(chance, team, orders, trades, tag):
    """By chance; every order that is submitted bears a tag that no other has."""
    dice, ticks, side = chance.random(), 1_000 + chance.randint(-4, 4), chance.choice(("buy", "sell"))
    if dice < 0.5 or not orders:
        return SubmitOrder(team, CALL, side, chance.randint(1, 5), Price(ticks), client_order_id=tag)
    if dice < 0.65:
        return CancelOrder(*chance.choice(orders))
    if dice < 0.75:
        return AmendOrder(*chance.choice(orders), chance.randint(1, 9), Price(ticks))
    if dice < 0.9:
        return ReplaceQuotes(team, (QuoteTerms(CALL, Price(ticks - 3), 2, Price(ticks + 3), 2),))
    if dice < 0.93:
        return CancelOrder(team, chance.randint(1, 5_000))  # nobody's, or another's
    if dice < 0.95:
        return MassCancel(team)
    return BustTrade(chance.choice(list(trades) or [1]))


def recorded(path, chance, steps):
    """A session of three teams; the third comes in the middle of it."""
    stage, orders = Stage(), []
    for step in range(steps):
        stage.time.pass_seconds(chance.choice((0, 0.001, 0.5)))
        teams = len(stage.queries.teams())
        if teams < 2 or (teams < TEAMS and step == steps // 2):
            stage.perform(RegisterTeam(f"team {teams + 1}", "market_maker", bytes([teams + 1]) * 32))
            continue
        team = chance.randint(1, teams)
        command = command_of(chance, team, orders, stage.traded.orders, f"tag {step}")
        verdict = stage.perform(command)
        if isinstance(command, SubmitOrder) and isinstance(verdict, Accepted):
            orders.append((team, verdict.new_id))
    return stage.save(path)


def played_against(path, chance, rivals):
    """The stage of the replay in which rivals trade by chance, and its background."""
    recording, comparison = Recording(path), Comparison()
    stage = Stage(recording.begins, comparison, runs_itself=False)
    background = Background(recording, stage.exchange, stage.time, comparison)
    numbers = count(1)

    def act(team, orders):
        command = command_of(chance, team, orders, {}, f"rival {next(numbers)}")
        if not isinstance(command, BustTrade):
            verdict = stage.perform(command)
            if isinstance(command, SubmitOrder) and isinstance(verdict, Accepted):
                orders.append((team, verdict.new_id))
        stage.time.call_later(chance.choice((0.2, 1, 2)), lambda: act(team, orders))

    def join():
        for rival in range(rivals):
            verdict = stage.perform(RegisterTeam(f"team {3 + rival}", "market_maker", bytes([100 + rival]) * 32))
            act(verdict.new_id, [])

    for _ in background.play(join):
        pass
    return stage, background


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**9), rivals=st.integers(1, 2))
def test_translated_ids_are_the_same_orders_teams_and_trades(tmp_path_factory, seed, rivals):
    chance = random.Random(seed)
    path = recorded(tmp_path_factory.mktemp("recorded") / "data", chance, 120)
    stage, background = played_against(path, chance, rivals)
    names, here = background.names, stage.queries
    then = rerun_until(path, rerun(path).last_sequence).queries

    assert [here.team(names.teams[team]).team_name.removesuffix(" (recorded)") for team in (1, 2, 3)] == [
        "team 1",
        "team 2",
        "team 3",
    ]
    assert len(set(names.orders.values())) == len(names.orders), "no two orders have one name"
    for team in (1, 2, 3):
        for order_id, translated in names.orders.items():
            was = then.order(team, order_id)
            if was is not None:
                now = here.order(names.teams[team], translated)
                assert (now.client_order_id, now.instrument_id, now.side) == (
                    was.client_order_id,
                    was.instrument_id,
                    was.side,
                )
    check_commands(path, stage, names)


def check_commands(path, stage, names):
    """Each recorded cancel, amendment or bust that was given here is of the same order or trade."""
    moments = list(JournalReader(DataDirectory(path).journal))
    replayed = Stage(moments[0].time, runs_itself=False)
    for moment in moments:
        replayed.time.pass_until(moment.time)
        replayed.perform(moment.command)
    kept = stage.save(path.parent / "here")
    own = set(names.teams.values())
    given = [
        each.command
        for each in JournalReader(DataDirectory(kept).journal)
        if isinstance(each.command, BustTrade) or getattr(each.command, "team_id", None) in own
    ]
    busts_here = [each for each in given if isinstance(each, BustTrade) and each.trade_id in stage.traded.orders]
    pairs_then = {
        frozenset((names.teams[team], names.orders.get(order)) for team, order in pair)
        for pair in replayed.traded.orders.values()
    }
    for bust in busts_here:
        assert frozenset(stage.traded.orders[bust.trade_id]) in pairs_then
    for command in given:
        if isinstance(command, CancelOrder | AmendOrder):
            assert command.order_id in names.recorded_orders or not stage.queries.order(
                command.team_id, command.order_id
            ), "a recorded command names no order but a recorded one"


def test_nobody_else_and_nothing_is_translated(tmp_path):
    path = recorded(tmp_path / "data", random.Random(3), 200)
    stage, background = played_against(path, random.Random(4), 0)
    differences = background.conclude()
    assert (differences.otherwise, differences.contracts) == (0, 0)
    assert background.names.orders == {order: order for order in background.names.orders}
    assert stage.exchange.sequencer.state_hash() == rerun(path).state_hash
    assert [each.command for each in JournalReader(DataDirectory(stage.save(tmp_path / "here")).journal)] == [
        each.command for each in JournalReader(DataDirectory(path).journal)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_came_otherwise_is_counted(tmp_path, seed):
    path = recorded(tmp_path / "data", random.Random(seed), 200)
    _, background = played_against(path, random.Random(seed + 10), 2)
    differences = background.conclude()
    assert differences.contracts > 0
    assert 0 < differences.otherwise <= differences.commands == 200
    assert 0 <= differences.taken_from_others <= differences.contracts - differences.among_bots
    assert any("do not react" in line for line in differences.told())
