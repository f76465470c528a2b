"""Examples in the documents, fitted to the exchange that serves them."""

from typing import Final

from openoutcry.clearing.exposure import position_limit
from openoutcry.protocol.requests import EXAMPLE_SYMBOL
from openoutcry.scenarios.model import Scenario

EXAMPLE_QUANTITY: Final = 10
"""Contracts of the first example of an order."""


def for_scenario(document: bytes, scenario: Scenario) -> bytes:
    """An encoded document whose examples can be sent as they are: with an instrument that is traded here."""
    return document.replace(EXAMPLE_SYMBOL.encode(), _example_instrument(scenario).encode())


def _example_instrument(scenario: Scenario) -> str:
    """The first instrument whose position limit in the default role is at least the quantity of the examples.

    Where the file lists none, because a session lists its own, the symbol stays that of all examples.
    """
    rules = scenario.rulebook.roles[scenario.registration.default_role]
    for instrument in scenario.instruments:
        if position_limit(rules, instrument) >= EXAMPLE_QUANTITY:
            return instrument.instrument_id
    return scenario.instruments[0].instrument_id if scenario.instruments else EXAMPLE_SYMBOL
