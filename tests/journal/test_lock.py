"""One server per directory."""

import os
import subprocess
import sys

import pytest

from openoutcry.journal.lock import DirectoryInUse, DirectoryLock, holder_of

HOLDER = """
import sys
from pathlib import Path
from openoutcry.journal.lock import DirectoryLock
DirectoryLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_server_is_refused_and_told_which_has_it(tmp_path):
    lock = DirectoryLock(tmp_path / "lock")

    with pytest.raises(DirectoryInUse, match=rf"{tmp_path} is in use by another server \(process {os.getpid()}\)"):
        DirectoryLock(tmp_path / "lock")
    lock.release()
    DirectoryLock(tmp_path / "lock").release()


def test_a_killed_server_holds_no_lock(tmp_path):
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(DirectoryInUse, match=rf"process {holder.pid}\)"):
            DirectoryLock(path)
        holder.kill()

    DirectoryLock(path).release()


def test_who_holds_it_can_be_asked_without_taking_it(tmp_path):
    assert holder_of(tmp_path / "lock") is None
    lock = DirectoryLock(tmp_path / "lock")
    assert holder_of(tmp_path / "lock") == str(os.getpid())
    lock.release()
    assert holder_of(tmp_path / "lock") is None
    DirectoryLock(tmp_path / "lock").release()
