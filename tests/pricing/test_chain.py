"""Marks of a chain: integers in the units of the marks, Greeks against finite differences, and values in scenarios."""

import numpy as np
import pytest
from msgspec import structs

from openoutcry.domain.day.game_rules import CashRules, GameRules, SettlementRules
from openoutcry.domain.day.marks import Mark
from openoutcry.domain.instruments import Instrument, parse_symbol
from openoutcry.domain.simulation.headlines import Headline
from openoutcry.domain.simulation.world_rules import MarketRules
from openoutcry.pricing.chain import PricedChain
from openoutcry.pricing.moment import Moment
from openoutcry.pricing.parameters import Parameters
from openoutcry.pricing.session_time import SESSION_SECONDS, SessionHours, SessionTime
from openoutcry.pricing.surface import FlatSurface, RegimeSurface

DATES = ["20240315", "20240318", "20240319", "20240320", "20240321", "20240322"]
HOURS = [SessionHours(date, 86_400 * day, 86_400 * day + SESSION_SECONDS) for day, date in enumerate(DATES)]
CLOSE = SESSION_SECONDS
SYMBOLS = (
    "SPY",
    "SPX_CALL_4400_20240315",
    "SPX_PUT_4400_20240315",
    "SPX_CALL_4500_20240315",
    "SPX_PUT_4500_20240315",
    "SPX_CALL_4500_20240322",
    "SPX_PUT_4610_20240322",
    "SPY_CALL_450_20240322",
)
PRICES = {"SPX": 45_012_500, "SPY": 4_502_000}


def instrument(symbol):
    underlying, option = parse_symbol(symbol)
    kind = "spot" if option is None else "option"
    return Instrument(
        instrument_id=symbol, kind=kind, underlying=underlying, tick_size=100, multiplier=100, option=option
    )


def chain(*, volatility=0.2, surface=None, **carry):
    return PricedChain(
        [(place, instrument(symbol)) for place, symbol in enumerate(SYMBOLS)],
        SessionTime(HOURS),
        GameRules(index_ratio={"SPX": 1, "SPY": 10}),
        Parameters(**carry),
        surface or FlatSurface(volatility),
    )


def moment(now, prices=PRICES, fixed=None):
    """The prices of now; fixings that are over were all at the same price, that of now unless said otherwise."""
    due = max(30 - -(-max(CLOSE - now, 0) // 10), 0)
    return Moment(now=now, prices=prices, fixings={"SPX": [fixed or prices["SPX"]] * due})


def marks_of(now, **terms):
    return {SYMBOLS[mark.place]: mark for mark in chain(**terms).marks(moment(now))}


def test_all_listed_instruments_are_marked_in_order_of_their_places():
    assert [mark.place for mark in chain().marks(moment(0))] == list(range(len(SYMBOLS)))


def regime_chain():
    rules = MarketRules(headlines=(Headline(text="a", category="c"),))
    return chain(surface=RegimeSurface(rules, SettlementRules()))


def moving(now):
    """A moment of prices, fixings, beliefs and a level that are others at each second."""
    prices = {"SPX": PRICES["SPX"] + 100 * now, "SPY": PRICES["SPY"] - now}
    fixings = {"SPX": [PRICES["SPX"] + 7_000 * number for number in range(30)]}
    medium = 10**9 * (now % 900)
    return Moment(
        now=now,
        prices=prices,
        fixings=fixings,
        beliefs=(10**12 - medium, medium, 0),
        quiet_seconds=max(300 - now % 400, 0),
        level=10**7 * now,
    )


@pytest.mark.parametrize("began", [0, 5_003, CLOSE - 310, CLOSE - 10])
def test_marks_of_many_moments_are_those_of_each_alone(began):
    moments = [moving(now) for now in range(began, began + 25)]
    priced = regime_chain()
    alone = [priced.marks(moment) for moment in moments]
    for size in (1, 2, 7, 25):
        blocks = [moments[first : first + size] for first in range(0, len(moments), size)]
        together = [priced.marks_of(block)[place] for block in blocks for place in range(len(block))]
        assert together == alone


def test_a_closing_mark_is_without_the_level_noise():
    noisy = moving(5_000)
    closing, mark = (regime_chain().marks(one)[3] for one in (structs.replace(noisy, level=0), noisy))
    assert mark.volatility == pytest.approx(closing.volatility * (1 + noisy.level / 1e12), rel=1e-3)


def test_a_scenario_shifts_the_volatility_of_each_option():
    """Its middle one is worth what the mark says, and the others what Black-Scholes says of ten points more or less."""
    at, rules = moving(3_000), CashRules()
    marks, told = regime_chain().marks(at), regime_chain().scenario_values(at, rules)
    volatilities = set()
    for mark, one in list(zip(marks, told, strict=True))[1:]:
        assert one.values[7] == mark.value
        volatilities.add(mark.volatility)
        for place, points in ((6, -0.1), (8, 0.1)):
            volatility = max(mark.volatility / 1e6 + points, 0.05)
            there = chain(volatility=volatility).marks(at)[mark.place]
            assert one.values[place] == pytest.approx(there.value, abs=3)
    assert len(volatilities) > 3


def test_a_spot_instrument_is_marked_at_its_fair_value_with_a_delta_of_one():
    assert chain().marks(moment(0))[0] == Mark(0, 4_502_000, 0, 1_000_000, 0, 0, 0)


def test_every_number_of_a_mark_is_an_integer():
    for now in (0, CLOSE - 100, CLOSE - 1, CLOSE):
        for mark in chain().marks(moment(now)):
            assert {type(number) for number in (mark.value, mark.volatility, mark.delta, mark.gamma)} == {int}


def test_an_option_on_the_tracker_rests_on_a_tenth_of_the_index_not_on_the_trackers_price():
    marks = marks_of(0)
    index, tracker = marks["SPX_CALL_4500_20240322"], marks["SPY_CALL_450_20240322"]
    assert tracker.value == pytest.approx(index.value / 10, abs=1)
    assert tracker.delta == index.delta
    assert tracker.gamma == pytest.approx(10 * index.gamma, rel=1e-6)
    assert tracker.vega == pytest.approx(index.vega / 10, abs=1)


def test_call_less_put_is_the_price_less_the_strike():
    marks = marks_of(3_600)
    for strike in (4400, 4500):
        call, put = marks[f"SPX_CALL_{strike}_20240315"], marks[f"SPX_PUT_{strike}_20240315"]
        assert call.value - put.value == pytest.approx(PRICES["SPX"] - strike * 10_000, abs=1)
        assert call.delta - put.delta == pytest.approx(1_000_000, abs=1)


@pytest.mark.parametrize("now", [0, CLOSE - 1_000, CLOSE - 295, CLOSE - 105])
@pytest.mark.parametrize("carry", [{}, {"rate": 0.05, "dividend": 0.02}])
def test_greeks_are_those_of_finite_differences(now, carry):
    """Of the marks themselves, in their units; inside the window of fixings too, where past ones stay as they are."""
    at, fixings = PRICES["SPX"], moment(now).fixings

    def marks_at(shift=0, volatility=0.2):
        moved = Moment(now=now, prices={"SPX": at + shift, "SPY": 4_502_000}, fixings=fixings)
        return chain(volatility=volatility, **carry).marks(moved)[1:]

    def change(one, other, field):
        return np.array([getattr(mark, field) - getattr(less, field) for mark, less in zip(one, other, strict=True)])

    marks = marks_at()
    ratio = np.array([10 if SYMBOLS[mark.place].startswith("SPY") else 1 for mark in marks])
    step = 10_000 if CLOSE - now > 300 else 3_000  # Of the index, in units of 1e-4.
    up, down = marks_at(step), marks_at(-step)
    assert [mark.delta / 1e6 for mark in marks] == pytest.approx(
        change(up, down, "value") * ratio / (2 * step), abs=2e-3
    )
    gamma = change(up, down, "delta") / 1e6 * ratio / (2 * step / 1e4)
    assert [mark.gamma / 1e9 for mark in marks] == pytest.approx(gamma, rel=2e-2, abs=1e-5)
    vega = change(marks_at(volatility=0.21), marks_at(volatility=0.19), "value") / 2
    assert [mark.vega for mark in marks] == pytest.approx(vega, rel=2e-3, abs=1.1)


@pytest.mark.parametrize("now", [0, 5_000, CLOSE - 1_000, CLOSE - 295, CLOSE - 105])
@pytest.mark.parametrize("carry", [{}, {"rate": 0.05, "dividend": 0.02}])
def test_theta_is_what_a_second_costs(now, carry):
    """Between two fixings, so that no fixing is over meanwhile."""
    fixings = moment(now + 4).fixings
    marks, later = (chain(**carry).marks(Moment(now=at, prices=PRICES, fixings=fixings))[1:] for at in (now, now + 4))
    for mark, after in zip(marks, later, strict=True):
        # The theta of the middle, for it changes fast towards the end.
        decay = (mark.theta + after.theta) / 2 * 4 / SESSION_SECONDS
        assert after.value - mark.value == pytest.approx(decay, abs=1.5 + abs(decay) * 0.02)


def test_a_value_at_the_close_is_the_intrinsic_value_of_the_average():
    marks = {SYMBOLS[mark.place]: mark for mark in chain().marks(moment(CLOSE, fixed=44_600_000))}
    call = marks["SPX_CALL_4400_20240315"]
    assert call == Mark(1, 600_000, 0, 0, 0, 0, 0)
    assert marks["SPX_PUT_4400_20240315"].value == 0
    assert marks["SPX_CALL_4500_20240322"].volatility == 200_000


def test_fixings_of_today_do_not_touch_later_expiries():
    plain, fixed = (
        {mark.place: mark for mark in chain().marks(moment(CLOSE - 95, fixed=price))} for price in (None, 40_000_000)
    )
    assert plain[5] == fixed[5]
    assert plain[3] != fixed[3]


def test_time_stands_still_between_sessions_and_before_the_opening():
    assert chain().marks(moment(-1_800)) == chain().marks(moment(0))
    night = [chain().marks(Moment(now=now, prices=PRICES))[5] for now in (CLOSE, CLOSE + 50_000, 86_400)]
    assert night[0] == night[1] == night[2]


def test_values_in_scenarios_go_over_moves_of_the_spot_then_of_the_volatility():
    rules = CashRules()
    told = {SYMBOLS[one.place]: one.values for one in chain().scenario_values(moment(0), rules)}
    assert list(told) == list(SYMBOLS)
    assert {len(row) for row in told.values()} == {15}
    lots = told["SPY"]
    assert lots[0:3] == (4_141_840,) * 3
    assert lots[6:9] == (4_502_000,) * 3
    for spot_move, row in zip(rules.spot_moves_ppm, range(5), strict=True):
        for volatility_move, column in zip(rules.volatility_moves_micro, range(3), strict=True):
            prices = {"SPX": PRICES["SPX"] * (1_000_000 + spot_move) // 1_000_000, "SPY": 1}
            there = chain(volatility=0.2 + volatility_move / 1e6).marks(moment(0, prices=prices))
            for mark in there[1:]:
                assert told[SYMBOLS[mark.place]][3 * row + column] == pytest.approx(mark.value, abs=1)


def test_volatility_in_scenarios_does_not_fall_under_its_least():
    low, least = (
        chain(volatility=volatility).scenario_values(moment(0), CashRules(volatility_moves_micro=(moved,)))
        for volatility, moved in ((0.12, -100_000), (0.05, 0))
    )
    assert low == least


def test_past_fixings_do_not_move_with_the_spot_of_a_scenario():
    told = chain().scenario_values(moment(CLOSE, fixed=44_600_000), CashRules())
    assert set(told[1].values) == {600_000}


def test_a_chain_without_options_has_marks_too():
    spot = PricedChain([(4, instrument("SPY"))], SessionTime(()), GameRules(), Parameters(), FlatSurface(0.2))
    at = Moment(now=0, prices={"SPY": 4_502_000})
    assert spot.marks(at) == (Mark(4, 4_502_000, 0, 1_000_000, 0, 0, 0),)
    assert [one.place for one in spot.scenario_values(at, CashRules())] == [4]
