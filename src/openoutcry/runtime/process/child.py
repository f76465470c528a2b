"""A module run as a process that ends with its parent: `python -m openoutcry.runtime.process.child MODULE ARGUMENTS`.

Standard input is a pipe from the parent. However that ends, the pipe ends with it, and then this process has SIGTERM.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    threading.Thread(target=_end_with_input, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
