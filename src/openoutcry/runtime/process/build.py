"""Which build of the core is at work: its sources, or the extension modules that `make compiled` made of them."""

from typing import Final, Literal

from openoutcry.venue import venue

CORE: Final[Literal["compiled", "interpreted"]] = (
    "interpreted" if venue.__file__.endswith((".py", ".pyc")) else "compiled"
)
"""All of the modules that are compiled, or none of them: they go into a wheel together."""
