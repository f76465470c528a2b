"""Where unguessable bytes come from: keys, and the names of streams and failures."""

import secrets
from collections.abc import Callable
from typing import Final

Entropy = Callable[[int], bytes]
"""So many random bytes. A simulation gives a seeded source."""

SYSTEM_ENTROPY: Final[Entropy] = secrets.token_bytes
