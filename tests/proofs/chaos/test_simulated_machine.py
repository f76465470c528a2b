"""The simulated machine of chaos: time, processes, disk."""

import asyncio
from random import Random

import pytest

from proofs.chaos.machine.disk import SimulatedDisk
from proofs.chaos.machine.files import ProcessFiles
from proofs.chaos.machine.loop import NothingLeftToHappen, VirtualLoop
from proofs.chaos.machine.process import Process, ProcessKilled, owned_tasks


@pytest.fixture
def loop():
    loop = VirtualLoop()
    loop.set_task_factory(owned_tasks)
    yield loop
    loop.close()


@pytest.fixture
def disk():
    return SimulatedDisk(Random(1), lambda: 1.0)


@pytest.fixture
def process(loop):
    return Process("exchange", loop)


@pytest.fixture
def files(disk, process):
    return ProcessFiles(disk, process)


def write(files, path, *contents, sync=False):
    descriptor = files.open_to_append(path)
    for content in contents:
        files.write(descriptor, content)
    if sync:
        files.synchronize(descriptor)
        files.synchronize_path(path.parent)
    files.close(descriptor)


# ---- time and processes --------------------------------------------------------------------------------------------


def test_an_hour_passes_in_no_time(loop):
    async def wait():
        await asyncio.sleep(3_600)
        return loop.time()

    assert loop.run_until_complete(wait()) == pytest.approx(3_600, abs=0.01)


def test_a_wait_for_what_cannot_happen_raises(loop):
    with pytest.raises(NothingLeftToHappen):
        loop.run_until_complete(loop.create_future())


def test_nothing_of_a_dead_process_happens(loop, process):
    done = []

    async def work():
        await asyncio.create_task(asyncio.sleep(1))
        done.append("task")

    process.spawn(work())
    process.call_later(1, lambda: done.append("timer"))
    process.call_soon(lambda: done.append("soon"))
    loop.run_until_complete(asyncio.sleep(0.5))
    process.kill()
    loop.run_until_complete(asyncio.sleep(2))

    assert done == ["soon"]


def test_a_process_can_be_interrupted_between_any_two_steps(loop, process):
    steps = []

    async def work():
        for step in range(100):
            steps.append(step)
            await asyncio.sleep(0)

    process.spawn(work())
    loop.interrupt_after(10, process.kill)
    loop.run_until_complete(asyncio.sleep(1))

    assert 0 < len(steps) < 100


# ---- disk ----------------------------------------------------------------------------------------------------------


def test_what_was_synced_survives_the_loss_of_power(tmp_path, disk, files):
    path = tmp_path / "file"
    write(files, path, b"kept", sync=True)
    write(files, path, b" lost, or not, or in part")

    assert path.read_bytes() == b"kept lost, or not, or in part"
    disk.lose_power()

    assert path.read_bytes().startswith(b"kept")


def test_everything_can_become_of_what_was_not_synced(tmp_path, process):
    outcomes = set()
    for seed in range(200):
        disk = SimulatedDisk(Random(seed), lambda: 1.0)
        path = tmp_path / str(seed)
        write(ProcessFiles(disk, process), path, b"abc", sync=True)
        write(ProcessFiles(disk, process), path, b"def", b"ghi")
        disk.lose_power()
        outcomes.add(path.read_bytes())

    assert {b"abc", b"abcd", b"abcdef", b"abcdefghi"} <= outcomes
    assert any(b"\0" in outcome for outcome in outcomes)
    assert all(outcome.startswith(b"abc") for outcome in outcomes)


def test_a_name_that_was_not_synced_may_vanish(tmp_path, process):
    left = 0
    for seed in range(50):
        disk = SimulatedDisk(Random(seed), lambda: 1.0)
        write(ProcessFiles(disk, process), tmp_path / str(seed), b"abc")
        disk.lose_power()
        left += (tmp_path / str(seed)).exists()

    assert 0 < left < 50


@pytest.mark.parametrize(
    ("is_synced", "survivors"), [(False, {"first", "second", "third", None}), (True, {"first", "second", "third"})]
)
def test_of_names_that_were_not_synced_any_may_survive(tmp_path, process, is_synced, survivors):
    left = set()
    for seed in range(50):
        disk = SimulatedDisk(Random(seed), lambda: 1.0)
        files = ProcessFiles(disk, process)
        folder = tmp_path / str(seed)
        folder.mkdir()
        write(files, folder / "first", b"abc", sync=is_synced)
        files.rename(folder / "first", folder / "second")
        files.rename(folder / "second", folder / "third")
        disk.lose_power()
        names = [path.name for path in folder.iterdir()]
        assert len(names) <= 1
        left.add(names[0] if names else None)
        assert not is_synced or (folder / names[0]).read_bytes() == b"abc"

    assert left == survivors


def test_a_name_that_was_synced_survives(tmp_path, disk, files):
    descriptor = files.create(tmp_path / "first")
    files.rename(tmp_path / "first", tmp_path / "second")
    files.write(descriptor, b"abc")
    files.synchronize(descriptor)
    files.synchronize_path(tmp_path)
    files.close(descriptor)
    disk.lose_power()

    assert [path.name for path in tmp_path.iterdir()] == ["second"]
    assert (tmp_path / "second").read_bytes() == b"abc"


def test_what_a_failed_sync_was_for_never_reaches_the_disk(tmp_path, disk, files):
    path = tmp_path / "file"
    write(files, path, b"first", sync=True)
    write(files, path, b"second")
    disk.trouble.refuses_to_sync = True
    with pytest.raises(OSError, match="Input/output error"):
        files.synchronize_path(path)
    disk.mend()
    write(files, path, b"third", sync=True)

    assert path.read_bytes() == b"firstsecondthird"
    disk.lose_power()

    assert path.read_bytes() == b"first" + bytes(6) + b"third"


def test_a_file_that_is_written_anew_is_on_the_disk_whatever_failed_before(tmp_path, disk, files):
    path = tmp_path / "file"
    write(files, path, b"first", sync=True)
    write(files, path, b"second")
    disk.trouble.refuses_to_sync = True
    with pytest.raises(OSError, match="Input/output error"):
        files.synchronize_path(path)
    disk.mend()

    files.write_anew(path)
    disk.lose_power()

    assert path.read_bytes() == b"firstsecond"


def test_a_full_disk_takes_nothing_or_a_part(tmp_path, disk, files):
    disk.chance.seed(3)
    write(files, tmp_path / "file", b"", sync=True)
    disk.trouble.is_full = True
    descriptor = files.open_to_append(tmp_path / "file")
    taken = []
    for _ in range(20):
        try:
            taken.append(files.write(descriptor, b"0123456789"))
        except OSError:
            taken.append(0)
    files.close(descriptor)

    assert min(taken) == 0
    assert 0 < max(taken) < 10
    with pytest.raises(OSError, match="No space left"):
        files.create(tmp_path / "other")


def test_a_process_that_dies_in_a_write_leaves_a_part_of_it_and_writes_no_more(tmp_path, disk, process, files):
    path = tmp_path / "file"
    descriptor = files.create(path)
    files.die_after(1, process.kill)
    files.write(descriptor, b"whole")
    with pytest.raises(ProcessKilled):
        files.write(descriptor, b"0123456789")

    left = path.read_bytes()
    assert b"whole0123456789".startswith(left)
    with pytest.raises(OSError, match="is dead"):
        files.write(descriptor, b"more")
    files.close(descriptor)
    assert path.read_bytes() == left
