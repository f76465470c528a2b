"""The process that makes snapshots lowers its priority below the server's before it does anything else."""

import json
import os
import subprocess
import sys

import pytest

STEPS_BACK = """
import json, os, sys
from openoutcry.bootstrap import snapshot_process
imported = sorted({name.partition(".")[0] for name in sys.modules} & {"msgspec", "structlog"})
snapshot_process.step_back()
print(json.dumps({"nice": os.nice(0), "policy": os.sched_getscheduler(0), "imported": imported}))
"""


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="this system has no idle class")
def test_it_steps_back_behind_everybody_before_it_imports_what_takes_long():
    told = subprocess.run([sys.executable, "-c", STEPS_BACK], capture_output=True, check=True, text=True, timeout=60)
    assert json.loads(told.stdout) == {"nice": 19, "policy": os.SCHED_IDLE, "imported": []}
