"""Symbols name instruments, and no other text is accepted as one."""

import pytest

from openoutcry.domain.instruments import OptionTerms, SymbolError, option_symbol, parse_symbol


@pytest.mark.parametrize("symbol", ["SPX", "SPY", "A", "S2", "ABCDEFGHIJKLMNOP"])
def test_a_word_of_capitals_and_digits_names_a_spot_instrument(symbol):
    assert parse_symbol(symbol) == (symbol, None)


@pytest.mark.parametrize(
    ("symbol", "terms"),
    [
        ("SPX_CALL_4500_20240315", OptionTerms("call", 45_000_000, "20240315")),
        ("SPX_PUT_4500_20240315", OptionTerms("put", 45_000_000, "20240315")),
        ("SPY_CALL_447.5_20240119", OptionTerms("call", 4_475_000, "20240119")),
        ("SPY_PUT_447.0625_20240229", OptionTerms("put", 4_470_625, "20240229")),
        ("X_PUT_1_20231231", OptionTerms("put", 10_000, "20231231")),
    ],
)
def test_an_option_symbol_tells_underlying_type_strike_and_expiry(symbol, terms):
    assert parse_symbol(symbol) == (symbol.split("_")[0], terms)
    assert option_symbol(symbol.split("_")[0], terms) == symbol


@pytest.mark.parametrize(
    "symbol",
    [
        "",
        "spy",
        "4SPX",
        "SPX ",
        "SPX\n",
        "ABCDEFGHIJKLMNOPQ",
        "SPX_CALL_4500",
        "SPX_call_4500_20240315",
        "SPX_STRADDLE_4500_20240315",
        "SPX_CALL_0_20240315",
        "SPX_CALL_-4500_20240315",
        "SPX_CALL_04500_20240315",
        "SPX_CALL_4500.0_20240315",
        "SPX_CALL_4500.50_20240315",
        "SPX_CALL_4500._20240315",
        "SPX_CALL_1.00001_20240315",
        "SPX_CALL_12345678_20240315",
        "SPX_CALL_4500_240315",
        "SPX_CALL_4500_20240315_",
        "SPX_CALL_٤٥٠٠_20240315",
    ],
)
def test_anything_else_is_refused_with_an_example_of_what_would_do(symbol):
    with pytest.raises(SymbolError, match="SPX_CALL_4500_20240315"):
        parse_symbol(symbol)


@pytest.mark.parametrize("date", ["20240230", "20241301", "20230229", "00000101", "20240100"])
def test_an_expiry_that_is_no_day_of_the_calendar_is_refused_by_name(date):
    with pytest.raises(SymbolError, match=f"expiry '{date}' is not a date"):
        parse_symbol(f"SPX_CALL_4500_{date}")
