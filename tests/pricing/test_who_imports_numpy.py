"""An exchange without pricing does not pay for it: numpy is imported by nothing that every start imports."""

import subprocess
import sys

import pytest

HEAVY = ("numpy", "scipy")


@pytest.mark.parametrize(
    "module", ["openoutcry.bootstrap.server", "openoutcry.bootstrap.in_memory", "openoutcry.cli", "openoutcry.client"]
)
def test_numpy_is_not_imported_with(module):
    script = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (found.stdout.strip(), found.stderr) == ("[]", "")
