"""The operating system's files, on a disk that can be told to fail."""

import errno
import os
import threading
from collections import deque

from openoutcry.journal.files import SystemFiles


class FaultyDisk(SystemFiles):
    """`coming_writes` says what becomes of the next ones: an int, so many bytes are taken; an error, it is raised."""

    def __init__(self):
        self.coming_writes = deque()
        self.truncate_error = None
        self.sync_error = None
        self.rename_error = None
        self.remove_error = None
        self.syncs = 0
        self.may_sync = threading.Event()
        self.may_sync.set()
        self.sync_started = threading.Event()

    def write(self, descriptor, data):
        fault = self.coming_writes.popleft() if self.coming_writes else None
        if isinstance(fault, OSError):
            raise fault
        return os.write(descriptor, data if fault is None else data[:fault])

    def truncate(self, descriptor, size):
        if self.truncate_error is not None:
            raise self.truncate_error
        os.ftruncate(descriptor, size)

    def synchronize(self, descriptor):
        self.sync_started.set()
        assert self.may_sync.wait(30), "nobody let this disk sync"
        if self.sync_error is not None:
            raise self.sync_error
        self.syncs += 1

    def rename(self, path, name):
        if self.rename_error is not None:
            raise self.rename_error
        super().rename(path, name)

    def remove(self, path):
        if self.remove_error is not None:
            raise self.remove_error
        super().remove(path)


def disk_full():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def disk_broken():
    return OSError(errno.EIO, os.strerror(errno.EIO))
