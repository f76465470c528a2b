"""The market of the soak."""

from pathlib import Path
from typing import Final

SCENARIO: Final = str(Path(__file__).with_name("scenario.toml"))
