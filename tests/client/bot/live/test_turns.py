"""What may overtake what on a bot's way to the exchange."""

import pytest

from openoutcry.client.bot.line import Amend, Cancel, CancelAll, Protect, Quote, ResetProtection, Submit
from openoutcry.client.bot.live.turns import must_follow
from openoutcry.protocol.requests import AmendRequest, OrderRequest, ProtectionRequest, QuoteRequest, QuotesRequest


def buy(instrument_id: str = "SPY") -> Submit:
    return Submit(OrderRequest(instrument_id=instrument_id, side="buy", quantity=1, price=1.0))


def quote(instrument_id: str = "SPY") -> Quote:
    return Quote(QuotesRequest(quotes=[QuoteRequest(instrument_id=instrument_id)]))


def amend(order_id: str) -> Amend:
    return Amend(order_id, AmendRequest(quantity=1))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (CancelAll(), buy()),
        (CancelAll("SPY", "buy"), buy()),
        (CancelAll("SPX"), amend("1")),
        (CancelAll("SPY", "sell"), quote()),
        (CancelAll(), quote()),
        (amend("1"), amend("1")),
        (amend("1"), Cancel("1")),
        (quote(), quote()),
        (ResetProtection(), quote()),
        (quote(), Protect(ProtectionRequest())),
    ],
)
def test_these_keep_their_order(earlier, later):
    assert must_follow(later, earlier)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (buy(), buy()),
        (buy(), quote()),
        (buy(), CancelAll()),
        (quote(), CancelAll()),
        (CancelAll("SPX"), buy()),
        (CancelAll("SPY", "sell"), buy()),
        (CancelAll("SPX"), quote()),
        (quote(), quote("SPX")),
        (Cancel("1"), CancelAll()),
        (CancelAll(), CancelAll()),
        (amend("1"), Cancel("2")),
        (buy(), Cancel("1")),
    ],
)
def test_these_do_not_wait_for_each_other(earlier, later):
    assert not must_follow(later, earlier)
