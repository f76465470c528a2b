"""In which order the parts of a match are told what happens."""

import pytest
from msgspec import Struct, structs
from scoring_stage import Match, match_scenario

from openoutcry.domain.commands import BustTrade, ListInstrument, Price, ReplaceQuotes, SubmitOrder
from openoutcry.domain.events import OrderCancelled, OrderExecuted, PositionUpdated
from openoutcry.scoring.match.match import Match as Fold
from openoutcry.scoring.match.part import Part


class Nothing(Struct):
    pass


class Diary(Part):
    """Notes what it is told."""

    name = "diary"
    state_type = Nothing

    def __init__(self):
        self.told = []

    def hears(self):
        return dict.fromkeys((OrderExecuted, OrderCancelled), self.hear)

    def hear(self, event):
        self.told.append(("heard", event))

    def second_passed(self, before, seconds, is_continuous):
        self.told.append(("passed", seconds))

    def traded(self, trade):
        self.told.append(("traded", trade))

    def valued(self, trade):
        self.told.append(("valued", trade))

    def busted(self, trade):
        self.told.append(("busted", trade))

    def position_changed(self, row, column, quantity, flow, event):
        self.told.append(("position", event))

    def settled(self, column):
        self.told.append(("settled", column))

    def duties_judged(self, seconds, is_continuous):
        self.told.append(("judged", seconds))

    def session_ended(self):
        self.told.append(("ended", None))

    def kinds(self):
        return [kind for kind, _ in self.told]

    def of(self, kind):
        return [what for each, what in self.told if each == kind]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return match_scenario(tmp_path_factory.mktemp("match"), minutes=4)


@pytest.fixture
def match(scenario):
    match = Match(scenario)
    yield match
    match.close()


def diary_of(scenario, tape):
    diary = Diary()
    fold = Fold(scenario.rulebook, scenario.instruments, 60, lambda *_of_match: [diary])
    for sequenced, events in tape:
        fold.apply(sequenced, events)
    return diary


def test_every_trade_is_valued_once_and_what_expires_at_its_settlement(scenario, match):
    match.trade_until()
    diary = diary_of(scenario, match.tape)
    traded, valued = diary.of("traded"), [each.trade for each in diary.of("valued")]
    assert sorted(each.trade_id for each in valued) == sorted(each.trade_id for each in traded)
    after_the_end = diary.told[diary.kinds().index("ended") :]
    assert {kind for kind, _ in after_the_end} == {"ended", "settled", "valued", "position"}


def test_the_last_tick_is_told_to_its_end_before_the_session_has_ended(scenario, match):
    match.trade_until()
    kinds = diary_of(scenario, match.tape).kinds()
    assert kinds.count("ended") == 1
    assert "judged" not in kinds[kinds.index("ended") :]


def test_a_settlement_is_told_before_the_positions_that_it_pays_out(scenario, match):
    match.trade_until()
    kinds = diary_of(scenario, match.tape).kinds()
    paid_out = [place for place, kind in enumerate(kinds) if kind == "position" and place > kinds.index("ended")]
    assert paid_out
    assert all(kinds[place - 1] in ("settled", "valued", "position") for place in paid_out)
    assert kinds.index("settled") < paid_out[0]


def test_a_bust_is_told_before_the_positions_that_it_leaves(scenario, match):
    match.trade_until(120)
    trade_id = next(
        event.trade_id
        for _, events in reversed(match.tape)
        for event in events
        if isinstance(event, OrderExecuted) and event.team_id in match.teams.values()
    )
    before = len(diary_of(scenario, match.tape).told)
    match.perform(BustTrade(trade_id))
    (kind, trade), *positions = diary_of(scenario, match.tape).told[before:]
    assert (kind, trade.trade_id) == ("busted", trade_id)
    assert positions
    assert {kind for kind, _ in positions} == {"position"}


def test_a_fill_is_heard_before_the_trade_that_it_means(scenario, match):
    match.trade_until(120)
    heard, traded = [], []
    for kind, what in diary_of(scenario, match.tape).told:
        if kind == "heard" and isinstance(what, OrderExecuted):
            heard.append(what.trade_id)
        elif kind == "traded":
            traded.append(what.trade_id)
            assert heard.count(what.trade_id) == 2
    assert traded


def test_what_a_tick_does_is_heard_before_it_passes(scenario, match):
    match.trade_until(120)
    diary = Diary()
    fold = Fold(scenario.rulebook, scenario.instruments, 60, lambda *_of_match: [diary])
    heard = 0
    for sequenced, events in match.tape:
        diary.told.clear()
        fold.apply(sequenced, events)
        kinds = diary.kinds()
        if "passed" in kinds:
            assert "heard" not in kinds[kinds.index("passed") :]
            heard += kinds.count("heard")
    assert heard


def test_the_exchange_s_own_quotes_are_nothing_to_participants(match):
    match.trade_until(120)
    own = [
        events
        for sequenced, events in match.tape
        if isinstance(sequenced.command, ReplaceQuotes) and sequenced.command.team_id not in match.teams.values()
    ]
    assert own
    for events in own:
        assert not any(isinstance(event, OrderExecuted | PositionUpdated) for event in events)
        assert not {getattr(event, "team_id", None) for event in events} & set(match.teams.values())


def test_what_is_traded_before_it_has_a_mark_is_worth_its_price(scenario, match):
    match.trade_until(60)
    like = next(each for each in match.queries.tradable() if each.instrument_id == "SPY")
    stock = structs.replace(like, instrument_id="XYZ", underlying="XYZ")
    match.perform(ListInstrument(stock))
    seller, buyer = match.teams["flint"], match.teams["ember"]
    match.perform(SubmitOrder(seller, "XYZ", "sell", 10, Price(5_000)))
    match.perform(SubmitOrder(buyer, "XYZ", "buy", 10, Price(5_000)))
    diary = diary_of(scenario, match.tape)
    assert (diary.of("traded")[-1].mark, diary.of("valued")[-1].value) == (50_0000, 0)
