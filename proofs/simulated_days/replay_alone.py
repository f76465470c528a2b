"""`python -m proofs.simulated_days.replay_alone DIR`: replay a data directory in a process that has no random numbers.

Prints the state's hash.
"""

import sys
from pathlib import Path
from typing import Final

BARRED: Final = ("numpy", "scipy", "random", "secrets")

if __name__ == "__main__":
    for module in BARRED:
        sys.modules[module] = None  # type: ignore[assignment]  # importing it is an error from here on
    from openoutcry.runtime.recovery.rerun import rerun

    print(rerun(Path(sys.argv[1])).state_hash)
