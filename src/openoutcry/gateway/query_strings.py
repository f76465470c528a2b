"""Names of query parameters: each known to its route, none given twice."""

import difflib
from collections.abc import Iterable
from urllib.parse import parse_qsl

from openoutcry.gateway.refusals import malformed


def check_query(query_string: bytes, known: Iterable[str]) -> None:
    """Raises `Refused` (400): a typo in `instrument_id` must not cancel everything."""
    if not query_string:
        return
    known = list(known)
    seen = set()
    for name, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
        if name not in known:
            raise malformed(name, f"There is no query parameter {name!r} here; {_hint(name, known)}", allowed=known)
        if name in seen:
            raise malformed(name, f"The query parameter {name!r} is given more than once; give it once")
        if value.lower() == "null":
            # Litestar would read it as if the parameter had been left out.
            raise malformed(name, f"The query parameter {name!r} has no null; leave it out")
        seen.add(name)


def _hint(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there are {', '.join(known)}" if known else "this route takes none"
