"""Each kind of finding by itself: what reaches its thresholds, and what honest teams do that looks a little like it."""

import pytest
from msgspec import structs

from openoutcry.domain.orders import BUY, SELL
from openoutcry.domain.scoring.surveillance_rules import SurveillanceRules
from openoutcry.scoring.match.participant import Participant
from openoutcry.scoring.match.trade import Trade, Trader, ValuedTrade
from openoutcry.scoring.surveillance.finding import MAX_EVENTS
from openoutcry.scoring.surveillance.layering import Layering
from openoutcry.scoring.surveillance.messages import Messages
from openoutcry.scoring.surveillance.partners import Partners, pair_of
from openoutcry.scoring.surveillance.round_trips import MOST_WAYS, RoundTrips
from openoutcry.scoring.surveillance.stuffing import Stuffing
from openoutcry.scoring.surveillance.transfers import Transfers

RULES = SurveillanceRules()
WIDTH = 5_000
MARK = 100_000
TICK = 100
TEAMS = [
    Participant(row=row, team_id=row + 1, team_name=name, role="hedge_fund", owner=f"team {name}")
    for row, name in enumerate(("amber", "birch", "coral"))
]
AMBER, BIRCH, CORAL = TEAMS


def trader(participant, liquidity):
    if participant is None:
        return Trader(99, None, None, liquidity, 0)
    return Trader(participant.team_id, participant.row, participant.owner, liquidity, 0)


def trade_of(number, buyer, seller, quantity=10, price=MARK, taker=None, at=0, mark=MARK):
    """`taker`: by default the buyer."""
    buyer_takes = taker is None or taker is buyer
    return Trade(
        trade_id=number,
        sequence=1_000 + number,
        market_time=at,
        column=0,
        price=price,
        quantity=quantity,
        buyer=trader(buyer, "taker" if buyer_takes else "maker"),
        seller=trader(seller, "maker" if buyer_takes else "taker"),
        mark=mark,
        delta=0,
        index_price=0,
    )


# ---- transfers -----------------------------------------------------------------------------------------------------


def transfers_after(trades, of_seller=MARK, of_buyer=MARK, moved=0, rules=RULES):
    """`moved`: of the value, after the trade, one way and the other in turn."""
    transfers = Transfers(rules)
    for number, trade in enumerate(trades):
        transfers.traded(trade, of_buyer, of_seller, lambda _column: WIDTH)
        value = (MARK - trade.price) * trade.quantity * 100 + moved * (-1) ** number
        transfers.valued(ValuedTrade(trade, value), 100)
    return transfers


def test_a_buyer_that_pays_far_over_the_value_again_and_again_gives_to_the_seller():
    trades = [trade_of(number, AMBER, BIRCH, price=MARK + 9_000, at=number) for number in range(10)]
    (finding,) = transfers_after(trades, moved=100_000).findings()
    assert finding.kind == "transfer"
    assert finding.owners == (AMBER.owner, BIRCH.owner)
    assert finding.teams == (1, 2)
    assert finding.measure == 10 * 10 * 100 * 9_000 // 10_000
    assert finding.trades == tuple(range(10))
    assert finding.commands == tuple(range(1_000, 1_010))
    assert (finding.since, finding.until) == (0, 9)
    assert finding.excludes
    assert finding.text == (
        "team amber gave team birch 9,000 by 10 trades of 100 contracts at prices that it knew to be far off the value:"
        " 100 % of all that it gave away like this, 284.6 standard errors."
    )


def test_a_seller_that_asks_far_less_than_the_value_gives_to_the_buyer():
    (finding,) = transfers_after([trade_of(1, AMBER, BIRCH, quantity=100, price=MARK - 9_000)]).findings()
    assert finding.owners == (BIRCH.owner, AMBER.owner)
    assert finding.measure == 9_000


@pytest.mark.parametrize(
    ("what", "trades", "terms"),
    [
        ("within the width", [trade_of(1, AMBER, BIRCH, 1_000, MARK + WIDTH)], {}),
        ("the price was right when the order was entered", [trade_of(1, AMBER, BIRCH, 1_000, MARK - 9_000)],
         {"of_seller": MARK - 8_000}),
        ("little money", [trade_of(1, AMBER, BIRCH, 10, MARK + 9_000)], {}),
        ("made good by chance", [trade_of(each, AMBER, BIRCH, 10, MARK + 9_000) for each in range(9)],
         {"moved": 30_000_000}),
        ("with the exchange", [trade_of(1, AMBER, None, 1_000, MARK + 9_000)], {}),
        ("within an owner", [trade_of(1, AMBER, structs.replace(BIRCH, owner=AMBER.owner), 1_000, MARK + 9_000)], {}),
        ("to everybody", [trade_of(1, AMBER, BIRCH, 100, MARK + 9_000), trade_of(2, AMBER, None, 300, MARK + 9_000)],
         {}),
    ],
)  # fmt: skip
def test_no_transfer(what, trades, terms):
    assert transfers_after(trades, **terms).findings() == [], what


def test_a_trade_that_was_undone_gave_nothing():
    trades = [trade_of(1, AMBER, BIRCH, 1_000, MARK + 9_000)]
    transfers = transfers_after(trades)
    transfers.busted(trades[0])
    assert transfers.findings() == []


# ---- round trips and partners -----------------------------------------------------------------------------------


def watched(trades, is_option=True, stood=0, rules=RULES):
    partners = Partners(rules)
    trips = RoundTrips(rules, partners)
    for trade in trades:
        pair = pair_of(trade)
        partners.traded(trade, pair, stood, is_option=is_option)
        if pair is not None:
            trips.traded(trade, pair, TICK, stood)
        trips.passed(trade.market_time)
    return trips, partners


def there_and_back(times, back, **terms):
    """A sale and, 10 seconds later, the way back."""
    trades = []
    for number in range(times):
        at = 20 * number
        trades.append(trade_of(2 * number, AMBER, BIRCH, at=at, **terms))
        trades.append(trade_of(2 * number + 1, BIRCH, AMBER, at=at + 10, **back))
    return trades


def test_contracts_that_come_back_at_their_price_are_round_trips():
    trips, _ = watched(there_and_back(5, {"taker": AMBER}))
    (finding,) = trips.findings()
    assert (finding.kind, finding.measure, finding.trade_count) == ("round_trips", 5, 10)
    assert finding.trades == tuple(range(10))
    assert finding.excludes


def test_so_are_those_for_which_each_has_waited_once():
    trips, _ = watched(there_and_back(5, {"taker": BIRCH, "price": MARK + 700}))
    assert trips.findings()


@pytest.mark.parametrize("stood", [1, None])
def test_ways_by_orders_that_others_could_take_or_of_auctions_are_no_round_trips(stood):
    trips, _ = watched(there_and_back(9, {"taker": AMBER}), stood=stood)
    assert trips.findings() == []


@pytest.mark.parametrize(
    ("what", "trades"),
    [
        ("too few", there_and_back(4, {"taker": AMBER})),
        ("one takes both ways, and pays the spread", there_and_back(9, {"taker": AMBER, "price": MARK - 400})),
        ("of another size", there_and_back(9, {"taker": AMBER, "quantity": 21})),
        ("too late", [trade for trade in there_and_back(9, {"taker": AMBER}) if trade.trade_id in (0, 15)]),
        ("a small part of what both trade",
         [*there_and_back(5, {"taker": AMBER}),
          *(trade_of(100 + each, team, CORAL, quantity=401) for each, team in enumerate((AMBER, BIRCH)))]),
    ],
)  # fmt: skip
def test_no_round_trips(what, trades):
    trips, _ = watched(trades)
    assert trips.findings() == [], what


def test_two_that_trade_mostly_with_each_other_are_told_but_keep_their_trades():
    _, partners = watched([trade_of(1, AMBER, BIRCH, 300), trade_of(2, AMBER, None, 15), trade_of(3, None, BIRCH, 10)])
    (finding,) = partners.findings()
    assert (finding.kind, finding.measure, finding.excludes) == ("pair_share", 300 * 1_000_000 // 315, False)
    assert finding.text == (
        "team amber and team birch traded 300 option contracts with each other by orders that were taken in the"
        " market second in which they were entered or changed: 95 % of what team amber traded, and 96 % of what team"
        " birch did."
    )


@pytest.mark.parametrize(
    ("within", "stood", "is_found"),
    [(0, 0, True), (0, 1, False), (2, 2, True), (2, 3, False), (2, None, False)],
)
def test_what_two_trade_by_orders_that_others_could_take_does_not_count(within, stood, is_found):
    rules = SurveillanceRules(pair_seconds=within)
    _, partners = watched([trade_of(1, AMBER, BIRCH, 300)], stood=stood, rules=rules)
    assert bool(partners.findings()) == is_found


def test_a_finding_about_a_pair_tells_how_long_orders_may_have_stood():
    _, partners = watched([trade_of(1, AMBER, BIRCH, 300)], rules=SurveillanceRules(pair_seconds=2))
    (finding,) = partners.findings()
    assert "were taken at most 2 market seconds after they were entered or changed: 100 %" in finding.text


def test_it_does_count_among_all_that_each_of_them_trades():
    partners = Partners(RULES)
    for number, stood in ((1, 0), (2, 1)):
        trade = trade_of(number, AMBER, BIRCH, 300)
        partners.traded(trade, pair_of(trade), stood, is_option=True)
    assert partners.findings() == []
    partners.busted(trade, is_option=True)
    (finding,) = partners.findings()
    assert (finding.measure, finding.trades, finding.commands) == (1_000_000, (1,), (1_001,))


def test_a_finding_about_a_pair_names_the_first_trades_that_were_not_undone():
    trades = [trade_of(number, AMBER, BIRCH) for number in range(MAX_EVENTS + 5)]
    _, partners = watched(trades)
    for trade in trades[:3]:
        partners.busted(trade, is_option=True)
    (finding,) = partners.findings()
    assert finding.trades == tuple(range(3, MAX_EVENTS + 3))
    assert (finding.trade_count, finding.command_count) == (MAX_EVENTS + 2, MAX_EVENTS + 2)


def test_one_that_always_meets_the_same_maker_is_not_told_while_others_meet_it_too():
    _, partners = watched([trade_of(1, AMBER, BIRCH, 300), trade_of(2, None, BIRCH, 301)])
    assert partners.findings() == []


def test_spot_is_no_matter_of_shares():
    _, partners = watched([trade_of(1, AMBER, BIRCH, 300)], is_option=False)
    assert partners.findings() == []


def test_what_is_kept_of_ways_ends_with_the_time_in_which_they_may_come_back():
    trips, _ = watched([trade_of(each, AMBER, BIRCH, at=each) for each in range(500)])
    assert sum(map(len, trips.state.ways.values())) <= 2 * RULES.round_trip_seconds


def test_of_many_ways_in_a_short_time_the_newest_are_kept():
    trips, _ = watched([trade_of(each, AMBER, BIRCH) for each in range(2 * MOST_WAYS)])
    assert [way.trade_id for (ways,) in [trips.state.ways.values()] for way in ways] == list(
        range(MOST_WAYS, 2 * MOST_WAYS)
    )


# ---- messages, bursts, layers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("messages", "fills", "is_found"), [(6_000, 0, True), (4_999, 0, False), (6_000, 6, True), (6_000, 7, False)]
)
def test_messages_are_held_against_fills(messages, fills, is_found):
    kind = Messages(RULES)
    kind.registered()
    kind.began()
    for _ in range(messages):
        kind.came(0, 5)
    for _ in range(fills):
        kind.filled(0)
    assert bool(kind.findings(TEAMS[:1])) == is_found


def stuffed(seconds, messages, fills=0, columns=1):
    kind = Stuffing(RULES)
    for now in range(seconds):
        for number in range(messages):
            kind.came(0, number % columns, number)
        for _ in range(fills):
            kind.filled(0, 0)
        kind.passed(now)
    return kind.findings(TEAMS)


def test_many_messages_about_one_instrument_in_a_second_are_a_burst():
    (finding,) = stuffed(200, 25)
    assert (finding.kind, finding.measure, finding.command_count) == ("stuffing", 200, 200)
    assert len(finding.commands) == MAX_EVENTS


@pytest.mark.parametrize("terms", [(4, 25), (9, 19), (9, 25, 2), (9, 100, 0, 25)])
def test_no_bursts(terms):
    assert stuffed(*terms) == []


def layered(times, taken_away, put_back=0, traded=2):
    kind = Layering(RULES)
    for now in range(0, 10 * times, 10):
        kind.filled(0, 0, BUY, traded, now, now)
        after = kind.after(0, 0, SELL)
        after.taken_away += taken_away
        after.put_back += put_back
        assert kind.after(0, 0, BUY) is None
        for second in (now + 1, now + 2):
            kind.passed(second)
        assert kind.after(0, 0, SELL) is None
    return kind


def test_large_orders_that_go_once_the_other_side_has_traded_are_layers():
    (finding,) = layered(5, 6).findings(TEAMS)
    assert (finding.kind, finding.measure, finding.trades) == ("layering", 5, (0, 10, 20, 30, 40))


@pytest.mark.parametrize("terms", [(4, 6), (9, 5), (9, 20, 20)])
def test_no_layers(terms):
    assert layered(*terms).findings(TEAMS) == []


def test_layers_are_a_share_of_all_trades():
    kind = layered(5, 6)
    for now in range(1_000, 1_000 + 21 * 10, 10):
        kind.filled(0, 0, BUY, 2, now, now)
        kind.passed(now + 2)
    assert kind.findings(TEAMS) == []
