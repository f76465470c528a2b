"""Disks that do what a test says, and waiting for what they let through."""

import asyncio
import os
import shutil

from faulty_disk import FaultyDisk, disk_full

from openoutcry.journal.files import SystemFiles

TURNS = 20
"""Turns of the loop in which whatever nothing holds back has happened."""


class Disk(FaultyDisk):
    """Can be held, so that nothing is synced; be full, in some folders; and tell what the loss of power would leave.

    A sync that failed leaves ghosts, as Linux does: the system shows what was written, and no later sync writes it.
    """

    def __init__(self):
        super().__init__()
        self.full_folders = set()
        self._paths = {}
        self._synced_sizes = {}
        self._unsynced_names = set()
        self._ghosts = set()

    def hold(self):
        self.may_sync.clear()

    def let_go(self):
        self.may_sync.set()

    def copy_after_power_loss(self, directory, copy, *, torn_bytes=0, keeps_events=True, keeps_names=False):
        """What stands in the data directory after the loss of power now.

        Of what the journal had not synced, `torn_bytes` have made it all the same; of the event logs, and of the names
        of segments, all or nothing.
        """
        shutil.copytree(directory, copy)
        if not keeps_events:
            shutil.rmtree(copy / "events")
        for survivor in (copy / "journal").iterdir():
            path = directory / survivor.relative_to(copy)
            if path in self._unsynced_names and not keeps_names:
                survivor.unlink()
            elif path in self._synced_sizes:
                os.truncate(survivor, min(self._synced_sizes[path] + torn_bytes, survivor.stat().st_size))
        return copy

    # ---- FileOperations --------------------------------------------------------------------------------------

    def create(self, path):
        self._refuse_if_full(path)
        return self._opened(path, super().create(path), is_new=True)

    def open_to_append(self, path):
        is_new = not path.exists()
        if is_new:
            self._refuse_if_full(path)
        return self._opened(path, super().open_to_append(path), is_new=is_new)

    def write(self, descriptor, data):
        self._refuse_if_full(self._paths[descriptor])
        return super().write(descriptor, data)

    def synchronize(self, descriptor):
        path = self._paths[descriptor]
        size = os.fstat(descriptor).st_size
        try:
            super().synchronize(descriptor)
        except OSError:
            self._ghosts.add(path)
            raise
        if path not in self._ghosts:
            self._synced_sizes[path] = size

    def synchronize_path(self, path):
        super().synchronize_path(path)
        if path.is_dir():
            self._unsynced_names = {each for each in self._unsynced_names if each.parent != path}
        elif path not in self._ghosts:
            self._synced_sizes[path] = path.stat().st_size

    def write_anew(self, path):
        SystemFiles.write_anew(self, path)
        self._ghosts.discard(path)
        self._synced_sizes[path] = path.stat().st_size

    def rename(self, path, name):
        super().rename(path, name)
        self._paths = {descriptor: name if opened == path else opened for descriptor, opened in self._paths.items()}
        self._synced_sizes[name] = self._synced_sizes.pop(path)
        self._unsynced_names.discard(path)
        self._unsynced_names.add(name)

    def _opened(self, path, descriptor, *, is_new):
        self._paths[descriptor] = path
        if is_new:
            self._synced_sizes[path] = 0
            self._unsynced_names.add(path)
        return descriptor

    def _refuse_if_full(self, path):
        if path.parent.name in self.full_folders:
            raise disk_full()


async def turns():
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


async def is_held(answer, exchange):
    """Whether the request got as far as its answer, and that does not come."""
    await until(lambda: exchange.coordinator.waiting or answer.done())
    await turns()
    return not answer.done()
