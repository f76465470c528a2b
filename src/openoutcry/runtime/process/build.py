"""Which build of the core runs: its sources, or the extension modules that `make compiled` made from them."""

from typing import Final, Literal

from openoutcry.venue import venue

CORE: Final[Literal["compiled", "interpreted"]] = (
    "interpreted" if venue.__file__.endswith((".py", ".pyc")) else "compiled"
)
"""The build. All of its modules are compiled, or none, because they go into a wheel together."""
