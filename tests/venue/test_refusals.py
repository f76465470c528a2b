"""The content of a refusal: its code, a text, and in `details` the rule and a value that would do."""

import pytest
from core_stage import Stage, order
from msgspec.structs import replace

from openoutcry.domain import commands
from openoutcry.domain.commands import Price
from openoutcry.domain.types import MAX_QUANTITY, MAX_TEAMS
from reference.workload import CALL, PUT, SPY, instrument, role

OPTIONS = (instrument(CALL), instrument(PUT))


@pytest.mark.parametrize("team_id", [0, -1, 3])
def test_a_command_of_a_team_that_is_not_there_is_a_bug_and_nobody_else_s(team_id):
    stage = Stage("bot", "other")
    resting = stage.enter(2, "sell", 1, 10_000)
    for command in (order(team_id, "buy", 1, 9_000), commands.CancelOrder(team_id, resting)):
        with pytest.raises((AssertionError, IndexError)):
            stage.venue.validate(command)


def test_a_position_limit_is_refused_as_the_api_document_shows_it():
    stage = Stage("bot", "other", rules=role(option_position_limit=50))
    stage.enter(2, "sell", 45, 10_000)
    stage.enter(1, "buy", 45, 10_000)
    refusal = stage.refuse(order(1, "buy", 100, 10_000))
    assert refusal.code == "POSITION_LIMIT_EXCEEDED"
    assert refusal.message == "Order would exceed position limit of 50"
    assert refusal.details == {"current_position": 45, "order_quantity": 100, "limit": 50, "open_quantity": 0}


def test_a_position_limit_tells_the_working_quantity_of_the_order_s_own_side():
    stage = Stage("bot", "other", rules=role(option_position_limit=50))
    stage.enter(2, "buy", 20, 10_000)
    stage.enter(1, "sell", 20, 10_000)
    stage.enter(1, "sell", 25, 10_100)
    stage.enter(1, "buy", 7, 9_900)
    refusal = stage.refuse(order(1, "sell", 6, 10_200))
    assert refusal.details == {"current_position": -20, "order_quantity": 6, "limit": 50, "open_quantity": 25}
    stage.enter(1, "sell", 5, 10_200)


def test_a_spot_instrument_has_a_limit_of_its_own():
    stage = Stage("bot", rules=role(option_position_limit=5, spot_position_limit=9), instruments=(instrument(SPY),))
    refusal = stage.refuse(order(1, "buy", 10, 100, instrument_id=SPY))
    assert (refusal.code, refusal.details["limit"]) == ("POSITION_LIMIT_EXCEEDED", 9)
    stage.enter(1, "buy", 9, 100, instrument_id=SPY)


def test_the_total_over_all_options_is_told_as_it_is_and_as_it_would_be():
    stage = Stage("bot", rules=role(total_option_exposure=50), instruments=OPTIONS)
    stage.enter(1, "buy", 30, 100)
    stage.enter(1, "sell", 10, 100, instrument_id=PUT)
    refusal = stage.refuse(order(1, "sell", 11, 100, instrument_id=PUT))
    assert refusal.code == "TOTAL_POSITION_LIMIT_EXCEEDED"
    assert refusal.message == "Order would bring the total option exposure to 51; the limit is 50"
    assert refusal.details == {"current_exposure": 40, "order_quantity": 11, "limit": 50}
    stage.enter(1, "buy", 20, 90, instrument_id=PUT)  # the worse side counts, not the sum of both


def test_an_order_size_tells_the_largest_that_would_do():
    stage = Stage("bot", rules=role(maximum_order_size=100))
    refusal = stage.refuse(order(1, "buy", 101, 100))
    assert refusal.code == "ORDER_SIZE_EXCEEDED"
    assert refusal.message == "An order may have at most 100 contracts, not 101"
    assert refusal.details == {"order_quantity": 101, "limit": 100, "minimum": 1, "maximum": 100}


@pytest.mark.parametrize("quantity", [0, -3, MAX_QUANTITY + 1])
def test_a_quantity_out_of_bounds_tells_the_bounds(quantity):
    refusal = Stage("bot").refuse(order(1, "buy", quantity, 100))
    assert refusal.code == "INVALID_QUANTITY"
    assert refusal.message == f"Quantity must be a whole number of contracts from 1 to 1000000, not {quantity}"
    assert refusal.details == {"quantity": quantity, "minimum": 1, "maximum": MAX_QUANTITY}


@pytest.mark.parametrize(
    ("price", "said", "nearest"),
    [
        (Price(1_600, "16.004"), "Price 16.004 is not on the grid of 0.01; the nearest is 16.0", 16.0),
        (Price(0, "0.004"), "Price must be from 0.01 to 1000000.0 on the grid of 0.01, not 0.004", 0.01),
        (Price(0), "Price must be from 0.01 to 1000000.0 on the grid of 0.01, not 0.0", 0.01),
        (Price(-1_600), "Price must be from 0.01 to 1000000.0 on the grid of 0.01, not -16.0", 0.01),
        (Price(100_000_001), "Price must be from 0.01 to 1000000.0 on the grid of 0.01, not 1000000.01", 1e6),
        (Price(10**14, "1e12"), "Price must be from 0.01 to 1000000.0 on the grid of 0.01, not 1e12", 1e6),
    ],
)
def test_a_price_that_will_not_do_tells_the_grid_and_the_nearest_that_would(price, said, nearest):
    refusal = Stage("bot").refuse(order(1, "buy", 1, None, price=price))
    assert refusal.code == "INVALID_PRICE"
    assert refusal.message == said
    assert refusal.details == {"tick_size": 0.01, "nearest": nearest, "minimum": 0.01, "maximum": 1e6}


@pytest.mark.parametrize(
    ("side", "ticks", "said", "details"),
    [
        (
            "buy",
            103,
            "The best ask is 1.02: a post-only buy at 1.03 would trade at once",
            {"best_ask": 1.02, "nearest": 1.01},
        ),
        (
            "buy",
            102,
            "The best ask is 1.02: a post-only buy at 1.02 would trade at once",
            {"best_ask": 1.02, "nearest": 1.01},
        ),
        (
            "sell",
            98,
            "The best bid is 0.98: a post-only sell at 0.98 would trade at once",
            {"best_bid": 0.98, "nearest": 0.99},
        ),
    ],
)
def test_a_post_only_order_that_would_trade_tells_the_best_price_and_the_nearest_that_would_rest(
    side, ticks, said, details
):
    stage = Stage("bot", "other")
    stage.enter(2, "buy", 1, 98)
    stage.enter(2, "sell", 1, 102)
    refusal = stage.refuse(order(1, side, 1, ticks, post_only=True))
    assert (refusal.code, refusal.message, refusal.details) == ("POST_ONLY_WOULD_TRADE", said, details)
    nearest = Price(round(details["nearest"] * 100))
    stage.do(replace(order(1, side, 1, ticks, post_only=True), price=nearest))


@pytest.mark.parametrize(("resting", "ticks", "side"), [("sell", 1, "buy"), ("buy", 100_000_000, "sell")])
def test_a_post_only_order_beyond_the_end_of_the_grid_has_no_nearest(resting, ticks, side):
    stage = Stage("bot", "other")
    stage.enter(2, resting, 1, ticks)
    assert stage.refuse(order(1, side, 1, ticks, post_only=True)).details["nearest"] is None


def test_a_post_only_market_order_lacks_a_price():
    refusal = Stage("bot").refuse(order(1, "buy", 1, None, post_only=True))
    assert refusal.code == "MISSING_PRICE"
    assert "needs a price" in refusal.message


@pytest.mark.parametrize("side", ["BUY", "long", "", "buy "])
def test_a_side_is_one_of_two_words(side):
    refusal = Stage("bot").refuse(order(1, side, 1, 100))
    assert refusal.code == "INVALID_SIDE"
    assert refusal.message == f"side must be 'buy' or 'sell', not {side!r}"
    assert refusal.details == {"side": side, "allowed": ["buy", "sell"]}


@pytest.mark.parametrize(
    ("terms", "allowed"),
    [
        ({"time_in_force": "gtc"}, ["day", "ioc", "fok"]),
        ({"time_in_force": "DAY"}, ["day", "ioc", "fok"]),
        ({"time_in_force": "ioc", "post_only": True}, ["day"]),
    ],
)
def test_a_time_in_force_tells_those_there_are(terms, allowed):
    refusal = Stage("bot").refuse(order(1, "buy", 1, 100, **terms))
    assert refusal.code == "INVALID_TIME_IN_FORCE"
    assert terms["time_in_force"] in refusal.message
    assert refusal.details == {"time_in_force": terms["time_in_force"], "allowed": allowed}


def test_open_orders_are_counted_over_all_instruments():
    stage = Stage("bot", rules=role(maximum_open_orders=2), instruments=OPTIONS)
    stage.enter(1, "buy", 1, 100)
    stage.enter(1, "buy", 1, 100, instrument_id=PUT)
    refusal = stage.refuse(order(1, "buy", 1, 99))
    assert refusal.code == "OPEN_ORDER_LIMIT_EXCEEDED"
    assert refusal.details == {"open_orders": 2, "limit": 2}
    stage.enter(1, "buy", 1, 99, time_in_force="ioc")  # never rests


def test_a_role_that_may_not_stand_on_both_sides_is_told_what_stands_against_it():
    stage = Stage("bot", rules=role(may_rest_both_sides=False), instruments=OPTIONS)
    stage.enter(1, "sell", 1, 105)
    stage.enter(1, "sell", 1, 106)
    refusal = stage.refuse(order(1, "buy", 1, 100))
    assert (refusal.code, refusal.details) == ("TWO_SIDED_QUOTING_NOT_ALLOWED", {"open_opposite_orders": 2})
    stage.enter(1, "buy", 1, 100, instrument_id=PUT)
    stage.enter(1, "buy", 1, 100, time_in_force="ioc")


def test_an_unknown_instrument_is_named():
    refusal = Stage("bot").refuse(order(1, "buy", 1, 100, instrument_id="SPX_CALL_1_20240315"))
    assert refusal.code == "INVALID_INSTRUMENT"
    assert refusal.message.startswith("There is no instrument 'SPX_CALL_1_20240315'")
    assert refusal.details == {"instrument_id": "SPX_CALL_1_20240315"}


def test_a_halt_stops_entering_and_amending_but_not_cancelling():
    stage = Stage("bot", "other")
    mine = stage.enter(1, "buy", 5, 100)
    stage.enter(2, "sell", 2, 100)
    stage.do(commands.HaltInstrument(CALL))
    assert stage.refuse(order(1, "buy", 1, 100)).details == {"instrument_id": CALL}
    for quantity in (9, 4, 2, 1):  # filled is 2: the halt is what answers, whatever the quantity
        assert stage.refuse(commands.AmendOrder(1, mine, quantity)).code == "INSTRUMENT_HALTED"
    stage.do(commands.CancelOrder(1, mine))


def test_a_closed_market_takes_no_order():
    stage = Stage("bot")
    stage.do(commands.SetPhase("closed"))
    refusal = stage.refuse(order(1, "buy", 1, 100))
    assert (refusal.code, refusal.details) == ("MARKET_CLOSED", {"phase": "closed"})
    assert stage.refuse(commands.ReplaceQuotes(1, ())).code == "MARKET_CLOSED"


def test_a_suspended_team_is_refused_whatever_it_sends():
    stage = Stage("bot")
    mine = stage.enter(1, "buy", 1, 100)
    stage.do(commands.SuspendTeam(1))
    for command in (
        order(1, "buy", 1, 100),
        commands.CancelOrder(1, mine),
        commands.AmendOrder(1, mine, 2),
        commands.MassCancel(1),
        commands.ReplaceQuotes(1, ()),
    ):
        assert stage.refuse(command).code == "TEAM_SUSPENDED"


def test_a_client_order_id_with_other_terms_is_named():
    stage = Stage("bot", "other")
    stage.enter(1, "buy", 1, 100, client_order_id="a-1")
    for other in (
        order(1, "buy", 2, 100, client_order_id="a-1"),
        order(1, "sell", 1, 100, client_order_id="a-1"),
        order(1, "buy", 1, 101, client_order_id="a-1"),
        order(1, "buy", 1, 100, client_order_id="a-1", time_in_force="ioc"),
        order(1, "buy", 1, 100, client_order_id="a-1", post_only=True),
        order(1, "buy", 1, 100, client_order_id="a-1", instrument_id=PUT),
    ):
        refusal = stage.refuse(other)
        assert refusal.code == "DUPLICATE_CLIENT_ORDER_ID"
        assert refusal.details == {"client_order_id": "a-1"}
    stage.enter(2, "buy", 2, 99, client_order_id="a-1")  # the scope is the team


def test_a_cancel_that_fails_says_the_same_for_unknown_foreign_and_done_orders():
    stage = Stage("bot", "other")
    foreign = stage.enter(2, "buy", 1, 100)
    done = stage.enter(1, "buy", 1, 99)
    stage.do(commands.CancelOrder(1, done))
    refusals = [stage.refuse(commands.CancelOrder(1, order_id)) for order_id in (4_711, foreign, done)]
    assert {refusal.code for refusal in refusals} == {"CANCEL_FAILED"}
    assert refusals[0] == refusals[1] == refusals[2]
    refusals = [stage.refuse(commands.AmendOrder(1, order_id, 2)) for order_id in (4_711, foreign, done)]
    assert {refusal.code for refusal in refusals} == {"AMEND_FAILED"}
    assert refusals[0] == refusals[1] == refusals[2]


def test_an_amendment_to_what_is_filled_already_tells_the_least_that_would_do():
    stage = Stage("bot", "other")
    mine = stage.enter(1, "buy", 5, 100)
    stage.enter(2, "sell", 2, 100)
    refusal = stage.refuse(commands.AmendOrder(1, mine, 2))
    assert refusal.code == "AMEND_FAILED"
    assert refusal.message == "The new total must be above the filled part, 2; to end the order, cancel the rest"
    assert refusal.details == {"filled_quantity": 2, "minimum": 3}
    assert stage.refuse(commands.AmendOrder(1, mine, 0)).code == "INVALID_QUANTITY"
    stage.do(commands.AmendOrder(1, mine, 3))


def test_a_role_without_quotes_is_told_what_it_may_use():
    refusal = Stage("bot", rules=role(may_quote=False)).refuse(commands.ReplaceQuotes(1, ()))
    assert (refusal.code, refusal.details) == ("ROLE_NOT_PERMITTED", {"role": "trader"})


def test_a_mass_cancel_checks_what_narrows_it():
    stage = Stage("bot")
    assert stage.refuse(commands.MassCancel(1, instrument_id="NONE")).code == "INVALID_INSTRUMENT"
    assert stage.refuse(commands.MassCancel(1, side="both")).code == "INVALID_SIDE"


def test_a_registration_needs_a_role_that_exists_and_a_name_that_is_free():
    stage = Stage("bot")
    refusal = stage.refuse(commands.RegisterTeam("new", "king", b"new"))
    assert (refusal.code, refusal.details) == ("ROLE_NOT_PERMITTED", {"role": "king", "allowed": ["trader"]})
    refusal = stage.refuse(commands.RegisterTeam("bot", "trader", b"new"))
    assert (refusal.code, refusal.details) == ("DUPLICATE_TEAM_NAME", {"team_name": "bot"})


def test_the_exchange_takes_a_named_number_of_teams():
    stage = Stage(*map(str, range(MAX_TEAMS)))
    refusal = stage.refuse(commands.RegisterTeam("one more", "trader", b"new"))
    assert (refusal.code, refusal.details) == ("TEAM_LIMIT", {"limit": MAX_TEAMS})


@pytest.mark.parametrize("team_id", [0, -1, 3])
def test_an_organiser_s_command_about_a_team_that_is_not_there_is_refused(team_id):
    stage = Stage("bot", "other")
    for command in (
        commands.SuspendTeam(team_id),
        commands.ReinstateTeam(team_id),
        commands.RotateKey(team_id, b"new"),
    ):
        assert stage.refuse(command).code == "TEAM_NOT_FOUND"


def test_a_team_without_a_key_gets_none():
    stage = Stage("bot")
    stage.do(commands.RegisterTeam("house", "trader", commands.NO_KEY))
    stage.do(commands.RegisterTeam("flow", "trader", commands.NO_KEY))
    for team_id in (2, 3):
        assert stage.refuse(commands.RotateKey(team_id, b"new")).code == "TEAM_NOT_FOUND"
    assert stage.queries.team_of_key(commands.NO_KEY) is None
    assert stage.queries.team_of_key(b"bot") == 1


def test_an_organiser_s_command_about_an_instrument_that_is_not_there_is_refused():
    assert Stage().refuse(commands.HaltInstrument(PUT)).code == "INVALID_INSTRUMENT"
    assert Stage().refuse(commands.ResumeInstrument(PUT)).code == "INVALID_INSTRUMENT"
