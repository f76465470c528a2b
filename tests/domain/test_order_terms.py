"""The rules of commands as values, on which the core relies."""

from openoutcry.domain.commands import Price, SubmitOrder, terms_of


def test_the_terms_of_an_order_are_its_fields_in_their_order():
    order = SubmitOrder(1, "SPY", "buy", 5, Price(100), "ioc", True, "mine")
    assert terms_of(order) == tuple(getattr(order, name) for name in SubmitOrder.__struct_fields__)
    assert terms_of(order) == (1, "SPY", "buy", 5, Price(100), "ioc", True, "mine")
