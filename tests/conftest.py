"""Settings of the whole suite."""

import os

import conserved_money
import pytest
from hypothesis import HealthCheck, Phase, settings

from openoutcry.runtime.process.build import CORE

# Chance is the same in every run, so that a failure is of the change at hand; no test fails for being slow.
# `make fuzz` sets OPENOUTCRY_FUZZ and takes fresh chances, as many as it says.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize="OPENOUTCRY_FUZZ" not in os.environ,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
settings.load_profile("suite")

if CORE == "interpreted":
    conserved_money.check_every_venue()


@pytest.fixture(autouse=True)
def money_is_conserved(request):
    """Not where money is made on purpose, or the machine is measured."""
    if any(request.node.get_closest_marker(name) for name in ("makes_money", "alone")):
        with conserved_money.unchecked():
            yield
    else:
        yield
        conserved_money.look_back()


def pytest_collection_modifyitems(items):
    if CORE == "compiled":
        for item in items:
            if item.get_closest_marker("interpreted") is not None:
                item.add_marker(pytest.mark.skip(reason="what is compiled has bound what this test replaces"))
