"""What an isolated bot's code must not do: it is told so by an exception where it tries.

This keeps out accidents and shortcuts. It is no wall against an author who means harm.
"""

import errno
import os
import sys
import threading
from collections.abc import Iterable
from typing import Any, Final

_PROCESSES: Final = "start a process"
_THREADS: Final = "start a thread"
_FILES: Final = "change a file"
_OTHERS: Final = "read files of the match, or of another bot"
_NETWORK: Final = "use the network"
_SIGNALS: Final = "signal a process"

_WHAT_OF: Final = {
    "os.exec": _PROCESSES,
    "os.fork": _PROCESSES,
    "os.forkpty": _PROCESSES,
    "os.posix_spawn": _PROCESSES,
    "os.spawn": _PROCESSES,
    "os.startfile": _PROCESSES,
    "os.system": _PROCESSES,
    "pty.spawn": _PROCESSES,
    "subprocess.Popen": _PROCESSES,
    "_thread.start_new_thread": _THREADS,
    "_thread.start_joinable_thread": _THREADS,
    "os.chmod": _FILES,
    "os.chown": _FILES,
    "os.link": _FILES,
    "os.mkdir": _FILES,
    "os.remove": _FILES,
    "os.rename": _FILES,
    "os.rmdir": _FILES,
    "os.symlink": _FILES,
    "os.truncate": _FILES,
    "os.utime": _FILES,
    "socket.__new__": _NETWORK,
    "socket.getaddrinfo": _NETWORK,
    "socket.gethostbyname": _NETWORK,
    "os.kill": _SIGNALS,
    "os.killpg": _SIGNALS,
    "signal.pthread_kill": _SIGNALS,
}
"""By audit event of Python."""

_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotAllowed(PermissionError):  # noqa: N818 - named for what it means
    """An isolated bot has tried what it may not do."""

    def __init__(self, what: str, about: str = "") -> None:
        super().__init__(errno.EPERM, f"an isolated bot may not {what}{about}")

    def __str__(self) -> str:
        return str(self.strerror)


def forbid(hidden: Iterable[str] = ()) -> None:
    """From now on. There is no way back. `hidden`: files and folders that are not to be read, as real paths."""
    folders = tuple(os.path.join(path, "") for path in hidden)  # noqa: PTH118 - as text, for startswith

    def judge(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if not isinstance(path, int):
                _judge_file(path, flags, folders)
            return
        what = _WHAT_OF.get(event)
        if what is not None:
            raise NotAllowed(what)

    sys.addaudithook(judge)
    setattr(threading.Thread, "start", _no_thread)  # noqa: B010 - not every Python tells hooks of threads


def _no_thread(_thread: threading.Thread) -> None:
    raise NotAllowed(_THREADS)


def _judge_file(path: str | bytes | os.PathLike[str], flags: int, hidden: tuple[str, ...]) -> None:
    """`hidden`: with a separator at their ends."""
    name = os.fsdecode(path)
    if flags & _WRITES and name != os.devnull:
        raise NotAllowed(_FILES, f": {name}")
    if hidden and os.path.join(os.path.realpath(name), "").startswith(hidden):  # noqa: PTH118 - as text
        raise NotAllowed(_OTHERS, f": {name}")
