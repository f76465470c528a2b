"""A failed sync is final: no more commands are accepted, and the server ends with the cause and what to do."""

import os
import subprocess
import sys

import pytest
from durability_stage import turns, until
from faulty_disk import disk_broken
from gateway_stage import CALL, limit_order, start_api
from journals import Changes, go_on, read_all, record
from served_exchange import OPENOUTCRY, PATIENCE_SECONDS, ServedExchange

from openoutcry.journal.segment import list_provisional
from openoutcry.journal.writer import JournalUnavailable
from openoutcry.runtime.recovery.rerun import rerun

ON_A_DISK_THAT_BREAKS = (
    sys.executable,
    "-c",
    """
import errno, os
from pathlib import Path
from openoutcry.cli import main
from openoutcry.journal.files import SystemFiles

synchronize = SystemFiles.synchronize

def synchronize_or_break(descriptor):
    if Path(os.environ["BROKEN"]).exists():
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    synchronize(descriptor)

SystemFiles.synchronize = staticmethod(synchronize_or_break)
main()
""",
)

ORDER = limit_order("buy", 1, 90.0, client_order_id="mine")


@pytest.mark.parametrize("durability", ["os", "disk"])
async def test_nothing_more_is_accepted_and_the_operator_is_told_once(tmp_path, disk, open_on, durability):
    reasons = []
    exchange = open_on(tmp_path, durability=durability, on_disk_failure=reasons.append)
    api = start_api(exchange)
    alice = await api.team("alice")
    disk.sync_error = disk_broken()
    await alice.post("/orders", ORDER)
    await until(lambda: reasons)
    disk.sync_error = None

    for method, path in (("POST", "/orders"), ("DELETE", "/orders/ORD_67890")):
        refused = await alice.ask(method, path, ORDER if method == "POST" else None)
        assert refused.refusal == (503, "SERVICE_UNAVAILABLE")
        assert "the disk refused to keep what was written (Input/output error)" in refused.error["message"]
    health = await api.get("/health")
    assert (health.refusal, health.json["data"]["status"]) == ((503, "SERVICE_UNAVAILABLE"), "stopped")
    assert health.json["data"]["reason"] == reasons[0]
    await turns()
    assert len(reasons) == 1


@pytest.mark.parametrize("what_fails", ["sync_error", "rename_error"])
def test_a_change_of_segments_that_fails_on_the_disk_is_final(tmp_path, disk, what_fails):
    changes, sealed = Changes(), []
    writer = go_on(tmp_path, files=disk, on_change=changes, on_sealed=lambda: sealed.append(True), segment_bytes=1)
    setattr(disk, what_fails, disk_broken())
    writer.append(record(1))
    changes.until(lambda _synced, failure: failure is not None)
    setattr(disk, what_fails, None)

    for _ in range(2):
        with pytest.raises(JournalUnavailable, match=r"Input/output error.*restart the exchange"):
            writer.append(record(2))
    writer.close()

    assert (writer.synced_sequence, sealed) == (0, [])
    assert [path.name for _, path in list_provisional(tmp_path)] == ["00000002.provisional"]
    # The next server goes on after what the system still has.
    go_on(tmp_path).close()
    found, end = read_all(tmp_path)
    assert (found, end.epoch, list_provisional(tmp_path)) == ([record(1)], 2, [])


@pytest.mark.parametrize("durability", ["os", "disk"])
def test_serve_ends_with_what_happened_and_what_to_do_and_goes_on_after_a_restart(tmp_path, durability):
    broken = tmp_path / "broken"
    environment = {**os.environ, "BROKEN": str(broken)}
    data = tmp_path / "data"
    with ServedExchange(data, "--durability", durability, command=ON_A_DISK_THAT_BREAKS, env=environment) as served:
        alice = {"X-API-Key": served.ask("POST", "/teams", {"team_name": "alice"})[1]["data"]["api_key"]}
        while served.ask("GET", "/health")[1]["data"]["journal_lag_commands"]:
            pass
        broken.touch()
        status, answer = served.ask("POST", "/orders", ORDER, **alice)
        if durability == "os":
            assert status == 200
        else:
            assert (status, answer["error"]["code"]) == (504, "PROCESSING_TIMEOUT")
            assert "Input/output error" in answer["error"]["message"]
        assert served.process.wait(PATIENCE_SECONDS) == 1
        last_words = served.stderr.splitlines()[-1]
        assert "the disk refused to keep what was written (Input/output error)" in last_words
        assert "check it, then restart the exchange" in last_words
        assert "Traceback" not in served.stderr

    state_hash = rerun(data).state_hash
    broken.unlink()
    with ServedExchange(data, "--durability", durability) as served:
        found = served.ask("GET", "/orders/by-client-id/mine", **alice)[1]["data"]["order"]
        assert found["instrument_id"] == CALL
        assert served.ask("GET", "/health")[1]["data"]["epoch"] == 2
    assert state_hash != rerun(data).state_hash  # ids were skipped


@pytest.mark.parametrize("value", ["diskk", "", "OS"])
def test_another_durability_than_there_is_is_a_usage_error_that_names_those_there_are(tmp_path, value):
    result = subprocess.run(
        [*OPENOUTCRY, "serve", "--data", str(tmp_path / "data"), "--port", "0", "--durability", value],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert result.returncode == 2
    told = " ".join(result.stderr.replace("│", " ").split())
    assert f"Invalid value for '--durability': Value error, '{value}' is not one of 'os', 'disk'" in told
    assert not (tmp_path / "data").exists()
