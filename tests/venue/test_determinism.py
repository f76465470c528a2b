"""The same commands give the same bytes, in whatever process they run."""

import os
import subprocess
import sys

import pytest

from reference import busy_session


def fingerprint_elsewhere(seed: int, hash_seed: str) -> str:
    """The fingerprint as another process finds it, whose sets and dictionaries of text hash otherwise."""
    program = [sys.executable, busy_session.__file__, str(seed)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_processes_with_other_hash_seeds_tell_the_same_events_and_reach_the_same_state(seed):
    here = busy_session.fingerprint(seed)
    assert fingerprint_elsewhere(seed, "1") == fingerprint_elsewhere(seed, "2") == here
    assert int(here.split()[0]) > busy_session.STEPS, "a session in which little happens proves little"


def test_another_session_has_another_fingerprint():
    assert busy_session.fingerprint(1) != busy_session.fingerprint(5)
