"""An exchange without pricing does not pay for it: numpy is imported by nothing that every start imports."""

import subprocess
import sys

import pytest
from day_stage import scenario_of_a_day
from gateway_stage import start_exchange

HEAVY = ("numpy", "scipy")


@pytest.mark.parametrize(
    "module", ["openoutcry.bootstrap.server", "openoutcry.bootstrap.in_memory", "openoutcry.cli", "openoutcry.client"]
)
def test_numpy_is_not_imported_with(module):
    script = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (found.stdout.strip(), found.stderr) == ("[]", "")


PROJECTIONS = """
import sys
from openoutcry.bootstrap.projections import projections_of
from openoutcry.scenarios.loader import load_scenario

names = [each.name for each in projections_of(load_scenario(sys.argv[1]))]
print("scores" in names, "numpy" in sys.modules)
"""


@pytest.mark.parametrize(("scenario", "found"), [("seed", "False False"), ("intern", "True True")])
def test_only_a_scenario_that_is_scored_has_the_projection_that_imports_it(scenario, found):
    command = [sys.executable, "-c", PROJECTIONS, scenario]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (told.stdout.strip(), told.stderr) == (found, "")


REPLAY = """
import sys

class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"numpy", "scipy"}:
            raise ImportError(name)

sys.meta_path.insert(0, Refuses())
from openoutcry.cli import main
sys.argv = ["openoutcry", "replay", sys.argv[1]]
main()
"""


@pytest.fixture
async def priced(tmp_path):
    """A data directory with three market seconds of marks, and the hash of the state that they led to."""
    exchange = start_exchange(tmp_path / "data", scenario_of_a_day(tmp_path, more="[pricing]\n[bands]\n"))
    exchange.driver.start_session()
    exchange.driver.stop()
    for _ in range(3):
        assert exchange.driver.tick()
    state_hash = exchange.sequencer.state_hash()
    exchange.close()
    return tmp_path / "data", state_hash


def test_a_replay_of_priced_sessions_needs_no_pricing(priced):
    """Marks are in the journal; so a machine without numpy comes to the same state."""
    directory, state_hash = priced
    command = [sys.executable, "-c", REPLAY, str(directory)]
    replayed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert state_hash in replayed.stdout, replayed.stderr
