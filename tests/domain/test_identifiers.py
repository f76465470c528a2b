"""Ids as text: each has one spelling, and any other text names nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoutcry.domain import identifiers
from openoutcry.domain.identifiers import NO_ID

KINDS = {
    "ORD": (identifiers.format_order_id, identifiers.parse_order_id),
    "TRD": (identifiers.format_trade_id, identifiers.parse_trade_id),
    "TEAM": (identifiers.format_team_id, identifiers.parse_team_id),
}
kinds = pytest.mark.parametrize("prefix", KINDS)


@kinds
@given(number=st.integers(1, 10**18 - 1))
def test_an_id_reads_back_as_it_was_written(prefix, number):
    form, parse = KINDS[prefix]
    assert form(number) == f"{prefix}_{number}"
    assert parse(form(number)) == number


@kinds
@given(text=st.text() | st.from_regex(r"(ORD|TRD|TEAM|ord)_[0-9+\-_ .e]{0,20}", fullmatch=True))
def test_no_two_texts_name_the_same_thing(prefix, text):
    form, parse = KINDS[prefix]
    assert parse(text) == NO_ID or form(parse(text)) == text


@kinds
@pytest.mark.parametrize(
    "digits", ["", "0", "007", "-1", "+1", "1_0", " 1", "1 ", "1\n", "1.0", "1e3", "٣", "²", "9" * 19, "0" * 30, "NaN"]
)
def test_digits_that_are_no_plain_number_name_nothing(prefix, digits):
    assert KINDS[prefix][1](f"{prefix}_{digits}") == NO_ID


@kinds
@pytest.mark.parametrize("text", ["", "7", "_7", "ORD7", "ord_7", "XORD_7", "ORD_ORD_7", "TEAMS_7"])
def test_another_prefix_names_nothing(prefix, text):
    assert KINDS[prefix][1](text) == NO_ID
