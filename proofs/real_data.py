"""Where the real data is looked for, and the error if it is missing."""

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "OPENOUTCRY_DATA"
_REPOSITORY: Final = Path(__file__).resolve().parent.parent

AUCTION_EXAMPLES: Final = Path("auction/xetra_examples.csv")
MATCH_EVENTS: Final = Path("match/match_events.csv")
ORDER_FLOW: Final = Path("orderflow/two_instruments_one_hour.csv")
CONSENSUS: Final = Path("consensus")
"""The folder of the benchmark's workloads."""


class DataMissing(Exception):  # noqa: N818 - a state of the machine, named for what it means
    """The file is not on this machine; the text says where it was looked for and what to do."""


def real_data_folder() -> Path:
    """`$OPENOUTCRY_DATA`, else `../shared/data` beside the repository. It need not exist."""
    configured = os.environ.get(VARIABLE)
    return Path(configured) if configured else _REPOSITORY.parent / "shared" / "data"


def find_real_data(name: Path) -> Path:
    """The path of one of the files. Raises `DataMissing`."""
    path = real_data_folder() / name
    if not path.is_file():
        raise DataMissing(
            f"{path} is not there. The recorded order flow does not come with the repository: put the data folder"
            f" (with {name} in it) at ../shared/data beside the repository, or name it in ${VARIABLE}"
        )
    return path
