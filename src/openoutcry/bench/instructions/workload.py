"""`python -m openoutcry.bench.instructions.workload PART COMMANDS` runs under valgrind, and prints what it has run."""

import sys
from importlib import import_module
from typing import Final

PARTS: Final = {"venue": f"{__package__}.venue", "lane": f"{__package__}.order_lane"}
"""Modules by name. Only the requested one is imported, because imports are slow under valgrind."""


def main(part: str, commands: int) -> None:
    for name in import_module(PARTS[part]).count_each_kind(commands):
        print(name)  # noqa: T201 - the parent process reads it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
