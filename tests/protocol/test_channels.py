"""Channel names."""

import pytest

from openoutcry.protocol.channels import ChannelName, parse_channel


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("market", ChannelName("market")),
        ("book:*", ChannelName("book")),
        ("top:SPY", ChannelName("top", "SPY")),
        ("auction:*", ChannelName("auction")),
        ("trades:SPX_CALL_4500_20240315", ChannelName("trades", "SPX_CALL_4500_20240315")),
    ],
)
def test_a_channel_is_a_kind_and_an_instrument_or_all(text, channel):
    assert parse_channel(text) == channel


@pytest.mark.parametrize(
    "text", ["", "book", "book:", "*", "market:*", "market:SPY", "quotes:SPY", "BOOK:SPY", " top:SPY"]
)
def test_anything_else_names_no_channel(text):
    assert parse_channel(text) is None
