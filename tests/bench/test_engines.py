"""All engines get the same messages, and must make the same trades."""

import pytest

from openoutcry.bench.engines.commands import (
    DataMissing,
    check_all_accepted,
    commands_of_flow,
    load_roomy_scenario,
    new_venue,
    play_commands,
    recorded_commands,
)
from openoutcry.bench.engines.engine import OtherTrades, TooSlow, play_flow
from openoutcry.bench.engines.flow import make_flow
from openoutcry.bench.engines.own_matching import OwnMatching

FLOW = make_flow(depth=1_000, messages=10_000)


class Absent:
    """An engine that does nothing."""

    def play(self, messages):
        pass

    def fills(self):
        return 0


def kinds(flow):
    """How many messages cancel, and how many trade on the side of the book that is not their own."""
    cancels = sum(not message.quantity for message in flow.messages)
    trades = sum(message.quantity > 0 and message.is_sell == (message.price < 100_000) for message in flow.messages)
    return cancels, trades


def test_a_flow_is_the_same_whenever_it_is_made():
    assert make_flow(depth=100, messages=1_000) == make_flow(depth=100, messages=1_000)


def test_of_ten_messages_three_cancel_and_one_trades():
    cancels, trades = kinds(FLOW)
    assert cancels / 10_000 == pytest.approx(0.3, abs=0.02)
    assert trades / 10_000 == pytest.approx(0.1, abs=0.02)


def test_the_book_stays_about_as_deep_as_it_began():
    cancels, trades = kinds(FLOW)
    adds = len(FLOW.messages) - cancels - trades
    assert FLOW.depth + adds - cancels - FLOW.fills == pytest.approx(FLOW.depth, rel=0.1)


def test_our_matching_makes_the_trades_that_the_flow_asks_for():
    played = play_flow(OwnMatching, FLOW, None)
    assert played.is_complete
    assert played.messages == 10_000


def test_an_engine_that_trades_otherwise_has_no_figure():
    with pytest.raises(OtherTrades, match="made 0 trades where price-time priority makes"):
        play_flow(Absent, FLOW, None)


def test_an_engine_that_cannot_fill_the_book_in_time_has_no_figure():
    with pytest.raises(TooSlow, match="of 1,000 orders"):
        play_flow(OwnMatching, FLOW, 0.0)


def test_the_venue_accepts_every_command_of_a_flow():
    scenario = load_roomy_scenario()
    filling, following = commands_of_flow(make_flow(depth=200, messages=1_000), scenario)
    check_all_accepted(scenario, filling + following)
    assert play_commands(new_venue(scenario), filling + following).messages == 1_200


def test_recorded_flow_that_is_not_there_says_what_would_do(monkeypatch, tmp_path):
    scenario = load_roomy_scenario()
    monkeypatch.delenv("OPENOUTCRY_DATA", raising=False)
    with pytest.raises(DataMissing, match=r"\$OPENOUTCRY_DATA does not say"):
        recorded_commands(scenario, None)
    monkeypatch.setenv("OPENOUTCRY_DATA", str(tmp_path))
    with pytest.raises(DataMissing, match=r"holds no orderflow/two_instruments_one_hour\.csv"):
        recorded_commands(scenario, None)


def test_an_amend_that_leaves_nothing_is_played_as_a_cancel(monkeypatch, tmp_path):
    (tmp_path / "orderflow").mkdir()
    (tmp_path / "orderflow" / "two_instruments_one_hour.csv").write_text(
        "Time,Instrument,Operation,OrderId,Side,Volume,Price,Lifespan\n"
        "0.0,0,Insert,7,B,200,3488,GFD\n"
        "0.1,0,Amend,7,,-50,,\n"
        "0.2,0,Amend,7,,-150,,\n"
    )
    monkeypatch.setenv("OPENOUTCRY_DATA", str(tmp_path))
    commands = recorded_commands(load_roomy_scenario(), None)
    assert [type(command).__name__ for command in commands] == ["SubmitOrder", "AmendOrder", "CancelOrder"]
    assert commands[1].quantity == 150
