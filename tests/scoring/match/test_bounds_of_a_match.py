"""What is a part of a match, and what is not."""

import pytest
from core_stage import CALL
from duties_stage import FUND, INSTRUMENTS, DutiesStage, mark
from msgspec import structs
from scoring_stage import OPENING, Match, match_scenario, scores_of

from openoutcry.domain.commands import (
    NO_KEY,
    BustTrade,
    Price,
    RegisterTeam,
    SetPhase,
    SettleInstrument,
    SubmitOrder,
)
from openoutcry.domain.day.game_rules import CashRules, GameRules
from openoutcry.domain.events import OrderExecuted, TradePrinted
from openoutcry.domain.reasons import Accepted
from openoutcry.domain.rulebook import HOUSE_ROLE
from openoutcry.domain.sequenced import Sequenced
from openoutcry.domain.types import MONEY_UNITS
from openoutcry.scoring.match.explained import Explainer
from openoutcry.scoring.match.match import Match as Fold
from reference.workload import role

DAY = 86_400
POOR = 600 * MONEY_UNITS
ABOVE = 4
"""Ticks above the mark: less than what price bands allow."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return match_scenario(tmp_path_factory.mktemp("match"), minutes=4)


@pytest.fixture
def match(scenario):
    match = Match(scenario, activity=0.1)
    match.trade_until()
    yield match
    match.close()


def entries(scenario, match):
    """By the names of teams; what explains their P&L adds up to it."""
    scores = scores_of(scenario, match.tape)
    explainer = next(part for part in scores.match.parts if isinstance(part, Explainer))
    entries = {entry.team_name: entry for entry in scores.entries()}
    for row, entry in enumerate(entries.values()):
        explained = explainer.explained(row).total
        assert (explained.pnl, -explained.fees) == (entry.pnl + entry.excluded_value, entry.fees)
    return entries


def gains(scenario, match):
    """Of each team, above the cash that it started with, as the venue has it."""
    accounts = {name: match.queries.account(team_id) for name, team_id in match.teams.items()}
    return {name: each.equity - scenario.rulebook.roles[each.role].starting_cash for name, each in accounts.items()}


def trade(match, buyer="ember", seller="flint"):
    """Ten contracts of an option, too dear for who buys them; the id of the trade. No order of others is at work."""
    option, mark = next((each, mark) for each, mark in match._values().items() if each.option is not None)
    price = Price(mark.value // option.tick_size + ABOVE)
    match.perform(SubmitOrder(match.teams[seller], option.instrument_id, "sell", 10, price))
    _, events = match.perform(SubmitOrder(match.teams[buyer], option.instrument_id, "buy", 10, price))
    return next(event.trade_id for event in events if isinstance(event, TradePrinted))


def trade_by_hand(match, *names):
    """The organiser opens the market without a session, and closes it again."""
    match.perform(SetPhase("continuous"))
    trade_id = trade(match, *names)
    match.perform(SetPhase("closed"))
    return trade_id


def trade_in_later_series(match):
    """The id of a trade that a team made in what is not settled yet."""
    return next(
        event.trade_id
        for _, events in reversed(match.tape)
        for event in events
        if isinstance(event, OrderExecuted)
        and event.team_id in match.teams.values()
        and match.queries.settlement(event.instrument_id) is None
    )


def test_what_expires_with_the_session_is_settled_in_the_match(scenario, match):
    pnl = {name: entry.pnl for name, entry in entries(scenario, match).items()}
    assert pnl == gains(scenario, match)
    assert not match.queries.unsettled("20240314")


def test_trades_by_hand_after_the_close_are_nobodys_profit(scenario, match):
    result, before = entries(scenario, match), gains(scenario, match)
    trade_by_hand(match)
    after = gains(scenario, match)
    assert after["ember"] < before["ember"]
    assert after["flint"] > before["flint"]
    assert entries(scenario, match) == result
    match.start()
    match.trade_until()
    pnl = {name: entry.pnl for name, entry in entries(scenario, match).items()}
    assert pnl == {name: gain - after[name] for name, gain in gains(scenario, match).items()}


def test_what_is_settled_later_is_nobodys_profit(scenario, match):
    result, before = entries(scenario, match), gains(scenario, match)
    for instrument in match.queries.unsettled("20240321"):
        match.perform(SettleInstrument(instrument.instrument_id, 0))
    assert gains(scenario, match) != before
    assert entries(scenario, match) == result


def test_a_trade_of_the_match_can_be_undone_after_it(scenario, match):
    before = gains(scenario, match)
    assert match.perform(BustTrade(trade_in_later_series(match)))[1]
    after = gains(scenario, match)
    assert after != before
    assert {name: entry.pnl for name, entry in entries(scenario, match).items()} == after


def test_a_trade_of_an_earlier_session_that_is_undone_is_nobodys_profit(scenario, match):
    early = trade_by_hand(match)
    match.start()
    match.trade_until(DAY + 60)
    result, before = entries(scenario, match), gains(scenario, match)
    assert match.perform(BustTrade(early))[1]
    assert gains(scenario, match)["ember"] != before["ember"]
    assert entries(scenario, match) == result


def test_a_session_that_the_organiser_ends_is_a_match(scenario):
    match = Match(scenario)
    match.trade_until(90)
    match.exchange.driver.end_session()
    match.trade_until()
    assert match.queries.day().market_time == OPENING + 90
    scores = scores_of(scenario, match.tape)
    assert not scores.match.session.is_running
    assert not scores.match.trades.state().waiting
    assert {entry.team_name: entry.pnl for entry in scores.entries()} == gains(scenario, match)
    match.close()


def test_who_registers_in_the_middle_takes_part_from_then_on(scenario):
    match = Match(scenario)
    match.trade_until(90)
    match.register("heron", "hedge_fund")
    match.trade_until(150)
    assert entries(scenario, match)["heron"].pnl == gains(scenario, match)["heron"]
    match.trade_until()
    entry = entries(scenario, match)["heron"]
    assert entry.pnl == gains(scenario, match)["heron"]
    assert entry.fees
    match.close()


def test_who_registers_after_the_close_is_in_the_next_match(scenario, match):
    result = entries(scenario, match)
    match.register("heron", "hedge_fund")
    assert entries(scenario, match) == result
    match.start()
    match.trade_until(DAY + 30)
    assert entries(scenario, match)["heron"].pnl == gains(scenario, match)["heron"]


def test_a_team_may_trade_with_itself(scenario):
    allowed = structs.replace(scenario, rulebook=structs.replace(scenario.rulebook, self_trade_prevention="none"))
    match = Match(allowed, activity=0)
    match.trade_until(90)
    trade_id = trade(match, "ember", "ember")
    match.trade_until()
    scores = scores_of(allowed, match.tape)
    noted = scores.match.trades.get(trade_id)
    assert noted.is_within_owner
    assert noted.buyer.row == noted.seller.row
    entry = next(each for each in scores.entries() if each.team_name == "ember")
    assert entry.pnl == gains(allowed, match)["ember"] == -entry.fees
    match.close()


def test_a_minute_that_ends_within_a_longer_tick_is_a_point_of_the_path(scenario, match):
    def minutes(tape):
        parts = {part.name: part for part in scores_of(scenario, tape).match.parts}
        return parts["equity"].state().minutes

    sparse = [line for line in match.tape if getattr(line[0].command, "market_time", 1) % 60]
    *full, last = minutes(match.tape)
    assert (full[0], last) == (OPENING - 60, OPENING + 240)
    assert minutes(sparse) == [minute + 1 for minute in full]


class Taped(DutiesStage):
    """A venue with a cash check and a house; its tape."""

    def __init__(self):
        self.tape = []
        super().__init__(GameRules(cash=CashRules()), starting_cash=POOR)
        self.venue._state.rulebook.roles[HOUSE_ROLE] = role(starting_cash=0)
        self.do(RegisterTeam("House", HOUSE_ROLE, NO_KEY))

    def do(self, command):
        events = super().do(command)
        self.tape.append((Sequenced(self.sequence, self.now, command, Accepted()), events))
        return events


def test_who_loses_its_positions_to_the_house_keeps_its_equity():
    stage = Taped()
    fold = Fold(stage.venue._state.rulebook, INSTRUMENTS, 60, lambda *_of_match: ())
    stage.pass_seconds(1, mark(CALL, 10_000), spx=1)
    stage.hold(FUND, CALL, 10)
    stage.pass_seconds(1, mark(CALL, 3_000))
    for sequenced, events in stage.tape:
        fold.apply(sequenced, events)
    ledger, account = fold.ledger, stage.queries.account(FUND)
    row = ledger.row_of[FUND]
    assert account.equity == ledger.equity()[row] == POOR - 10 * 7_000 * 100 - account.fees_paid < 0
    assert not ledger.positions[row].any()
