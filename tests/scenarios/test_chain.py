"""The option chain of a session: the default game's 84 options, and what holds for every spot, date and calendar."""

import datetime as dt
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain.instruments import parse_symbol
from openoutcry.domain.types import MONEY_UNITS, Money
from openoutcry.scenarios.calendar import calendar_of, trading_day_on_or_after
from openoutcry.scenarios.chain import ChainTemplate, ExpiryTemplate, chain_of, strike_near

GAME = ChainTemplate()
NEW_YORK = calendar_of("XNYS")
SPOT = Money(4500 * MONEY_UNITS)
STEP = GAME.strike_step


def chain(date, spot=SPOT, calendar=NEW_YORK):
    return chain_of(GAME, dt.date.fromisoformat(date), spot, calendar)


def strikes(instruments, underlying, expiry):
    return [
        instrument.option.strike / MONEY_UNITS
        for instrument in instruments
        if instrument.underlying == underlying
        and instrument.option
        and instrument.option.expiry == expiry
        and instrument.option.option_type == "call"
    ]


def test_the_games_chain_is_spy_and_84_options():
    instruments = chain("2024-03-14")
    assert instruments[0].instrument_id == "SPY"
    assert instruments[0].kind == "spot"
    assert len(instruments) == 1 + 84
    assert len({instrument.instrument_id for instrument in instruments}) == len(instruments)
    assert {(instrument.tick_size, instrument.multiplier) for instrument in instruments} == {(100, 100)}


def test_strikes_are_percentages_of_the_spot_rounded_half_up_to_ten():
    instruments = chain("2024-03-14")
    assert strikes(instruments, "SPX", "20240314") == [4390, 4430, 4470, 4500, 4530, 4570, 4610]
    assert strikes(instruments, "SPX", "20240321") == [4160, 4280, 4390, 4500, 4610, 4730, 4840]
    assert strikes(instruments, "SPY", "20240314") == [439, 443, 447, 450, 453, 457, 461]


def test_an_expiry_on_good_friday_is_on_the_thursday_before():
    expiries = {instrument.option.expiry for instrument in chain("2024-03-22") if instrument.option}
    assert expiries == {"20240322", "20240328", "20240405"}


def test_the_order_of_listing_is_underlying_expiry_strike_and_call_before_put():
    symbols = [instrument.instrument_id for instrument in chain("2024-03-14")]
    assert symbols[:4] == ["SPY", "SPX_CALL_4390_20240314", "SPX_PUT_4390_20240314", "SPX_CALL_4430_20240314"]
    assert symbols[14:16] == ["SPX_PUT_4610_20240314", "SPX_CALL_4160_20240321"]
    assert symbols[43:45] == ["SPY_CALL_439_20240314", "SPY_PUT_439_20240314"]


def test_strikes_of_the_tracker_may_have_decimals():
    template = ChainTemplate(strike_step=Money(5 * MONEY_UNITS), expiries=(ExpiryTemplate(days=0, strikes_bp=(10,)),))
    instruments = chain_of(template, dt.date(2024, 3, 14), SPOT, NEW_YORK)
    assert [instrument.instrument_id for instrument in instruments[1::2]] == [
        "SPX_CALL_4505_20240314",
        "SPY_CALL_450.5_20240314",
    ]


def test_strikes_and_expiries_that_meet_are_listed_once():
    template = ChainTemplate(
        expiries=(ExpiryTemplate(days=1, strikes_bp=(0, 1, 500)), ExpiryTemplate(days=2, strikes_bp=(500, -500)))
    )
    instruments = chain_of(template, dt.date(2024, 3, 28), SPOT, NEW_YORK)  # both move back to the 28th
    assert strikes(instruments, "SPX", "20240328") == [4280, 4500, 4730]
    assert len(instruments) == 1 + 2 * 2 * 3


@given(st.integers(1, 10**6 * MONEY_UNITS), st.integers(-9_999, 20_000))
def test_a_strike_is_the_nearest_step_and_the_upper_one_at_half(spot, distance):
    strike = strike_near(Money(spot), distance, STEP)
    exact = Fraction(spot * (10_000 + distance), 10_000)
    assert strike % STEP == 0
    assert strike > 0
    if strike > STEP:
        assert Fraction(-STEP, 2) <= exact - strike < Fraction(STEP, 2)
    else:
        assert exact < Fraction(3 * STEP, 2)


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)),
    st.integers(1, 500_000 * MONEY_UNITS),
    st.sampled_from([NEW_YORK, calendar_of("none")]),
)
def test_every_chain_is_well_formed(date, spot, calendar):
    date = trading_day_on_or_after(calendar, date)
    instruments = chain_of(GAME, date, Money(spot), calendar)
    options = instruments[1:]
    assert instruments == chain_of(GAME, date, Money(spot), calendar)
    assert len({instrument.instrument_id for instrument in instruments}) == len(instruments)
    for instrument in options:
        assert parse_symbol(instrument.instrument_id) == (instrument.underlying, instrument.option)
        expiry = dt.datetime.strptime(instrument.option.expiry, "%Y%m%d").date()  # noqa: DTZ007
        assert date <= expiry <= date + dt.timedelta(days=14)
        assert calendar.is_trading_day(expiry)
    index, tracker = (
        [
            (each.option.strike * ratio, each.option.expiry, each.option.option_type)
            for each in options
            if each.underlying == symbol
        ]
        for symbol, ratio in (("SPX", 1), ("SPY", 10))
    )
    assert index == tracker
    if spot >= 2000 * MONEY_UNITS:
        assert len(options) == 84
